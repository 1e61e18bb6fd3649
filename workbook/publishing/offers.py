"""Which sections of an engagement have a newer version in its template, and what taking one would change."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as default_of
from itertools import groupby

from engagements.models import Engagement
from workbook import editions, types
from workbook.catalogue import Field, Section
from workbook.models import Cell, Row, Template, TemplateVersion
from workbook.publishing import diff, loading
from workbook.publishing.diff import Change
from workbook.publishing.loading import Reference
from workbook.publishing.words import sentence


@dataclass(frozen=True)
class Offer:
    """A newer version of one section; ``old`` is None for a section that the workbook does not have."""

    new: Section
    reference: Reference
    old: Section | None = None

    @property
    def has_version(self) -> int:
        """The version that the workbook has; 0 for none."""
        return self.old.version if self.old else 0


@dataclass(frozen=True)
class Told:
    """The changes of one field or of the table itself, in words."""

    what: object
    field: str
    lines: list[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """An answer that does not fit the newer version, or fits in another shape (``becomes``)."""

    cell: Cell
    field: Field
    place: str
    text: str
    becomes: object = None
    reason: str = ""
    shape: str = ""


@dataclass
class Answers:
    """What taking a version means for what people wrote."""

    unfit: list[Answer] = default_of(default_factory=list)
    other_shape: list[Answer] = default_of(default_factory=list)
    #: Field and number of answers, for fields that are no longer asked.
    kept: list[tuple[Field, int]] = default_of(default_factory=list)

    @property
    def reworded(self) -> list[Answer]:
        """Answers that people will read in another way than before."""
        return [answer for answer in self.other_shape if answer.shape != answer.text]


def newest(template: str) -> Reference:
    """The newest published version of a template. One query for a template of our own."""
    if template == loading.STANDARD:
        return loading.standard()
    published = TemplateVersion.objects.filter(template__key=template, published_at__isnull=False)
    return Reference(template, published.values_list("number", flat=True).first() or 0)


def name_of(template: str) -> dict:
    """What a template is called. One query for one of ours."""
    if template == loading.STANDARD:
        return loading.STANDARD_NAME
    return Template.objects.filter(key=template).values_list("name", flat=True).first() or {"en": template}


def offers(engagement: Engagement) -> list[Offer]:
    """The sections whose newer version differs, in order. At most three queries."""
    kept = editions.frozen(engagement)
    latest = newest(kept.template)
    begun = editions.started(engagement)
    has = {
        section.key: section
        for section in editions.chosen([engagement], {engagement.pk: begun})[engagement.pk]
    }
    found = [
        Offer(section, Reference(kept.template, section.version), has.get(key))
        for key, section in loading.sections(latest).items()
        if section.is_for(engagement.event_type)
    ]
    return [offer for offer in found if offer.old is None or _is_newer(offer)]


def between(before: dict[str, Section], after: dict[str, Section], reference: Reference) -> list[Offer]:
    """The sections of a version that another one does not have, or has otherwise."""
    every = [Offer(section, reference, before.get(key)) for key, section in after.items()]
    return [offer for offer in every if offer.old is None or not diff.is_same(offer.old, offer.new)]


def _is_newer(offer: Offer) -> bool:
    return offer.new.version != offer.old.version and not diff.is_same(offer.old, offer.new)


def offer_of(engagement: Engagement, key: str) -> Offer | None:
    """The offer of one section."""
    return next((offer for offer in offers(engagement) if offer.new.key == key), None)


def told(offer: Offer) -> list[tuple[object, list[Told]]]:
    """The changes in words: by table (None for the section itself), then by field."""
    if offer.old is None:
        return []
    found = diff.changes(offer.old, offer.new)
    tables = {table.key: table.label for table in (*offer.old.tables, *offer.new.tables)}
    return [
        (
            tables.get(table),
            [_told(list(changes)) for _field, changes in groupby(group, lambda each: each.field)],
        )
        for table, group in groupby(found, lambda each: each.table)
    ]


def _told(changes: list[Change]) -> Told:
    first = changes[0]
    return Told(first.what, first.field, [(change.sign, sentence(change)) for change in changes])


def answers(engagement: Engagement, offer: Offer) -> Answers:
    """What becomes of the answers. Four queries at most, however many answers."""
    found = Answers()
    if offer.old is None:
        return found
    gone = {field.key: field for field in diff.removed_fields(offer.old, offer.new)}
    changed = {old.key: (old, new) for old, new in diff.changed_answers(offer.old, offer.new)}
    if not gone and not changed:
        return found
    cells = list(
        Cell.objects.filter(
            row__engagement=engagement,
            row__section=offer.new.key,
            field__in=[*gone, *changed],
            value__isnull=False,
        ).select_related("row")
    )
    for key, field in gone.items():
        count = sum(cell.field == key for cell in cells)
        found.kept += [(field, count)] if count else []
    setting = types.Setting.of(engagement) if cells else types.Setting.bare(engagement)
    titles = _titles(offer.old, {cell.row for cell in cells if cell.field in changed})
    for cell in cells:
        if cell.field in changed:
            _sort(found, cell, *changed[cell.field], titles.get(cell.row_id, ""), setting)
    return found


def _sort(found: Answers, cell: Cell, old: Field, new: Field, place: str, setting) -> None:
    """Put one answer where it belongs: unfit, in another shape, or nowhere because it fits as it is."""
    text, reason, value = str(cell.value), "", None
    try:
        text = types.show(old, cell.value, setting)
        value = types.clean(new, types.edit(old, cell.value, setting), setting)
    except types.InvalidValue as error:
        reason = str(error)
    except (TypeError, ValueError, KeyError, AttributeError, ArithmeticError):
        # A value of a still older shape: nobody can say what it would be now.
        value = None
    if value is None:
        found.unfit.append(Answer(cell, new, place, text, reason=reason))
    elif value != cell.value:
        shape = types.show(new, value, setting)
        found.other_shape.append(Answer(cell, new, place, text, becomes=value, shape=shape))


def _titles(section: Section, rows: set[Row]) -> dict[int, str]:
    """What each row is about. One query."""
    keys = [table.title for table in section.tables if table.title]
    named = Cell.objects.filter(row__in=rows, field__in=keys) if rows else Cell.objects.none()
    return {row: str(value or "") for row, value in named.values_list("row_id", "value")}
