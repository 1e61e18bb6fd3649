"""Freezes the workbook as it stands, and takes the readings of which the trend is made."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from engagements import timeline
from engagements.errors import InvalidValue
from engagements.models import Engagement, Phase
from iem_portal.texts import can_be_kept
from workbook.models import Freeze, Reading
from workbook.readiness import Progress, progress
from workbook.scorecard import board
from workbook.scorecard.board import Line
from workbook.scorecard.content import content_of

MAX_NAME = 120
#: Phases in which a workbook is still being made; a closed engagement is read no more.
OPEN_PHASES = (Phase.INITIATE, Phase.PLAN, Phase.EXECUTE, Phase.REVIEW)


def freeze(
    *, engagement: Engagement, kind: str, by, now: datetime, name: str = "", from_phase: str = ""
) -> Freeze:
    """Keep the whole workbook, its progress and its scorecard as they stand now.

    Raises InvalidValue on "name" for a freeze by hand without a name, or one that cannot be kept.
    """
    name = " ".join(name.split())
    _check_name(name, kind)
    with transaction.atomic():
        # The engagement's row serialises freezes, so that numbers have no gap and no twin.
        Engagement.objects.select_for_update().only("pk").get(pk=engagement.pk)
        whole = progress(engagement, now)
        lines = board.lines(engagement, whole.outline, now)
        content = content_of(engagement, whole.outline)
        made = Freeze.objects.create(
            engagement=engagement, number=next_number(engagement), name=name, kind=kind,
            from_phase=from_phase, content=content, progress=plain_progress(whole),
            scorecard=[line.plain() for line in lines],
            cell_count=sum(cell[0] is not None for row in content["rows"] for cell in row["cells"].values()),
            made_at=now, made_by_id=by.pk, made_by_name=by.name,
        )  # fmt: skip
        _keep_reading(engagement, whole, lines, now, made)
        timeline.record(
            engagement, "workbook.frozen", by=by, now=now, params={"number": made.number, "name": name},
            subject_type="freeze", subject_id=made.pk,
        )  # fmt: skip
    return made


def _check_name(name: str, kind: str) -> None:
    if kind == Freeze.Kind.HAND and not name:
        raise InvalidValue({"name": _("Give the freeze a name.")})
    if len(name) > MAX_NAME or not can_be_kept(name):
        raise InvalidValue({"name": _("Use a name of at most %(n)d characters.") % {"n": MAX_NAME}})


def next_number(engagement: Engagement) -> int:
    """The number that the engagement's next freeze gets."""
    return (Freeze.objects.filter(engagement=engagement).aggregate(last=Max("number"))["last"] or 0) + 1


def plain_progress(whole: Progress) -> dict:
    """The progress as data that is kept."""

    def tally(one) -> dict:
        return {
            "percent": one.percent,
            "required": one.required,
            "filled": one.filled,
            "late": one.late,
        }

    parts = [{"key": part.section.key, "code": part.section.code} | tally(part) for part in whole.sections]
    return tally(whole) | {"sections": parts}


def _keep_reading(
    engagement: Engagement, whole: Progress, lines: list[Line], now: datetime, freeze: Freeze | None
) -> None:
    reading = Reading(
        engagement=engagement, day=day_of(engagement, now), freeze=freeze, taken_at=now,
        colours={line.key: {"colour": line.colour, "worked_out": line.worked_out} for line in lines},
        percent=whole.percent, late=whole.late,
    )  # fmt: skip
    # The day's reading is taken once, whichever of two workers was quicker.
    Reading.objects.bulk_create([reading], ignore_conflicts=freeze is None)


def day_of(engagement: Engagement, now: datetime) -> date:
    """The day in the engagement's zone."""
    return now.astimezone(ZoneInfo(engagement.time_zone)).date()


def take_readings(now: datetime) -> int:
    """Read every open engagement that was not read today; how many were read. Doing it twice changes nothing."""
    wanted = Engagement.objects.filter(phase__in=OPEN_PHASES, standing=Engagement.Standing.ACTIVE)
    engagements = list(wanted.select_related("customer"))
    read = set(
        Reading.objects.filter(engagement__in=engagements, freeze=None).values_list("engagement_id", "day")
    )
    due = [one for one in engagements if (one.pk, day_of(one, now)) not in read]
    for engagement in due:
        whole = progress(engagement, now)
        _keep_reading(engagement, whole, board.lines(engagement, whole.outline, now), now, None)
    return len(due)
