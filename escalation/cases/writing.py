"""What people ask of AWS Support: written down here, sent by a worker, once (`sending`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from engagements.access import Permission, check
from escalation.actions._base import lock, require_open, require_text, say
from escalation.cases import consent, draft, words
from escalation.cases import files as attached
from escalation.models import CaseWrite, Escalation, Lane, SupportCase
from iem_portal.aws.support_writes import LONGEST_BODY, NewCase

Kind = CaseWrite.Kind


@transaction.atomic
def open_case(
    *,
    escalation: Escalation,
    account_id: str,
    subject: str,
    body: str,
    service: str,
    category: str,
    severity: str,
    language: str,
    by,
    now: datetime,
    files: Iterable[str] = (),
    base_version: int | None = None,
) -> CaseWrite:
    """Write down that a case is to be opened in this account; a worker sends it within seconds.

    The subject gets a mark of its own, by which a case whose answer was lost is found again. Codes are AWS's.
    `files` names up to three of the event's attachments (`files.offered`). Raises ValidationError by field
    (account_id, subject, body, files, and without field when the switch or the consent
    is missing or one is being opened already), StaleWrite, PermissionDenied.
    """
    escalation = lock(escalation, base_version)
    check(by, escalation.engagement, Permission.ESCALATE)
    require_open(escalation)
    _require_account(escalation, account_id)
    _require_leave(escalation)
    title = require_text("subject", subject, _("Give the case a subject."))
    case = new_case(escalation, title, _body(body, "body"), service, category, severity, language)
    request = case.request()
    del request["subject"], request["communicationBody"]
    fields = {"account_id": account_id, "subject": draft.marked(title, escalation), "body": case.body}
    fields["files"] = attached.chosen(escalation, files)
    made = _record(escalation, Kind.OPEN, request=request, by=by, now=now, **fields)
    say(escalation, "case_asked", by=by, now=now, params={"account": account_id}, text=made.subject)
    return made


def new_case(
    escalation: Escalation, subject: str, body: str, service: str, category: str, severity: str, language: str
) -> NewCase:
    """The case as AWS would get it; the lane says what kind of issue it is."""
    is_technical = escalation.lane == Lane.TECHNICAL
    issue = "technical" if is_technical else "customer-service"
    return NewCase(subject, body, service, category, severity, issue, language)


@transaction.atomic
def reply(*, case: SupportCase, text: str, by, now: datetime, files: Iterable[str] = ()) -> CaseWrite:
    """Write down an answer to the case, with up to three of the event's attachments; a worker sends it.

    Raises ValidationError by field (text, files), PermissionDenied.
    """
    escalation = lock(case.escalation)
    check(by, escalation.engagement, Permission.ESCALATE)
    _require_leave(escalation)
    _require_found(case)
    text = _body(text, "text")
    fields = {"account_id": case.account_id, "body": text}
    fields["files"] = attached.chosen(escalation, files)
    return _record(escalation, Kind.REPLY, case=case, by=by, now=now, **fields)


@transaction.atomic
def resolve_case(*, case: SupportCase, by, now: datetime) -> CaseWrite:
    """Write down that the case is to be closed; the escalation stays as it is. Raises ValidationError."""
    escalation = lock(case.escalation)
    check(by, escalation.engagement, Permission.HANDLE_ESCALATION)
    _require_leave(escalation)
    _require_found(case)
    if case.is_closed:
        raise ValidationError(_("The case is closed already."))
    return _record(escalation, Kind.RESOLVE, case=case, account_id=case.account_id, by=by, now=now)


def _require_account(escalation: Escalation, account_id: str) -> None:
    if not escalation.engagement.aws_accounts.filter(account_id=account_id).exists():
        raise ValidationError({"account_id": _("The account is not part of this event.")})


def _require_leave(escalation: Escalation) -> None:
    """Raise ValidationError unless the portal's switch is on and the customer agreed."""
    hindrance = consent.hindrance(escalation.engagement)
    if hindrance:
        raise ValidationError(words.fault(hindrance))


def _require_found(case: SupportCase) -> None:
    """Raise ValidationError while AWS is still asked for the case of a number that was typed."""
    if case.is_sought:
        raise ValidationError(_("AWS has not been found to have a case of this number yet."))


def _body(text: str, field: str) -> str:
    # A form sends line ends as CR LF, which AWS would count twice.
    text = require_text(field, text.replace("\r\n", "\n"), _("Write something."))
    if len(text) > LONGEST_BODY:
        raise ValidationError({field: _("AWS takes at most 8,000 characters.")})
    return text


def _record(escalation: Escalation, kind: str, *, by, now: datetime, **fields) -> CaseWrite:
    """The row that is sent later; ValidationError while another of its kind is on its way."""
    try:
        with transaction.atomic():
            return CaseWrite.objects.create(
                escalation=escalation,
                kind=kind,
                by_id=by.pk,
                by_name=by.name,
                recorded_at=now,
                next_at=now,
                **fields,
            )
    except IntegrityError:
        raise ValidationError(
            {
                Kind.OPEN: _("A case is being opened already."),
                Kind.REPLY: _("An answer is on its way. Send this one after it."),
                Kind.RESOLVE: _("The case is being closed already."),
            }[Kind(kind)]
        ) from None
