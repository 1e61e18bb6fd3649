"""Two engagements with one of everything, and somebody in every role, for the access table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.http import Http404
from django.template.base import Template
from django.test import Client, RequestFactory
from django.urls import resolve
from django.utils.safestring import SafeString
from rest_framework.exceptions import APIException
from rest_framework.views import APIView

from engagements import timeline
from engagements.models import Engagement, Membership, Milestone, SuccessCriterion
from escalation import actions
from escalation.models import Drill, Mute
from iem_portal.accounts import tokens
from iem_portal.accounts.actors import SYSTEM_DEMO
from iem_portal.notifications import hooks
from tests import factories
from tests.platform import readiness_world, talk_world, templates_world
from tests.platform.access_table import EVERYBODY, MEMBERS, NOBODY
from warroom.gamedays import days as gamedays
from warroom.models import AlarmState, Handover, RollCall, Runbook, Step
from warroom.wall import links as walls
from warroom.words import stakeholders
from workbook import editions, rows
from workbook.exchange import writing
from workbook.guests import links
from workbook.models import Attachment, CellChange, Import
from workbook.suggestions import making


class World(SimpleNamespace):
    """``mine`` and ``theirs``: what an address can name; ``people``, ``sessions`` and API ``keys`` by role."""

    def client_of(self, role: str) -> Client:
        """The one client, as somebody else: a new one for each request would load all middleware again."""
        self.client.cookies = SimpleCookie()
        if self.sessions.get(role):
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        return self.client


@contextmanager
def pages(*, are_drawn: bool) -> Iterator[None]:
    """Pages and Excel files are drawn, without the copies of contexts that Django's tests keep; or all but drawn.

    Thousands of answers are asked for their status alone, which stands before the drawing begins.
    """
    kept = Template._render, writing.written
    Template._render = _drawn if are_drawn else _undrawn
    if not are_drawn:
        writing.written = _unwritten
    try:
        yield
    finally:
        Template._render, writing.written = kept


def _drawn(template: Template, context) -> str:
    return template.nodelist.render(context)


def _undrawn(template: Template, context) -> str:
    return SafeString("not drawn")


def _unwritten(book, **words) -> bytes:
    return b"not drawn"


class LetIn(APIException):
    """Stands in for the answer of the API's view: its permissions were asked and let the caller in."""

    status_code = 200


@contextmanager
def door_of_the_api(*, stands_in: bool) -> Iterator[None]:
    """With or without the view behind the API's permissions."""
    kept = APIView.initial
    if stands_in:
        APIView.initial = _let_in
    try:
        yield
    finally:
        APIView.initial = kept


def _let_in(self, request, *args, **kwargs):
    _initial(self, request, *args, **kwargs)
    raise LetIn


_initial = APIView.initial


def at_the_door(world: World, path: str, role: str, method: str) -> str:
    """What our middleware says of this person before the view begins: in, sign-in, or the status of a refusal.

    What lets somebody in is asked for every role; the whole way of a request, only for roles whose rights differ.
    """
    handler = world.client.handler
    if handler._middleware_chain is None:
        handler.load_middleware()
    request = RequestFactory().generic(method.upper(), path)
    request._dont_enforce_csrf_checks = True
    request.user, request.session = world.people.get(role, AnonymousUser()), {}
    request.engagement, request.role, request.permissions = None, None, frozenset()
    request.resolver_match = view, args, kwargs = resolve(path)
    try:
        for asks in handler._view_middleware:
            if (answer := asks(request, view, args, kwargs)) is not None:
                return "sign-in" if answer.status_code == 302 else str(answer.status_code)
    except PermissionDenied:
        return "403"
    except Http404:
        return "404"
    return "in"


def build(now: datetime) -> World:
    """Both engagements and everybody in them."""
    engagement, other = factories.engagement(now=now), factories.engagement(now=now)
    people = {role: _member(engagement, role) for role in sorted(MEMBERS)}
    people["rival"] = factories.member(other, "customer_lead", password=None)
    people["other_tam"] = _member(other, "tam")
    templates_world.build(now)
    return World(
        client=Client(),
        engagement=engagement,
        other=other,
        people=people,
        mine=things(engagement, 1, now),
        theirs=things(other, 2, now),
        sessions={role: _session(people.get(role)) for role in EVERYBODY},
        keys={role: tokens.make(user) for role, user in people.items()} | {NOBODY: ""},
    )


