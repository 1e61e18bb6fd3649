"""Success criteria: added, changed one field at a time, agreed by both sides, and measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.errors import Conflict, InvalidValue
from engagements.models import Engagement, Role, SuccessCriterion
from engagements.timeline import record
from engagements.verdict import OPERATORS
from iem_portal.live.announce import announce
from iem_portal.texts import can_be_kept

#: Words of the planning workbook, section "Event profile and success criteria".
CLASSES = {
    "business": gettext_lazy("Business"),
    "availability": gettext_lazy("Availability"),
    "performance": gettext_lazy("Performance"),
    "data": gettext_lazy("Data"),
    "operation": gettext_lazy("Operation"),
    "cost": gettext_lazy("Cost"),
}
WINDOWS = {
    "whole-event": gettext_lazy("Whole event"),
    "peak-hour": gettext_lazy("Peak hour"),
    "per-day": gettext_lazy("Per day"),
    "point-in-time": gettext_lazy("Point in time"),
}
SOURCES = {
    "cloudwatch": gettext_lazy("CloudWatch"),
    "apm": gettext_lazy("APM"),
    "business-system": gettext_lazy("Business system"),
    "manual": gettext_lazy("By hand"),
}
#: Changing one of these changes what was promised, so both sides have to agree again.
PROMISE = frozenset({"name", "operator", "target", "target_high", "unit", "window"})
#: Who says yes for which side.
AGREES_FOR = {Role.TAM: "aws", Role.ADMINISTRATOR: "aws", Role.CUSTOMER_LEAD: "customer"}
NO_AGREEMENT = {
    "agreed_customer_name": "", "agreed_customer_at": None, "agreed_aws_name": "", "agreed_aws_at": None,
}  # fmt: skip
_LIMIT = Decimal("1e12")


@dataclass(frozen=True)
class NewCriterion:
    """A success criterion as somebody asks for it; numbers are in ``unit``."""

    name: str
    target: Decimal
    operator: str = "<="
    unit: str = ""
    criterion_class: str = "performance"
    target_high: Decimal | None = None
    window: str = "whole-event"
    source: str = "manual"
    baseline: Decimal | None = None
    weight: int = 3
    is_must: bool = False


def of(engagement: Engagement):
    """The criteria in force, in order; removed ones stay in the table for the history."""
    return SuccessCriterion.objects.filter(engagement=engagement, removed_at=None)


def create_many(engagement: Engagement, new: Iterable[NewCriterion]) -> None:
    """Write the criteria a new engagement starts with."""
    SuccessCriterion.objects.bulk_create(
        SuccessCriterion(engagement=engagement, position=position, **vars(criterion))
        for position, criterion in enumerate(new, start=1)
    )


def add_criterion(*, engagement: Engagement, new: NewCriterion, by, now: datetime) -> SuccessCriterion:
    """Put one more criterion at the end of the list. Raises InvalidValue per field."""
    values = {name: str("" if value is None else value) for name, value in vars(new).items()}
    cleaned = _clean_all(values | {"is_must": "1" if new.is_must else ""})
    with transaction.atomic():
        last = of(engagement).aggregate(last=Max("position"))["last"] or 0
        criterion = SuccessCriterion.objects.create(engagement=engagement, position=last + 1, **cleaned)
        _told(criterion, "criterion.added", by, now)
    return criterion


def _clean_all(values: dict[str, str]) -> dict:
    cleaned, errors = {}, {}
    for name, raw in values.items():
        try:
            cleaned[name] = clean(name, raw)
        except InvalidValue as invalid:
            errors |= invalid.errors
    if errors:
        raise InvalidValue(errors)
    _check_range(cleaned["operator"], cleaned["target"], cleaned.get("target_high"))
    return cleaned


def save_field(
    *, criterion: SuccessCriterion, field: str, value: str, base_version: int, by, now: datetime,
    base_value: str | None = None,
) -> SuccessCriterion:  # fmt: skip
    """Save one field. Returns the criterion as it is now.

    ``base_value`` is what the person saw in the field. Raises InvalidValue, or Conflict when
    somebody saved since ``base_version``, unless they saved the same value or ``base_value``
    shows that they changed another field only: then both changes stand.
    """
    cleaned = clean(field, value)
    with transaction.atomic():
        current = SuccessCriterion.objects.get(pk=criterion.pk)
        if getattr(current, field) == cleaned:
            return current
        if current.version != base_version and not _is_untouched(current, field, base_value):
            raise Conflict(current, field=field, mine=value, theirs=getattr(current, field))
        merged = {name: getattr(current, name) for name in ("operator", "target", "target_high")} | {
            field: cleaned
        }
        _check_range(merged["operator"], merged["target"], merged["target_high"], field=field)
        is_lapsed = field in PROMISE and bool(current.agreed_customer_at or current.agreed_aws_at)
        changes = {field: cleaned, **(NO_AGREEMENT if is_lapsed else {})}
        _compare_and_set(current, changes, field, value)
        _told(current, "criterion.lapsed" if is_lapsed else "criterion.changed", by, now, field=field)
    return current


def _is_untouched(current: SuccessCriterion, field: str, base_value: str | None) -> bool:
    """Whether the field still holds what the person saw when they began."""
    if base_value is None:
        return False
    try:
        return clean(field, base_value) == getattr(current, field)
    except InvalidValue:
        return False


def _compare_and_set(criterion: SuccessCriterion, changes: dict, field: str, mine) -> None:
    """Write the changes unless the row moved on since it was read; the row then carries them."""
    rows = SuccessCriterion.objects.filter(pk=criterion.pk, version=criterion.version)
    if not rows.update(**changes, version=F("version") + 1):
        theirs = SuccessCriterion.objects.get(pk=criterion.pk)
        raise Conflict(theirs, field=field, mine=mine, theirs=getattr(theirs, field, None))
    criterion.refresh_from_db()


def agree(
    *, criterion: SuccessCriterion, role: Role, base_version: int, by, now: datetime
) -> SuccessCriterion:
    """Say yes for the side of ``role``: the TAM for AWS, the customer's lead for the customer.

    Raises PermissionDenied for anybody else, and Conflict when the criterion changed since the
    person read it: nobody agrees to a number they have not seen.
    """
    side = AGREES_FOR.get(role)
    if side is None:
        raise PermissionDenied("agree")
    if getattr(criterion, f"agreed_{side}_at"):
        return criterion
    with transaction.atomic():
        current = SuccessCriterion.objects.get(pk=criterion.pk)
        if current.version != base_version:
            raise Conflict(current, field="agreed")
        _compare_and_set(
            current, {f"agreed_{side}_name": by.name, f"agreed_{side}_at": now}, "agreed", by.name
        )
        _told(current, f"criterion.agreed_{side}", by, now)
    return current


def remove_criterion(*, criterion: SuccessCriterion, base_version: int, by, now: datetime) -> None:
    """Take a criterion out of force; the row stays for the history."""
    with transaction.atomic():
        rows = SuccessCriterion.objects.filter(pk=criterion.pk, version=base_version, removed_at=None)
        if not rows.update(removed_at=now, version=F("version") + 1):
            raise Conflict(SuccessCriterion.objects.get(pk=criterion.pk))
        _told(criterion, "criterion.removed", by, now)


def record_actual(
    *, criterion: SuccessCriterion, actual: str, note: str = "", base_version: int, by, now: datetime
) -> SuccessCriterion:
    """Write the measured value in the criterion's unit; empty takes it back. Raises InvalidValue, Conflict."""
    value = _number("actual", actual, is_required=False)
    changes = {
        "actual": value,
        "actual_note": note.strip(),
        "actual_by_name": by.name if value is not None else "",
        "actual_at": now if value is not None else None,
    }
    with transaction.atomic():
        current = SuccessCriterion.objects.get(pk=criterion.pk)
        if (current.actual, current.actual_note) == (value, note.strip()):
            return current
        if current.version != base_version:
            raise Conflict(current, field="actual", mine=actual, theirs=current.actual)
        _compare_and_set(current, changes, "actual", actual)
        _told(current, "criterion.measured", by, now, value=str(value) if value is not None else "—")
    return current


