"""The demo's escalations: one answered in time and over, one whose clock runs while the newcomer watches."""

from __future__ import annotations

from datetime import datetime, timedelta

from escalation import actions, engine, promises
from iem_portal.registry import demo_parts

MINUTE = timedelta(minutes=1)
# The critical promise is 15 minutes: 80 % is used some 80 s after the start, the breach comes 3 min later.
CASE_AGE = timedelta(minutes=10, seconds=40)


@demo_parts.register
class Escalations:
    """Plays both through the same verbs that people use, at the times they happened."""

    key = "escalations"
    order = 60

    def seed(self, world, now: datetime) -> None:
        """Needs `world.engagement` and the people tam, customer and warroom."""
        promises.restore_shipped()
        self._direct_connect(world, world.engagement.starts_at)
        self._replication(world, now)

    def _direct_connect(self, world, t0: datetime) -> None:
        tam, support = world.people["tam"], world.people["warroom"]
        began = t0 - 60 * MINUTE
        escalation = actions.open_escalation(
            engagement=world.engagement,
            title="Packet loss on Direct Connect",
            symptom="One of two connections in Seoul loses packets. Copying to AWS is slower than planned.",
            severity="urgent",
            severity_reason="Half of the path to AWS is gone, three hours before the last copy.",
            lane="technical",
            detected_at=began,
            by=tam,
            now=began + 2 * MINUTE,
            signal={
                "type": "health",
                "id": "AWS_DIRECTCONNECT_OPERATIONAL_ISSUE",
                "label": "Direct Connect, ap-northeast-2",
            },
        )
        opened = began + 4 * MINUTE
        actions.case_opened(escalation=escalation, case_id="7741 4096", by=tam, now=opened)
        engine.run_due(opened + 30 * MINUTE)
        actions.answered(escalation=escalation, how="call", by=support, now=opened + 38 * MINUTE)
        self._say(
            escalation, support, opened + 41 * MINUTE, "phone", "Traffic is moved to the second connection."
        )
        actions.restored(escalation=escalation, by=support, now=t0 + 2 * MINUTE)
        actions.resolved(
            escalation=escalation,
            resolution="AWS replaced a faulty optic at the Seoul location; both connections carry traffic again.",
            by=tam,
            now=t0 + 30 * MINUTE,
        )

    def _replication(self, world, now: datetime) -> None:
        tam, customer = world.people["tam"], world.people["customer"]
        opened = now - CASE_AGE
        escalation = actions.open_escalation(
            engagement=world.engagement,
            title="Replication stalled on ENROL-DB",
            symptom="The lag of the enrolment database grows by the second. It must be zero before the switch.",
            severity="critical",
            severity_reason="Enrolment and payments stay closed for 205,000 students until it is solved.",
            lane="technical",
            detected_at=opened - 2 * MINUTE,
            by=customer,
            now=opened - MINUTE,
            signal={"type": "alarm", "id": "enrol-db-replication-lag", "label": "enrol-db-replication-lag"},
        )
        actions.case_opened(escalation=escalation, case_id="7741 5120", by=tam, now=opened)
        engine.run_due(opened + timedelta(minutes=7, seconds=30))
        self._say(
            escalation, tam, opened + 4 * MINUTE, "phone", "Asked the desk for an engineer who knows DMS."
        )
        self._say(
            escalation,
            customer,
            opened + 8 * MINUTE,
            "bridge",
            "The task log shows large rows. No restart yet.",
        )

    def _say(self, escalation, by, at: datetime, channel: str, text: str) -> None:
        actions.add_communication(
            escalation=escalation, text=text, audience="all", by=by, now=at, channel=channel
        )
