"""Who gets in where, written by hand: one row per URL name.

Nothing here reads ROLE_PERMISSIONS, so that giving a role a right, or taking one, fails the rows it touches.
"""

from __future__ import annotations

from dataclasses import dataclass, field


def names(text: str) -> frozenset[str]:
    """A set of words."""
    return frozenset(text.split())


# People without any part in the engagement: nobody, a rival customer's lead, a TAM of other engagements.
NOBODY, OUTSIDERS = "stranger", names("rival other_tam")
MEMBERS = names(
    "viewer customer_contributor customer_lead tam sa support_engineer concierge account_manager manager administrator"
)
SIGNED_IN = MEMBERS | OUTSIDERS
EVERYBODY = SIGNED_IN | {NOBODY}
AWS_SIDE = names("other_tam tam sa support_engineer concierge account_manager manager administrator")
OPENERS = names("tam other_tam manager administrator")

DRIVERS = names("tam administrator")
TEAM_KEEPERS = names("tam administrator customer_lead")
FILLERS = names("tam administrator sa support_engineer concierge customer_lead customer_contributor")
REVIEWING = names("tam administrator sa support_engineer concierge")
TALKERS = FILLERS | {"account_manager"}
STEP_RUNNERS = names("tam administrator support_engineer customer_lead customer_contributor")
ESCALATORS = FILLERS
HANDLERS = names("tam administrator support_engineer concierge")
AGREERS = names("tam administrator customer_lead")
REVIEWERS = names("tam administrator manager customer_lead")
GATE_KEEPERS = names("tam administrator manager")


@dataclass(frozen=True)
class Row:
    """One URL name: who gets in by method; ``at`` fills the address (things of the world, or =words)."""

    kind: str  # "engagement": outsiders 404; "person": strangers sign in; "public"; "absent": 404
    who: dict[str, frozenset[str]]
    at: dict[str, str] = field(default_factory=dict)
    data: dict = field(default_factory=dict)

    @property
    def things(self) -> dict[str, str]:
        """Parts of the address that name something inside an engagement, by URL argument."""
        return {name: thing for name, thing in self.at.items() if not thing.startswith("=")}

    def expected(self, role: str, method: str) -> str:
        """The kind of answer: in, sign-in (or 401), 403, 404."""
        if role in self.who[method]:
            return "404" if self.kind == "absent" else "in"
        if role == NOBODY:
            return "sign-in"
        return "404" if self.kind == "engagement" and role in OUTSIDERS else "403"


def inside(*, at: dict | None = None, data: dict | None = None, **who) -> Row:
    """An address of one engagement."""
    return Row("engagement", who, at or {}, data or {})


def person(*, at: dict | None = None, data: dict | None = None, **who) -> Row:
    """An address for people who are signed in."""
    return Row("person", who, at or {}, data or {})


def public(*methods: str, at: dict | None = None, data: dict | None = None) -> Row:
    """An address for everybody."""
    return Row("public", dict.fromkeys(methods, EVERYBODY), at or {}, data or {})


def absent(*methods: str, to: frozenset[str], at: dict | None = None) -> Row:
    """An address that is open to these people, but has nothing to show them in this world."""
    return Row("absent", dict.fromkeys(methods, to), at or {})