def _member(engagement: Engagement, role: str):
    words = {"portal_role": "tam"} if role == "tam" else {}
    return factories.member(engagement, role, password=None, **words)


def _session(user) -> str:
    client = Client()
    if user is None:
        return ""
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def things(engagement: Engagement, number: int, now: datetime) -> dict:
    """One of each thing; codes and numbers of the two engagements differ."""
    row = _row(engagement, now)
    timeline.record(engagement, "note", by=SYSTEM_DEMO, now=now, text="For AWS only", audience="aws")
    return {
        "criterion": SuccessCriterion.objects.create(
            engagement=engagement, position=1, name="Errors", operator="<=", target=1
        ).pk,
        "member": _removable(engagement).pk,
        "hook": _hook(engagement, now).pk,
        "milestone": Milestone.objects.create(
            engagement=engagement, code=f"MS-{number}", group="initiate", owner_role="tam", position=1,
            offset_min=-60, due_at=now - timedelta(hours=1),
        ).code,
        "step": _step(engagement, number, now).code,
        "runbook": number,
        "gate": f"G-{number}",
        "row": row.pk,
        **talk_world.things(engagement, row, now),
        "file": _file(engagement, row, now).pk,
        "guest_link": _guest_link(engagement, now).pk,
        "wall_link": _wall_link(engagement, now).pk,
        "gameday": _gameday(engagement, now),
        "stakeholder_link": _stakeholder_link(engagement, now),
        **_people(engagement, number, now),
        "entry": timeline.record(engagement, "note", by=SYSTEM_DEMO, now=now, text="For all").pk,
        **readiness_world.things(engagement, row, number, now),
        "cell": f"{row.pk}:mt_title",
        "suggestion": _suggestion(engagement, row, now),
        "quota": _quota(engagement, now).pk,
        "import": _import(engagement, now),
        "change": CellChange.objects.get(row_id=row.pk, field="mt_title").pk,
        "number": [_escalation(engagement, now) for _ in range(number)][-1].number,
        **_ladder(engagement, number, now),
        **_support_case(engagement, now),
        "aws_account": factories.aws_account(engagement, str(number) * 12).account_id,
    }  # fmt: skip


def _ladder(engagement: Engagement, number: int, now: datetime) -> dict:
    mute = Mute.objects.create(
        engagement=engagement,
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        reason="Rehearsal",
        by_name="Demo",
    )
    drill = Drill.objects.create(engagement=engagement, number=number, started_at=now, by_name="Demo")
    return {"mute": mute.pk, "drill": drill.number}


def _hook(engagement: Engagement, now: datetime):
    fields = {
        "kind": "slack",
        "audience": "customer",
        "name": "Room",
        "url": "https://example.com/",
        "what": [],
    }
    return hooks.add(engagement_id=engagement.pk, fields=fields, by=SYSTEM_DEMO, now=now)


def _removable(engagement: Engagement) -> Membership:
    return Membership.objects.get(
        engagement=engagement, user=factories.member(engagement, "viewer", password=None)
    )


def _row(engagement: Engagement, now: datetime):
    section = editions.section(engagement, "wb12")
    values = {
        "mt_title": "Lag",
        "mt_namespace": "AWS/DMS",
        "mt_metric": "CDCLatencyTarget",
        "mt_stat": "Maximum",
    }
    return rows.add(
        engagement=engagement, section=section, table=section.table("metrics"), by=SYSTEM_DEMO, now=now, values=values
    )  # fmt: skip


def _quota(engagement: Engagement, now: datetime):
    section = editions.section(engagement, "wb08")
    return rows.add(
        engagement=engagement, section=section, table=section.table("quotas"), by=SYSTEM_DEMO, now=now, values={}
    )  # fmt: skip


def _suggestion(engagement: Engagement, row, now: datetime) -> int:
    section = editions.section(engagement, "wb12")
    return making.suggest(
        engagement=engagement, section=section, row=row.pk, field="mt_title", value="Delay", by=SYSTEM_DEMO, now=now
    ).pk  # fmt: skip


def _import(engagement: Engagement, now: datetime) -> int:
    return Import.objects.create(
        engagement=engagement, state="review", kind="keyed", file_name="x.xlsx", created_at=now, by_id=0, by_name="Demo"
    ).pk  # fmt: skip