def _told(criterion: SuccessCriterion, phrase: str, by, now: datetime, **params) -> None:
    engagement = criterion.engagement
    record(
        engagement, phrase, by=by, now=now, params={"name": criterion.name, **params},
        subject_type="criterion", subject_id=criterion.pk,
    )  # fmt: skip
    announce(engagement.topic, "criteria")


def clean(field: str, raw: str):
    """The value of one field from what a person typed. Raises InvalidValue with words for them."""
    raw = raw.strip() if isinstance(raw, str) else raw
    if field in ("target", "target_high", "baseline"):
        return _number(field, raw, is_required=field == "target")
    if field == "is_must":
        return raw in (True, "1", "true", "True", "on")
    if field == "weight":
        return _weight(raw)
    choices = {"operator": OPERATORS, "criterion_class": CLASSES, "window": WINDOWS, "source": SOURCES}.get(
        field
    )
    if choices is not None:
        if raw not in choices:
            raise InvalidValue({field: _("Choose one of the list.")})
        return raw
    if field not in ("name", "unit"):
        raise InvalidValue({field: _("There is no such field.")})
    if field == "name" and not raw:
        raise InvalidValue({field: _("Say what is measured.")})
    if not can_be_kept(raw):
        raise InvalidValue({field: _("This text contains a character that cannot be kept.")})
    limit = SuccessCriterion._meta.get_field(field).max_length
    if len(raw) > limit:
        raise InvalidValue({field: _("At most %(limit)d characters.") % {"limit": limit}})
    return raw


def _number(field: str, raw, *, is_required: bool) -> Decimal | None:
    text = str(raw if raw is not None else "").strip().replace(",", "").replace("−", "-")
    if not text:
        if is_required:
            raise InvalidValue({field: _("Enter a number.")})
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise InvalidValue({field: _("Enter a number, such as 600 or 99.5.")}) from None
    if not number.is_finite() or abs(number) >= _LIMIT:
        raise InvalidValue({field: _("Enter a number, such as 600 or 99.5.")})
    return number.quantize(Decimal("0.0001"))


def _weight(raw) -> int:
    if str(raw) not in {"1", "2", "3", "4", "5"}:
        raise InvalidValue({"weight": _("Between 1 and 5.")})
    return int(raw)


def _check_range(operator: str, target, target_high, field: str = "target_high") -> None:
    if operator == "between" and (target_high is None or target_high < target):
        # Told beside the field the person is in: it is the one they can mend.
        raise InvalidValue({field: _("Between needs an upper target above the lower one.")})
