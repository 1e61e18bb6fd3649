"""The readiness page: scorecard with overrides and trend, the readiness check, and what is missing."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from engagements.access import Permission, requires
from engagements.errors import Conflict, InvalidValue, Refused
from engagements.views.shared import see_other
from iem_portal.numbers import whole
from workbook.models import Freeze, Quiet, Signature
from workbook.readiness import Outline, outline
from workbook.scorecard import board, exempting, freezing, missing, overriding, signing, words
from workbook.scorecard.board import Line
from workbook.scorecard.drawing import lines_drawn
from workbook.scorecard.results import RESULTS, SIDES
from workbook.scorecard.signing import ChangedSince, Check


@require_safe
@requires(Permission.VIEW)
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """The scorecard, the readiness check and the freezes of the engagement."""
    return _page(request)


@require_safe
@requires(Permission.VIEW)
def panel(request: HttpRequest, reference: str) -> HttpResponse:
    """The scorecard in short, for section WB21 and other pages."""
    now = timezone.now()
    lines = board.lines(request.engagement, outline(request.engagement), now)
    context = {"lines": lines, "counts": board.counts(lines), "check": signing.standing(request.engagement)}
    return render(request, "workbook/scorecard/_panel.html", _words() | context)


@require_safe
@requires(Permission.VIEW)
def colours(request: HttpRequest, reference: str) -> HttpResponse:
    """How many lines are red and yellow, for other pages."""
    lines = board.lines(request.engagement, outline(request.engagement), timezone.now())
    return render(request, "workbook/scorecard/_colours.html", {"counts": board.counts(lines)})


@require_safe
@requires(Permission.VIEW)
def missing_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Missing and late answers by who fills them, and what does not apply."""
    return missing_answers(request, refused={"place": request.GET.get("not", ""), "reason": "", "error": ""})


def missing_answers(request: HttpRequest, *, status: int = 200, **refused) -> HttpResponse:
    """The page of missing answers; ``refused`` is the exemption that is asked for, and what was wrong with it."""
    now = timezone.now()
    made_of = outline(request.engagement)
    marks = exempting.open_marks(request.engagement)
    exempt = {(mark.row_id, mark.field) for mark in marks if mark.accepted_at}
    found = missing.cells(request.engagement, made_of, now, exempt)
    context = {
        "groups": missing.groups(found),
        "missing": len(found),
        "late": sum(cell.is_late for cell in found),
        "marks": exempting.described(marks, made_of.by_key),
        "shown": _section_of(found, refused.get("refused", {}).get("place", "")),
        "now": now,
    }
    return render(request, "workbook/scorecard/missing.html", context | refused, status=status)


def _section_of(found: list[missing.Missing], place: str) -> str:
    """The section of the cell that an exemption is asked for."""
    return next((cell.section.key for cell in found if f"{cell.row}-{cell.field.key}" == place), "")


def _page(request: HttpRequest, *, status: int = 200, **refused) -> HttpResponse:
    now, engagement = timezone.now(), request.engagement
    made_of = outline(engagement)
    lines = board.lines(engagement, made_of, now)
    freezes = list(Freeze.objects.filter(engagement=engagement).defer("content", "scorecard"))
    signatures = signing.all_of(engagement)
    check = signing.check_of(signatures)
    context = {
        "lines": _drawn(request, made_of, lines, now),
        "counts": board.counts(lines),
        "freezes": freezes,
        "check": check,
        "sides": _sides(check),
        "withdrawn": [one for one in signatures if one.withdrawn_at],
        "my_side": signing.side_of(request.role),
        "changes": len(signing.changes_since(engagement, check.freeze)) if _is_asked(check) else 0,
        "is_quiet": Quiet.objects.filter(engagement=engagement, user=request.user).exists(),
        "now": now,
    }
    return render(request, "workbook/scorecard/readiness.html", _words() | context | refused, status=status)


def _is_asked(check: Check) -> bool:
    """Whether one side signed and the other has still to see what changed since."""
    return bool(check.freeze) and not check.is_signed


def _drawn(request: HttpRequest, made_of: Outline, lines: list[Line], now: datetime) -> list:
    today = freezing.day_of(request.engagement, now)
    trends = board.trends(request.engagement, {line.key: line.colour for line in lines}, today)
    return lines_drawn(request.engagement, made_of, lines, trends)


def _sides(check: Check) -> list[tuple[str, str, Signature | None]]:
    return [(key, label, getattr(check, key)) for key, label in SIDES.items()]


def _words() -> dict:
    return {
        "colours": [(key, label, words.SHAPES[key]) for key, label in words.COLOURS.items()],
        "results": [(key, shape, label) for key, (shape, label) in RESULTS.items()],
    }


@require_POST
@requires(Permission.REVIEW_WORKBOOK)
def override(request: HttpRequest, reference: str, line: str) -> HttpResponse:
    """Set a colour above that of the rules, with a reason."""
    colour, reason = request.POST.get("colour", ""), request.POST.get("reason", "")
    try:
        overriding.override(
            engagement=request.engagement, line=line, colour=colour, reason=reason,
            by=request.user, now=timezone.now(),
        )  # fmt: skip
    except Refused:
        raise Http404 from None
    except InvalidValue as invalid:
        typed = {"line": line, "colour": colour, "reason": reason, "errors": invalid.errors}
        return _page(request, status=422, refused=typed)
    except Conflict:
        messages.error(request, _("Somebody else set this line at the same moment. Look at it again."))
    return see_other(_readiness(reference) + f"#line-{line}")


@require_POST
@requires(Permission.REVIEW_WORKBOOK)
def withdraw(request: HttpRequest, reference: str, line: str) -> HttpResponse:
    """Let the rules decide again."""
    if line not in words.LINES:
        raise Http404
    overriding.withdraw(engagement=request.engagement, line=line, by=request.user, now=timezone.now())
    return see_other(_readiness(reference) + f"#line-{line}")


def _readiness(reference: str) -> str:
    return reverse("workbook:readiness", args=[reference])


@require_POST
@requires(Permission.MANAGE_TEAM)
def sign(request: HttpRequest, reference: str) -> HttpResponse:
    """Sign the readiness check for one's side."""
    result, text = request.POST.get("result", ""), request.POST.get("words", "")
    typed = {"result": result, "words": text}
    try:
        signing.sign(
            engagement=request.engagement, result=result, words=text,
            seen=whole(request.POST.get("seen", "")), by=request.user, now=timezone.now(),
        )  # fmt: skip
    except InvalidValue as invalid:
        return _page(request, status=422, signing=typed | {"errors": invalid.errors})
    except ChangedSince as changed:
        message = ngettext(
            "%(n)d answer changed since the first signature. Look at the changes and sign again.",
            "%(n)d answers changed since the first signature. Look at the changes and sign again.",
            changed.count,
        ) % {"n": changed.count}
        return _page(request, status=409, signing=typed | {"errors": {"seen": message}})
    except Conflict:
        messages.error(request, _("Your side has signed already."))
    return see_other(_readiness(reference) + "#check")


@require_POST
@requires(Permission.MANAGE_TEAM)
def unsign(request: HttpRequest, reference: str) -> HttpResponse:
    """Take back the signature of one's side."""
    reason = request.POST.get("reason", "")
    try:
        signing.withdraw(engagement=request.engagement, reason=reason, by=request.user, now=timezone.now())
    except InvalidValue as invalid:
        return _page(request, status=422, signing={"reason": reason, "errors": invalid.errors})
    return see_other(_readiness(reference) + "#check")
