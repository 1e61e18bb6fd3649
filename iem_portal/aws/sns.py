"""How does a text message leave? Amazon SNS, Publish to a phone number, from the portal's own account."""

from __future__ import annotations

from . import deadline
from .calling import call
from .targets import Target

# Shorter than the lease of a message allows (iem_portal.notifications.relay).
DEADLINE_S = 9.0


def send_text(
    target: Target, phone: str, text: str, *, sender: str = "", deadline_s: float = DEADLINE_S
) -> str:
    """Send a text message (`phone` in E.164) and give its message id. A write: sent once, never again by itself.

    Without an answer (timeout, transient) SNS may have sent it all the same. Raises AwsError.
    Source: SNS API, Publish; attributes AWS.SNS.SMS.SMSType and AWS.SNS.SMS.SenderID.
    """
    attributes = {"AWS.SNS.SMS.SMSType": _string("Transactional")}
    if sender:
        attributes["AWS.SNS.SMS.SenderID"] = _string(sender)

    def write() -> str:
        answer = call(
            target,
            "sns",
            "Publish",
            needs=("MessageId",),
            is_write=True,
            PhoneNumber=phone,
            Message=text,
            MessageAttributes=attributes,
        )
        return answer["MessageId"]

    return deadline.run_within(deadline_s, write)


def _string(value: str) -> dict[str, str]:
    return {"DataType": "String", "StringValue": value}