def _file(engagement: Engagement, row, now: datetime) -> Attachment:
    words = {
        "name": "a.txt",
        "size": 1,
        "media_type": "text/plain",
        "sha256": "0",
        "uploaded_by_name": "Demo",
    }
    kept = storages["attachments"].save("a.txt", ContentFile(b"a"))
    return Attachment.objects.create(
        engagement=engagement,
        section="wb12",
        row=row,
        field="mt_title",
        stored_as=kept,
        uploaded_at=now,
        **words,
    )


def _people(engagement: Engagement, number: int, now: datetime) -> dict:
    """A roll call that is open, a note that waits, and an alarm that rings."""
    call = RollCall.objects.create(
        engagement=engagement, number=number, occasion="G1", opened_at=now, opened_by_name="Demo"
    )
    names = {"from_name": "Demo", "to_id": 0, "to_name": "Demo"}
    note = Handover.objects.create(engagement=engagement, number=number, text="Go", written_at=now, **names)
    alarm = AlarmState.objects.create(
        engagement=engagement, account_id="111122223333", region="ap-northeast-2", name="Lag", state="ALARM"
    )
    return {"roll_call": call.number, "handover": note.number, "alarm": alarm.pk}


def _stakeholder_link(engagement: Engagement, now: datetime) -> int:
    words = {"name": "Press", "language": "en", "days": 7, "by": SYSTEM_DEMO, "now": now}
    return stakeholders.create(engagement=engagement, **words)[0].pk


def _gameday(engagement: Engagement, now: datetime) -> int:
    told = {"key": "x", "title": {"en": "X"}, "story": {"en": "Y"}, "minutes": 5, "moments": []}
    words = {"told": told, "account_id": f"{engagement.pk:012d}", "by": SYSTEM_DEMO, "now": now}
    return gamedays.reserve(engagement=engagement, **words).pk


def _wall_link(engagement: Engagement, now: datetime):
    words = {"name": "Left", "audience": "customer", "theme": "dark", "language": "en", "days": 1}
    return walls.issue(engagement=engagement, by=SYSTEM_DEMO, now=now, **words)[0]


def _guest_link(engagement: Engagement, now: datetime):
    section = editions.section(engagement, "wb12")
    words = {"name": "Guest", "email": "", "language": "en", "days": 7}
    return links.create(engagement=engagement, section=section, by=SYSTEM_DEMO, now=now, **words)[0]


def _step(engagement: Engagement, number: int, now: datetime) -> Step:
    """A step and a gate of a runbook whose number differs between the two engagements."""
    runbook = Runbook.objects.create(
        engagement=engagement, number=number, title={"en": "Cutover"}, streams=[], template_key="none",
        template_version=1, created_by_name="Demo", created_at=now,
    )  # fmt: skip
    words = {"runbook": runbook, "stream": "app", "title": {"en": "Go", "ko": "시작"}, "offset_min": 0}
    Step.objects.create(position=2, code=f"G-{number}", kind="gate", planned_min=5, **words)
    stored_as = storages["attachments"].save("proof.txt", ContentFile(b"a"))
    proof = {"name": "proof.txt", "size": 1, "kind": "text/plain", "sha256": "0" * 64, "by": "Kim"}
    words["evidence_files"] = [proof | {"stored_as": stored_as, "at": "2026-11-28T16:15:00+00:00"}]
    return Step.objects.create(position=1, code=f"S-{number}", planned_min=10, **words)


def _escalation(engagement: Engagement, now: datetime):
    return actions.open_escalation(
        engagement=engagement, title="Replication stalled", symptom="", severity="critical", lane="technical",
        detected_at=now, by=SYSTEM_DEMO, now=now,
    )  # fmt: skip


def _support_case(engagement: Engagement, now: datetime) -> dict:
    escalation = engagement.escalations.latest("number")
    case = escalation.cases.create(
        account_id="111122223333",
        case_id="case-1",
        display_id="1",
        created_at=now,
        linked_at=now,
        by_name="Demo",
    )
    sent = [{"id": "attachment-1", "name": "trace.txt"}]
    said = {"at": now, "text": "See the file", "is_from_aws": True, "digest": "1", "seen_at": now}
    return {
        "support_case": case.pk,
        "case_message": case.messages.create(files=sent, **said).pk,
        "nth": 1,
    }