PLATFORM = {
    "healthz": public("get"),
    "readyz": public("get"),
    "metrics": public("get"),  # from this machine only, as the test client is
    "engagement-tabs": inside(get=MEMBERS),
    "accounts:profile": person(get=SIGNED_IN, post=SIGNED_IN),
    "accounts:token": person(post=SIGNED_IN),
    "accounts:contacts": person(get=SIGNED_IN, post=SIGNED_IN),
    "accounts:contact": absent("post", to=SIGNED_IN, at={"pk": "=999999"}),
    "accounts:contact-browser": person(post=SIGNED_IN),
    "accounts:notes": person(get=SIGNED_IN),
    "accounts:act": public("get", "post", at={"token": "=no-such-link"}),
    "accounts:language": public("post", data={"language": "en"}),
    "accounts:theme": public("post", data={"theme": "dark"}),
}
ENGAGEMENTS = {
    "engagements:portfolio": person(get=SIGNED_IN),
    "engagements:open": person(get=OPENERS, post=OPENERS),
    "engagements:row": person(get=OPENERS, at={"kind": "=team"}),
    "engagements:dates": person(get=OPENERS),
    "engagements:join": public("get", "post", at={"token": "=no-such-letter"}),
    "engagements:overview": inside(get=MEMBERS),
    "engagements:figures": inside(get=MEMBERS),
    "engagements:edit": inside(get=DRIVERS, post=DRIVERS),
    "engagements:account-add": inside(post=DRIVERS, data={"account_id": "444455556666"}),
    "engagements:standing": inside(post=DRIVERS, data={"standing": "postponed", "reason": "Later"}),
    "engagements:window": inside(get=DRIVERS, post=DRIVERS),
    "engagements:milestones": inside(get=MEMBERS),
    "engagements:milestone": inside(post=DRIVERS, at={"code": "milestone"}, data={"done": "1", "version": "1"}),
    "engagements:phase": inside(get=MEMBERS, post=GATE_KEEPERS, data={"reason": "We must go on", "version": "1"}),
    "engagements:gate": inside(get=MEMBERS),
    "engagements:timeline": inside(get=MEMBERS, post=TALKERS, data={"text": "Seen"}),
    "engagements:team": inside(get=MEMBERS),
    "engagements:member-add": inside(post=TEAM_KEEPERS),
    "engagements:member": inside(post=TEAM_KEEPERS, at={"pk": "member"}, data={"role": "viewer"}),
    "engagements:member-remove": inside(post=TEAM_KEEPERS, at={"pk": "member"}),
    "engagements:hooks": inside(get=TEAM_KEEPERS, post=TEAM_KEEPERS),
    "engagements:hook": inside(post=TEAM_KEEPERS, at={"pk": "hook"}, data={"act": "off"}),
    "engagements:criteria": inside(get=MEMBERS),
    "engagements:criterion-add": inside(post=FILLERS),
    "engagements:criterion-field": inside(post=FILLERS, at={"pk": "criterion"}, data={"field": "name", "value": "x"}),
    "engagements:criterion-agree": inside(post=AGREERS, at={"pk": "criterion"}, data={"version": "1"}),
    "engagements:criterion-remove": inside(post=DRIVERS, at={"pk": "criterion"}, data={"version": "1"}),
    "engagements:criterion-actual": inside(post=REVIEWERS, at={"pk": "criterion"}, data={"version": "1"}),
}  # fmt: skip
INTERNAL = names("tam administrator sa support_engineer concierge account_manager manager")
_WB12, _SAID = {"section": "=wb12"}, {"text": "Seen", "note": "Seen"}
_TAM = names("tam")  # whose comment, note and assignment the world has
_TYPED = {"f-mt_title": "Delay", "was-mt_title": "Lag", "v-mt_title": "1"}
_ROW = {"section": "=wb12", "row": "row"}
_SUGGESTED = {"row": "form", "field": "ev_purpose", "value": "To leave the data centre"}
WORKBOOK = {
    "workbook:index": inside(get=MEMBERS),
    "workbook:progress": inside(get=MEMBERS),
    "workbook:nav": inside(get=MEMBERS),
    "workbook:section": inside(get=MEMBERS, at={"section": "=wb12"}),
    "workbook:save-cell": inside(post=FILLERS, at={"section": "=wb12"}),
    "workbook:changes": inside(get=MEMBERS, at={"section": "=wb12"}),
    "workbook:history": inside(get=MEMBERS, at={"section": "=wb12"}),
    "workbook:restore-cell": inside(post=FILLERS, at={"section": "=wb12", "change": "change"}),
    "workbook:row": inside(get=MEMBERS, at=_ROW),
    "workbook:save-row": inside(post=FILLERS, at=_ROW, data=_TYPED),
    "workbook:change-row": inside(post=FILLERS, at=_ROW | {"verb": "=duplicate"}),
    "workbook:export": inside(get=MEMBERS),
    "workbook:export-table": inside(get=MEMBERS, at={"section": "=wb12", "table": "=metrics"}),
    "workbook:import": inside(get=FILLERS, post=FILLERS),
    "workbook:import-review": inside(get=FILLERS, at={"pk": "import"}),
    "workbook:import-map": inside(post=DRIVERS, at={"pk": "import"}),
    "workbook:import-apply": inside(post=DRIVERS, at={"pk": "import"}),
    "workbook:import-end": inside(get=FILLERS, post=DRIVERS, at={"pk": "import"}),
    "workbook:here": inside(post=MEMBERS, at={"section": "=wb12"}),
    "workbook:file": inside(get=MEMBERS, at={"file": "file"}),
    "workbook:attach": inside(
        post=FILLERS, at={"section": "=wb01"}, data={"row": "form", "field": "ev_purpose"}
    ),
    "workbook:remove-file": inside(post=FILLERS, at={"section": "=wb12", "file": "file"}),
    "workbook:guests": inside(get=TEAM_KEEPERS, post=TEAM_KEEPERS, at={"section": "=wb12"}),
    "workbook:revoke-guest": inside(post=TEAM_KEEPERS, at={"section": "=wb12", "link": "guest_link"}),
    "guests:enter": public("get", at={"token": "=no-such-link"}),
    "workbook:open-items": inside(get=MEMBERS),
    "workbook:cell": inside(get=MEMBERS, at=_WB12),
    "workbook:say": inside(post=MEMBERS, at=_WB12, data=_SAID),
    "workbook:comment": inside(post=_TAM, at=_WB12 | {"comment": "comment", "verb": "=delete"}),
    "workbook:talk": inside(post=MEMBERS, at=_WB12 | {"thread": "talk", "verb": "=resolve"}),
    "workbook:note": inside(post=INTERNAL, at=_WB12, data=_SAID),
    "workbook:delete-note": inside(post=_TAM, at=_WB12 | {"note": "note"}),
    "workbook:ask": inside(
        post=FILLERS,
        at={"section": "=wb01"},
        data={"row": "form", "field": "ev_confidential", "name": "Vendor"},
    ),
    "workbook:close-item": inside(post=FILLERS, at=_WB12 | {"item": "item", "verb": "=withdraw"}),
    "workbook:state": inside(get=MEMBERS, at=_WB12),
    "workbook:submit": inside(post=FILLERS, at=_WB12, data={"step": "submit"}),
    "workbook:review": inside(post=REVIEWING, at=_WB12, data={"step": "accept"}),
    "workbook:assign": inside(post=FILLERS, at=_WB12, data={"person": ""}),
    "workbook:unassign": inside(post=FILLERS, at=_WB12 | {"assignment": "assignment"}),
    "workbook:newer": inside(get=REVIEWING),
    "workbook:newer-line": inside(get=REVIEWING),
    "workbook:take-newer": inside(post=REVIEWING, data={"section": "wb12", "from": "1", "to": "2"}),
    "workbook:aws-consent": inside(post=TEAM_KEEPERS, data={"consent": "given", "section": "wb08"}),
    "workbook:from-aws": inside(get=FILLERS, post=FILLERS, at={"section": "=wb12"}),
    "workbook:from-aws-bar": inside(get=FILLERS, at={"section": "=wb12"}),
    "workbook:from-aws-state": inside(get=FILLERS, at={"section": "=wb12"}),
    "workbook:increases": inside(get=MEMBERS, at={"section": "=wb08"}),
    "workbook:increase": inside(get=REVIEWING, post=REVIEWING, at={"section": "=wb08", "row": "quota"}),
    "workbook:suggestions": inside(get=MEMBERS, at={"section": "=wb12"}),
    "workbook:suggestions-bar": inside(get=MEMBERS, at={"section": "=wb12"}),
    "workbook:suggest": inside(post=MEMBERS, at={"section": "=wb01"}, data=_SUGGESTED),
    "workbook:decide-suggestions": inside(post=FILLERS, at={"section": "=wb12"}, data={"verb": "accept"}),
    "workbook:withdraw-suggestion": inside(post=MEMBERS, at={"section": "=wb12", "pk": "suggestion"}),
    "workbook:suggest-row": inside(get=MEMBERS, post=MEMBERS, at={"section": "=wb12", "table": "=metrics"}),
    "workbook:add-row": inside(get=FILLERS, post=FILLERS, at={"section": "=wb12", "table": "=metrics"}),
    "workbook:more-rows": inside(get=MEMBERS, at={"section": "=wb12", "table": "=metrics"}),
    "workbook:preview-cells": inside(post=FILLERS, at={"section": "=wb12", "table": "=metrics"}),
    "workbook:save-cells": inside(post=FILLERS, at={"section": "=wb12", "table": "=metrics"}),
}
WORKBOOK |= {
    "workbook:tailor": inside(get=MEMBERS),
    "workbook:tailor-line": inside(get=MEMBERS),
    "workbook:add-preset-rows": inside(post=FILLERS, data={"row": "mig-01"}),
    "workbook:switch-section": inside(
        post=REVIEWING, at={"section": "=wb23"}, data={"to": "off", "reason": "Nothing was raised"}
    ),
    "workbook:readiness": inside(get=MEMBERS),
    "workbook:colours": inside(get=MEMBERS),
    "workbook:scorecard": inside(get=MEMBERS),
    "workbook:missing": inside(get=MEMBERS),
    "workbook:override": inside(
        post=REVIEWING, at={"line": "=capacity"}, data={"colour": "RED", "reason": "The quota is refused"}
    ),
    "workbook:withdraw-override": inside(post=REVIEWING, at={"line": "=capacity"}),
    "workbook:sign": inside(post=AGREERS, data={"result": "go"}),
    "workbook:unsign": inside(post=AGREERS, data={"reason": "Signed too early"}),
    "workbook:reminders": inside(get=REVIEWING),
    "workbook:quiet": inside(post=MEMBERS, data={"quiet": "1"}),
    "workbook:freezes": inside(get=MEMBERS, post=FILLERS, data={"name": "Before the test"}),
    "workbook:freeze": inside(get=MEMBERS, at={"number": "freeze"}),
    "workbook:exempt": inside(post=FILLERS, at={"section": "=wb12"}),
    "workbook:decide-exemption": inside(post=FILLERS, at={"mark": "exemption"}),
}
_ONE = {"number": "number"}
ESCALATION = {
    "escalation:mine": person(get=SIGNED_IN),
    "escalation:engine": person(get=AWS_SIDE),
    "escalation:attainment": person(get=SIGNED_IN),
    "escalation:attainment-csv": person(get=SIGNED_IN, at={"what": "=promises"}),
    "escalation:cause": inside(get=HANDLERS, post=HANDLERS, at=_ONE),
    "escalation:ladder-portal": person(get=names("administrator"), post=names("administrator")),
    "escalation:ladder": inside(get=MEMBERS),
    "escalation:ladder-edit": inside(get=DRIVERS, post=DRIVERS),
    "escalation:ladder-withdraw": inside(post=DRIVERS),
    "escalation:ladder-mute": inside(
        post=DRIVERS, data={"mute-reason": "x", "mute-ends_at": "2026-11-29T12:00"}
    ),
    "escalation:ladder-mute-end": inside(post=DRIVERS, at={"pk": "mute"}),
    "escalation:drills": inside(get=MEMBERS),
    "escalation:drill-start": inside(post=HANDLERS),
    "escalation:drill-facts": inside(get=MEMBERS),
    "escalation:drill": inside(get=MEMBERS, at={"number": "drill"}),
    "escalation:list": inside(get=MEMBERS),
    "escalation:open": inside(get=ESCALATORS, post=ESCALATORS),
    "escalation:detail": inside(get=MEMBERS, at=_ONE),
    "escalation:state": inside(get=MEMBERS, at=_ONE),
    "escalation:case": inside(post=ESCALATORS, at=_ONE),
    "escalation:answer": inside(post=HANDLERS, at=_ONE),
    "escalation:hand-over": inside(post=HANDLERS, at=_ONE),
    "escalation:lane": inside(post=HANDLERS, at=_ONE),
    "escalation:severity": inside(post=ESCALATORS, at=_ONE),
    "escalation:restored": inside(post=ESCALATORS, at=_ONE),
    "escalation:resolve": inside(post=HANDLERS, at=_ONE),
    "escalation:say": inside(post=ESCALATORS, at=_ONE),
    "escalation:case-new": inside(get=ESCALATORS, post=ESCALATORS, at=_ONE),
    "escalation:case-link": inside(get=ESCALATORS, post=ESCALATORS, at=_ONE),
    "escalation:case-talk": inside(get=MEMBERS, at=_ONE | {"case": "support_case"}),
    "escalation:case-reply": inside(post=ESCALATORS, at=_ONE | {"case": "support_case"}),
    "escalation:case-close": inside(post=HANDLERS, at=_ONE | {"case": "support_case"}),
    "escalation:case-file": inside(
        get=MEMBERS, at=_ONE | {"case": "support_case", "message": "case_message", "nth": "nth"}
    ),
    "escalation:case-lead": inside(post=ESCALATORS, at=_ONE | {"case": "support_case"}),
    # Whoever was paged may answer, so that the verb decides; an empty form is refused beside its fields.
    "escalation:acknowledge": inside(post=MEMBERS, at=_ONE),
    "escalation:take": inside(post=MEMBERS, at=_ONE),
    "escalation:snooze": inside(post=MEMBERS, at=_ONE),
    "escalation:new-case": inside(post=ESCALATORS, at=_ONE),
    "escalation:wait": inside(post=HANDLERS, at=_ONE),
    "escalation:go-on": inside(post=ESCALATORS, at=_ONE),
    "escalation:facts": inside(post=ESCALATORS, at=_ONE),
    "escalation:ask": inside(post=ESCALATORS, at=_ONE),
    "escalation:reopen": inside(post=HANDLERS, at=_ONE),
    "escalation:follow": inside(post=ESCALATORS, at=_ONE),
    "escalation:split": inside(post=ESCALATORS, at=_ONE),
    "escalation:start-lane": inside(post=ESCALATORS, at=_ONE),
    "escalation:link": inside(post=ESCALATORS, at=_ONE),
    "escalation:unlink": inside(post=ESCALATORS, at=_ONE),
    "escalation:merge": inside(post=HANDLERS, at=_ONE),
    "escalation:management": inside(post=ESCALATORS, at=_ONE),
    "escalation:management-back": inside(post=ESCALATORS, at=_ONE),
}
_RUN = {"number": "runbook"}
WARROOM = {
    "warroom:board": inside(get=MEMBERS),
    "warroom:board-rest": inside(get=MEMBERS),
    "warroom:board-metrics": inside(get=MEMBERS),
    "warroom:update": inside(get=TALKERS, post=TALKERS),
    "warroom:draft": inside(post=TALKERS),
    "warroom:noise": inside(get=STEP_RUNNERS, post=STEP_RUNNERS, data={"act": "mute"}),
    "warroom:signal": inside(get=ESCALATORS, post=ESCALATORS, at={"kind": "=alarm", "number": "alarm"}),
    "warroom:people": inside(get=MEMBERS),
    "warroom:roll-open": inside(post=TALKERS),
    "warroom:roll-rule": inside(post=TALKERS),
    "warroom:roll": inside(post=MEMBERS, at={"number": "roll_call"}, data={"act": "here"}),
    "warroom:hand-over": inside(post=TALKERS),
    "warroom:take-over": inside(post=MEMBERS, at={"number": "handover"}),
    "warroom:entry": inside(get=TALKERS, post=TALKERS, at={"entry": "entry"}),
    "warroom:announcements": inside(get=AWS_SIDE - {"other_tam"}, post=AWS_SIDE - {"other_tam"}),
    "warroom:stakeholders": inside(get=TEAM_KEEPERS, post=TEAM_KEEPERS),
    "warroom:stakeholder-revoke": inside(post=TEAM_KEEPERS, at={"link": "stakeholder_link"}),
    "stakeholder:enter": public("get", at={"token": "=no-such-link"}),
    "stakeholder:page": public("get", at={"number": "=77"}),
    "warroom:room": inside(post=STEP_RUNNERS),
    "warroom:pick": inside(get=FILLERS, post=FILLERS),
    "warroom:arrange": inside(get=STEP_RUNNERS, post=STEP_RUNNERS),
    "warroom:replay": inside(get=MEMBERS),
    "warroom:replay-state": inside(get=MEMBERS),
    "warroom:gamedays": inside(get=STEP_RUNNERS),
    "warroom:gameday-begin": inside(post=DRIVERS),
    "warroom:gameday-seen": inside(post=STEP_RUNNERS, at={"day": "gameday", "moment": "=0"}),
    "warroom:gameday-end": inside(post=DRIVERS, at={"day": "gameday"}),
    "warroom:walls": inside(get=DRIVERS, post=DRIVERS),
    "warroom:wall-revoke": inside(post=DRIVERS, at={"link": "wall_link"}),
    "walls:enter": public("get", at={"token": "=no-such-link"}),
    "walls:screen": public("get", at={"link": "=1"}),
    "warroom:metric": inside(get=MEMBERS, at={"row": "row"}),
    "warroom:metric-points": inside(get=MEMBERS, at={"row": "row"}),
    "warroom:metric-csv": inside(get=MEMBERS, at={"row": "row"}),
    "warroom:metric-line": inside(post=FILLERS, at={"row": "row"}),
    "warroom:runbook": inside(get=MEMBERS),
    "warroom:runbook-create": inside(post=STEP_RUNNERS),
    "warroom:run-new": inside(get=STEP_RUNNERS, post=STEP_RUNNERS),
    "warroom:run": inside(get=MEMBERS, at=_RUN),
    "warroom:run-header": inside(get=STEP_RUNNERS, post=STEP_RUNNERS, at=_RUN),
    "warroom:run-life": inside(post=STEP_RUNNERS, at=_RUN),
    "warroom:run-stream": inside(post=STEP_RUNNERS, at=_RUN),
    "warroom:sheet": inside(get=MEMBERS, at=_RUN),
    "warroom:sheet-rows": inside(post=STEP_RUNNERS, at=_RUN),
    "warroom:sheet-cell": inside(post=STEP_RUNNERS, at=_RUN | {"code": "step"}),
    "warroom:chart": inside(get=MEMBERS, at=_RUN),
    "warroom:nodes": inside(get=MEMBERS, at=_RUN),
    "warroom:run-log": inside(get=MEMBERS, at=_RUN),
    "warroom:turn": inside(get=STEP_RUNNERS, post=STEP_RUNNERS, at=_RUN),
    "warroom:rehearsal": inside(get=MEMBERS, at=_RUN),
    "warroom:rehearsal-csv": inside(get=MEMBERS, at=_RUN),
    "warroom:run-export": inside(get=MEMBERS, at=_RUN | {"kind": "=csv"}),
    "warroom:run-import": inside(get=STEP_RUNNERS, post=STEP_RUNNERS, at=_RUN),
    "warroom:gate": inside(get=STEP_RUNNERS, post=STEP_RUNNERS, at=_RUN | {"code": "gate"}),
    "warroom:gate-inputs": inside(get=STEP_RUNNERS, at=_RUN | {"code": "gate"}),
    "warroom:evidence-file": inside(get=MEMBERS, at=_RUN | {"code": "step", "nth": "=1"}),
    "warroom:step": inside(
        get=STEP_RUNNERS, post=STEP_RUNNERS, at=_RUN | {"code": "step", "action": "=start"}
    ),
}
_ACCOUNT = {"account_id": "aws_account"}
AWS_ACCOUNTS = {
    "aws:accounts": inside(get=FILLERS),
    "aws:account": inside(get=FILLERS, at=_ACCOUNT),
    "aws:account-save": inside(post=TEAM_KEEPERS, at=_ACCOUNT),
    "aws:account-external-id": inside(post=TEAM_KEEPERS, at=_ACCOUNT),
    "aws:account-probe": inside(get=FILLERS, post=FILLERS, at=_ACCOUNT),
    "aws:ledger": inside(get=MEMBERS),
    "aws:budget": inside(post=DRIVERS, data={"usd_per_day": "5"}),
    "aws:events": inside(get=TEAM_KEEPERS, post=TEAM_KEEPERS),
}
# Other systems knock here, and sign what they bring.
PUSHED = {"aws-door": absent("post", to=EVERYBODY, at={"address": "=00000000-0000-4000-8000-000000000000"})}
REVIEW = {
    "review:index": person(get=SIGNED_IN),
    "review:report": inside(get=MEMBERS),
    "review:words": inside(post=REVIEWERS),
    "review:measure": inside(post=REVIEWERS, at={"pk": "criterion"}),
}
_CASE_API = _ONE | {"pk": "support_case"}
_STEP, _CELL, _CRITERION, _V1 = {"code": "step"}, {"pk": "cell"}, {"pk": "criterion"}, {"base_version": 1}
API = {
    "api-schema": person(get=SIGNED_IN),
    "engagement-list": person(get=SIGNED_IN, post=OPENERS),
    "engagement-detail": inside(get=MEMBERS, patch=DRIVERS),
    "engagement-window": inside(post=DRIVERS),
    "criterion-list": inside(get=MEMBERS, post=FILLERS),
    "criterion-detail": inside(get=MEMBERS, patch=FILLERS, delete=DRIVERS, at=_CRITERION, data=_V1),
    "criterion-actual": inside(post=REVIEWERS, at=_CRITERION, data={**_V1, "actual": 1}),
    "criterion-agree": inside(post=AGREERS, at=_CRITERION, data=_V1),
    "milestone-list": inside(get=MEMBERS),
    "milestone-detail": inside(get=MEMBERS, patch=DRIVERS, at={"code": "milestone"}, data={**_V1, "is_done": True}),
    "timeline-list": inside(get=MEMBERS, post=TALKERS),
    "cell-list": inside(get=MEMBERS),
    "cell-detail": inside(patch=FILLERS, at=_CELL, data={"value": "x", "base_version": 0}),
    "workbook-row-list": inside(post=FILLERS, data={"section": "wb12", "table": "metrics"}),
    "workbook-row-detail": inside(delete=FILLERS, at={"pk": "row"}),
    "workbook-file-list": inside(get=MEMBERS),
    "workbook-import-list": inside(get=FILLERS, post=FILLERS),
    "workbook-import-detail": inside(get=FILLERS, at={"pk": "import"}),
    "workbook-import-map": inside(post=DRIVERS, at={"pk": "import"}, data={"sheets": []}),
    "workbook-import-apply": inside(post=DRIVERS, at={"pk": "import"}, data=_V1),
    "workbook-import-close": inside(post=DRIVERS, at={"pk": "import"}, data=_V1),
    "comment-list": inside(get=MEMBERS),
    "open-item-list": inside(get=MEMBERS),
    "escalation-list": inside(get=MEMBERS, post=ESCALATORS),
    "escalation-detail": inside(get=MEMBERS, at=_ONE),
    "escalation-answer": inside(post=HANDLERS, at=_ONE, data={**_V1, "how": "case"}),
    "escalation-acknowledge": inside(post=ESCALATORS, at=_ONE, data=_V1),
    "escalation-take": inside(post=ESCALATORS, at=_ONE, data=_V1),
    "escalation-snooze": inside(post=ESCALATORS, at=_ONE, data={**_V1, "reason": "x", "until": "2100-01-01T00:00Z"}),
    "escalation-ask": inside(post=ESCALATORS, at=_ONE, data={**_V1, "text": "x"}),
    "escalation-management": inside(post=ESCALATORS, at=_ONE, data={**_V1, "level": 1, "owner_name": "x"}),
    "escalation-management-back": inside(post=ESCALATORS, at=_ONE, data={**_V1, "level": 0, "reason": "x"}),
    "escalation-reopen": inside(post=HANDLERS, at=_ONE, data={**_V1, "reason": "x"}),
    "escalation-follow": inside(post=ESCALATORS, at=_ONE, data={**_V1, "reason": "x"}),
    "escalation-split": inside(post=ESCALATORS, at=_ONE, data={**_V1, "title": "x", "reason": "x"}),
    "escalation-start-lane": inside(post=ESCALATORS, at=_ONE, data={**_V1, "reason": "x"}),
    "escalation-merge": inside(post=HANDLERS, at=_ONE, data={**_V1, "into": 99, "reason": "x"}),
    "escalation-links": inside(get=MEMBERS, at=_ONE),
    "escalation-link": inside(post=ESCALATORS, at=_ONE, data={**_V1, "other": 99, "reason": "x"}),
    "escalation-unlink": inside(post=ESCALATORS, at=_ONE, data={**_V1, "link_id": 99, "reason": "x"}),
    "escalation-clocks": inside(get=MEMBERS, at=_ONE),
    "escalation-preview": inside(get=ESCALATORS, at=_ONE),
    "escalation-wait": inside(post=HANDLERS, at=_ONE, data={**_V1, "code": "test", "reason": "x"}),
    "escalation-go-on": inside(post=ESCALATORS, at=_ONE, data=_V1),
    "escalation-facts": inside(post=ESCALATORS, at=_ONE, data={**_V1, "service": "x"}),
    "escalation-case": inside(post=ESCALATORS, at=_ONE, data={**_V1, "case_id": "1"}),
    "escalation-hand-over": inside(post=HANDLERS, at=_ONE, data={**_V1, "level": 1}),
    "escalation-lane": inside(post=HANDLERS, at=_ONE, data={**_V1, "lane": "customer-service", "reason": "x"}),
    "escalation-resolve": inside(post=HANDLERS, at=_ONE, data={**_V1, "resolution": "x"}),
    "escalation-restored": inside(post=ESCALATORS, at=_ONE, data=_V1),
    "escalation-say": inside(post=ESCALATORS, at=_ONE, data={"text": "x"}),
    "escalation-severity": inside(post=ESCALATORS, at=_ONE, data={**_V1, "severity": "high", "reason": "x"}),
    "support-case-list": inside(get=MEMBERS, post=ESCALATORS, at=_ONE),
    "support-case-detail": inside(get=MEMBERS, at=_CASE_API),
    "support-case-talk": inside(get=MEMBERS, at=_CASE_API),
    "support-case-draft": inside(get=ESCALATORS, at=_ONE),
    "support-case-check": inside(post=ESCALATORS, at=_ONE),
    "support-case-reply": inside(post=ESCALATORS, at=_CASE_API, data={"text": "x"}),
    "support-case-resolve": inside(post=HANDLERS, at=_CASE_API),
    "support-case-upload-list": inside(get=ESCALATORS, post=ESCALATORS, at=_ONE),
    "support-case-file-detail": inside(
        get=MEMBERS, at=_ONE | {"case": "support_case", "message": "case_message", "pk": "nth"}
    ),
    "attainment-list": person(get=SIGNED_IN),
    "breach-list": inside(get=MEMBERS, post=HANDLERS, at=_ONE),
    "watch-list": inside(get=MEMBERS),
    "step-list": inside(get=MEMBERS, post=STEP_RUNNERS),
    "step-detail": inside(get=MEMBERS, at=_STEP),
    "step-block": inside(post=STEP_RUNNERS, at=_STEP, data={**_V1, "reason": "x"}),
    "step-decide": inside(post=STEP_RUNNERS, at=_STEP, data={**_V1, "decision": "go"}),
    "step-fail": inside(post=STEP_RUNNERS, at=_STEP, data={**_V1, "reason": "x"}),
    "step-retry": inside(post=STEP_RUNNERS, at=_STEP, data=_V1),
    "step-work-around": inside(post=STEP_RUNNERS, at=_STEP, data={**_V1, "deviation": "x"}),
    "step-approve-skip": inside(post=STEP_RUNNERS, at=_STEP, data=_V1),
    "step-refuse-skip": inside(post=STEP_RUNNERS, at=_STEP, data=_V1),
    "step-evidence": inside(post=STEP_RUNNERS, at=_STEP, data={**_V1, "evidence": "x"}),
    "runbook-list": inside(get=MEMBERS),
    "runbook-detail": inside(get=MEMBERS, at=_RUN),
    "gate-detail": inside(get=MEMBERS, at={"code": "gate"}),
    "gate-ask": inside(post=STEP_RUNNERS, at={"code": "gate"}),
    "gate-vote": inside(post=STEP_RUNNERS, at={"code": "gate"}, data={"role": "decider", "answer": "go"}),
    "step-finish": inside(post=STEP_RUNNERS, at=_STEP, data=_V1),
    "step-note": inside(post=STEP_RUNNERS, at=_STEP, data={**_V1, "note": "x"}),
    "step-reopen": inside(post=STEP_RUNNERS, at=_STEP, data={**_V1, "reason": "x"}),
    "step-skip": inside(post=STEP_RUNNERS, at=_STEP, data={**_V1, "reason": "x"}),
    "step-start": inside(post=STEP_RUNNERS, at=_STEP, data=_V1),
    "step-unblock": inside(post=STEP_RUNNERS, at=_STEP, data=_V1),
    "status-update-list": inside(get=MEMBERS, post=TALKERS),
}  # fmt: skip
# allauth's own pages: sign-in ones for everybody, the person's own for those who are signed in.
LIBRARY = {
    "accounts:sign-in": public("get", "post"),
    "accounts:ask-for-code": public("get", "post"),
    "accounts:enter-code": public("get", "post"),
    "account_login": public("get", "post"),
    "account_logout": public("get", "post"),
    "account_inactive": public("get"),
    "account_signup": public("get", "post"),
    # Asks again for a password or a second factor; these people have neither.
    "account_reauthenticate": person(get=frozenset(), post=frozenset()),
    "account_email": person(get=SIGNED_IN, post=SIGNED_IN),
    "account_email_verification_sent": public("get"),
    "account_change_password": person(get=SIGNED_IN, post=SIGNED_IN),
    "account_set_password": person(get=SIGNED_IN, post=SIGNED_IN),
    "account_reset_password": public("get", "post"),
    "account_confirm_login_code": public("get", "post"),
    "account_confirm_email": public("get", at={"key": "=nothing"}),
    "account_reset_password_from_key_done": public("get"),
    "account_reset_password_from_key": public("get", "post", at={"uidb36": "=1", "key": "=set-password"}),
    "account_reset_password_done": public("get"),
    "account_request_login_code": public("get", "post"),
    "mfa_index": person(get=SIGNED_IN),
    "mfa_authenticate": public("get", "post"),
    "mfa_reauthenticate": person(get=frozenset(), post=frozenset()),
    "mfa_activate_totp": person(get=SIGNED_IN, post=SIGNED_IN),
    "mfa_deactivate_totp": absent("get", "post", to=SIGNED_IN),
    "mfa_view_recovery_codes": absent("get", to=SIGNED_IN),
    "mfa_generate_recovery_codes": person(get=SIGNED_IN, post=SIGNED_IN),
    "mfa_download_recovery_codes": absent("get", to=SIGNED_IN),
}
DEMO = {
    "demo:sign-in": absent("post", to=EVERYBODY),  # nobody of the demo is asked for
    "demo:mail": public("get"),
    "demo:mail-read": absent("get", to=EVERYBODY, at={"name": "=nothing"}),
}
_ADMINISTRATOR = names("administrator")
_TEMPLATE = {"key": "=access"}
_T_SECTION = _TEMPLATE | {"section": "=wb02"}
_T_TABLE = _T_SECTION | {"table": "=windows"}


