"""The pages of the ladder: the rules of the portal and of an engagement, agreed quiet, and drills."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagements.access import Permission, portal, requires
from engagements.models import Role
from escalation.ladder import drill as drills
from escalation.ladder import editing, policies, reading, sentences
from escalation.ladder.forms import DrillDaysForm, DrillForm, MuteForm, RuleLines, TermLines
from escalation.models import Drill, Mute
from escalation.views.pages import put_errors
from iem_portal.accounts.models import User

NO_VERSION = 0


@portal(User.PortalRole.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def of_portal(request):
    """The rules that hold wherever an engagement has none of its own."""
    return _rules(request, None, "escalation/ladder/portal.html", "escalation:ladder-portal")


@requires(Permission.VIEW)
@require_GET
def rules_page(request, reference):
    """Who is told when in this engagement, as sentences; forms for whoever may change it."""
    return render(request, "escalation/ladder/page.html", _context(request, request.engagement))


@requires(Permission.DRIVE)
@require_http_methods(["GET", "POST"])
def edit(request, reference):
    """Change the rules of this engagement."""
    return _rules(request, request.engagement, "escalation/ladder/edit.html", "escalation:ladder", reference)


@requires(Permission.DRIVE)
@require_POST
def withdraw(request, reference):
    """Follow the portal's rules again."""
    editing.withdraw(engagement=request.engagement, by=request.user, now=timezone.now())
    return redirect("escalation:ladder", reference)


@requires(Permission.DRIVE)
@require_POST
def mute(request, reference):
    """Agree on quiet."""
    now = timezone.now()
    with timezone.override(ZoneInfo(request.engagement.time_zone)):
        form = MuteForm(request.POST, prefix="mute")
        if form.is_valid():
            words = form.cleaned_data
            words["starts_at"] = words["starts_at"] or now
            try:
                editing.mute(engagement=request.engagement, by=request.user, now=now, **words)
            except ValidationError as error:
                put_errors(form, error)
            else:
                return redirect("escalation:ladder", reference)
        context = _context(request, request.engagement) | {"mute_form": form}
        return render(request, "escalation/ladder/page.html", context, status=422)


@requires(Permission.DRIVE)
@require_POST
def end_mute(request, reference, pk):
    """The quiet is over."""
    found = get_object_or_404(Mute.objects.select_related("engagement"), pk=pk, engagement=request.engagement)
    editing.end_mute(mute=found, by=request.user, now=timezone.now())
    return redirect("escalation:ladder", reference)


@requires(Permission.VIEW)
@require_GET
def drill_list(request, reference):
    """Every drill, and who would be paged now."""
    return render(request, "escalation/ladder/drills.html", _drills(request, DrillForm()))


@requires(Permission.HANDLE_ESCALATION)
@require_POST
def drill_start(request, reference):
    """Page everybody on the path, as a test."""
    form = DrillForm(request.POST)
    if form.is_valid():
        try:
            found = drills.start(
                engagement=request.engagement, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("escalation:drill", reference, found.number)
    return render(request, "escalation/ladder/drills.html", _drills(request, form), status=422)


@requires(Permission.VIEW)
@require_GET
def drill(request, reference, number):
    """Who was paged by which channels, and who answered when."""
    found = get_object_or_404(Drill, engagement=request.engagement, number=number)
    answers = [one for one in drills.answers(found) if _may_read(request, one.page.role)]
    context = {
        "drill": found,
        "answers": answers,
        "answered": sum(one.page.answered_at is not None for one in answers),
        "zone": request.engagement.time_zone,
        "now": timezone.now(),
    }
    return render(request, "escalation/ladder/drill.html", context)


@requires(Permission.VIEW)
@require_GET
def drill_facts(request, reference):
    """The newest drill for pages about readiness: who answered and when, and who did not."""
    found = drills.latest(request.engagement)
    drill = found[0] if found else None
    pages = [page for page in drill.pages.all() if _may_read(request, page.role)] if drill else []
    context = {
        "drill": drill,
        "count": len(pages),
        "answered": sorted((page for page in pages if page.answered_at), key=lambda page: page.answered_at),
        "silent": [page for page in pages if page.answered_at is None],
        "zone": request.engagement.time_zone,
    }
    return render(request, "escalation/ladder/_drill_facts.html", context)


def _may_read(request, role: str) -> bool:
    """AWS's managers are no members: who they are is AWS's business."""
    return role != Role.MANAGER or Permission.SEE_INTERNAL in request.permissions


def _rules(request, engagement, template: str, done: str, *where):
    current = policies.in_force(engagement)
    body = current.body if current else policies.shipped()
    known = body.get("drill_days") or policies.shipped()["drill_days"]
    people = _people(engagement)
    words = {"form_kwargs": {"people": people}, "prefix": "rules"}
    if request.method == "GET":
        lines = RuleLines(initial=body["rules"], **words)
        terms = TermLines(initial=body["terms"], prefix="terms")
        days = DrillDaysForm(initial={"drill_days": known})
        return render(request, template, _lines(lines, terms, current, people) | {"days": days})
    lines = RuleLines(request.POST, initial=body["rules"], **words)
    terms = TermLines(request.POST, initial=body["terms"], prefix="terms")
    status, base = 422, _number(request.POST.get("base", ""))
    # Both are looked at, so that everything wrong is said at once.
    days = DrillDaysForm({"drill_days": known} | request.POST.dict())
    if all([lines.is_valid(), terms.is_valid(), days.is_valid()]):
        new = {"rules": lines.stored, "terms": terms.stored} | days.cleaned_data
        try:
            editing.save(engagement=engagement, body=new, by=request.user, now=timezone.now(), base=base)
        except editing.StalePolicy:
            status = 409
        else:
            return redirect(done, *where)
    context = _lines(lines, terms, current, people) | {"status": status, "days": days}
    if status == 409:
        context["error"] = _("Somebody changed these rules meanwhile. Look at them, then save again.")
    return render(request, template, context, status=status)


def _lines(lines, terms, current, people: dict[str, str]) -> dict:
    rows = [(form, sentences.of_rule(form.initial, people) if form.initial else None) for form in lines]
    spans = [(form, sentences.of_term(form.initial) if form.initial else None) for form in terms]
    return {
        "lines": lines,
        "terms": terms,
        "rows": rows,
        "spans": spans,
        "base": current.pk if current else NO_VERSION,
    }


def _number(text: str) -> int | None:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else NO_VERSION
    return number or None


def _people(engagement) -> dict[str, str]:
    if engagement is None:
        return {}
    cast = reading.casts([engagement.pk], at=timezone.now())[engagement.pk]
    return {f"user:{person.user_id}": person.name for person in cast.members}


def _context(request, engagement) -> dict:
    now = timezone.now()
    current = policies.in_force(engagement)
    body = current.body if current else policies.shipped()
    people = _people(engagement)
    mutes = Mute.objects.filter(engagement=engagement, ended_at=None, ends_at__gt=now).order_by("starts_at")
    return {
        "current": current,
        "is_own": current is not None and current.engagement_id is not None,
        "rules": [sentences.of_rule(row, people) for row in body["rules"]],
        "terms": [sentences.of_term(row) for row in body["terms"]],
        "mutes": list(mutes),
        "mute_form": MuteForm(prefix="mute"),
        "latest": drills.latest(engagement),
        "zone": engagement.time_zone,
        "now": now,
    }


def _drills(request, form) -> dict:
    now = timezone.now()
    people, absent = drills.path_of(request.engagement, now=now)
    found = Drill.objects.filter(engagement=request.engagement).prefetch_related("pages")
    listed = []
    for one in found:
        pages = [page for page in one.pages.all() if _may_read(request, page.role)]
        listed.append((one, sum(page.answered_at is not None for page in pages), len(pages)))
    people = [one for one in people if _may_read(request, one.person.role)]
    return {
        "drills": listed,
        "form": form,
        "path": sorted(people, key=lambda told: (not told.person.is_aws, told.person.name)),
        "absent": absent,
        "zone": request.engagement.time_zone,
        "now": now,
    }