def _edited(at: dict) -> Row:
    """A form page of a template's draft."""
    return person(get=_ADMINISTRATOR, post=_ADMINISTRATOR, at=at)


TEMPLATES = {
    "templates:list": person(get=_ADMINISTRATOR),
    "templates:copy": person(get=_ADMINISTRATOR, post=_ADMINISTRATOR),
    "templates:one": person(get=_ADMINISTRATOR, at=_TEMPLATE),
    **{
        f"templates:{name}": person(post=_ADMINISTRATOR, at=_TEMPLATE)
        for name in ("rename", "draft", "discard", "publish", "retire", "upload", "arrange")
    },
    "templates:read": person(get=_ADMINISTRATOR, at=_TEMPLATE | {"number": "=1"}),
    "templates:download": person(get=_ADMINISTRATOR, at=_TEMPLATE | {"number": "=1"}),
    "templates:add-section": _edited(_TEMPLATE),
    "templates:section": _edited(_T_SECTION),
    "templates:add-table": _edited(_T_SECTION),
    "templates:table": _edited(_T_TABLE),
    "templates:arrange-fields": person(post=_ADMINISTRATOR, at=_T_TABLE),
    "templates:remove-table": person(post=_ADMINISTRATOR, at=_T_TABLE),
    "templates:add-starter": _edited(_T_TABLE),
    "templates:starter": _edited(_T_TABLE | {"place": "=0"}),
    "templates:remove-starter": person(post=_ADMINISTRATOR, at=_T_TABLE | {"place": "=0"}),
    "templates:add-field": _edited(_T_TABLE),
    "templates:field": _edited(_T_TABLE | {"field": "=win_title"}),
    "templates:remove-field": person(post=_ADMINISTRATOR, at=_T_TABLE | {"field": "=win_title"}),
}
TABLE = TEMPLATES | PLATFORM | ENGAGEMENTS | WORKBOOK | ESCALATION | WARROOM | REVIEW | API | LIBRARY
TABLE |= AWS_ACCOUNTS | PUSHED
