"""What has to be put right before a draft can be published, each with its place and in the reader's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _

from engagements import catalog
from workbook import catalogue, types
from workbook.catalogue import FORM, PANEL, SHEET, WHO, Field, Section, Table
from workbook.formulas import FORMULAS
from workbook.publishing import loading, shape
from workbook.publishing.content import Content
from workbook.types import Setting, field_types

#: Kinds of field whose answers are a list of the field's own.
WITH_CHOICES = ("choice", "multi", "language")


@dataclass(frozen=True)
class Fault:
    """One thing to put right; the keys say where, empty ones stand for the whole above."""

    words: str
    section: str = ""
    table: str = ""
    field: str = ""
    label: object = ""


def of(content: Content, before: Content | None = None) -> list[Fault]:
    """Every fault of a draft, given the version published before; none means that it can be published."""
    misshapen = shape.wrong(content)
    if misshapen:
        return [Fault(_("This cannot be read: %(place)s") % {"place": place}) for place in misshapen]
    try:
        found = loading.parse(content)
        every = loading.parse(content | {"off": []})
    except (KeyError, TypeError, ValueError) as error:
        return [Fault(_("This cannot be read: %(place)s") % {"place": str(error)[:80]})]
    if not found:
        return [Fault(_("Choose at least one section."))]
    faults = list(_twice(content, every))
    for section in every.values():
        faults += _section(section)
    earlier = loading.parse(before | {"off": []}) if before else {}
    return [*faults, *_moved(every, earlier), *_laid_open(every, earlier)]


def _twice(content: Content, every: dict[str, Section]) -> Iterator[Fault]:
    """Keys name one thing each in the whole workbook."""
    keys = Counter(each["key"] for each in content["sections"])
    yield from (Fault(_("This section is there twice."), key) for key, count in keys.items() if count > 1)
    seen: set[str] = set()
    for section in every.values():
        tables = Counter(table.key for table in section.tables)
        yield from (
            Fault(_("This table is there twice."), section.key, key) for key, n in tables.items() if n > 1
        )
        for table in section.tables:
            for field in table.fields:
                if field.key in seen:
                    yield _at(_("This field is there twice."), section, table, field)
                seen.add(field.key)


def _moved(now: dict[str, Section], before: dict[str, Section]) -> Iterator[Fault]:
    """Answers stay in the rows they were given in, so a field never moves to another table."""
    homes = {field: (key, table.key, table.kind) for key, section in before.items()
             for field, table in section.table_of.items()}  # fmt: skip
    for key, section in now.items():
        for field, table in section.table_of.items():
            if homes.get(field, (key, table.key, table.kind)) != (key, table.key, table.kind):
                words = _("This field was in another table before. Remove it and add a new one.")
                yield _at(words, section, table, table.by_key[field])


def _laid_open(now: dict[str, Section], before: dict[str, Section]) -> Iterator[Fault]:
    """A secret stays one: as another kind, its answers and their history would be read by everybody."""
    secrets = {
        field.key
        for section in before.values()
        for table in section.tables
        for field in table.fields
        if field.type == "secret"
    }
    for section in now.values():
        for table in section.tables:
            for field in table.fields:
                if field.key in secrets and field.type != "secret":
                    words = _("This was a secret before. Remove it and add a new field.")
                    yield _at(words, section, table, field)


def _at(words: str, section: Section, table: Table | None = None, field: Field | None = None) -> Fault:
    """A fault at its place."""
    label = (field or table or section).label
    return Fault(words, section.key, table.key if table else "", field.key if field else "", label)


def _section(section: Section) -> Iterator[Fault]:
    if not _is_said(section.label) or not _is_said(section.lead):
        yield _at(_("Name and introduction are needed in both languages."), section)
    if section.owner not in WHO:
        yield _at(_("Nobody is called %(code)s.") % {"code": section.owner[:20]}, section)
    if not section.events or set(section.events) - {"ALL", *catalog.event_types()}:
        yield _at(_("Choose the types of event."), section)
    if not section.tables:
        yield _at(_("The section has no table."), section)
    for table in section.tables:
        for words, field in (*_table(table), *_fields(table)):
            yield _at(words, section, table, field)


def _table(table: Table) -> Iterator[tuple[str, Field | None]]:
    if table.kind not in {FORM, SHEET, PANEL}:
        yield _("The table has an unknown kind."), None
    if not _is_said(table.label):
        yield _("The name of the table is needed in both languages."), None
    if not table.fields:
        yield _("The table has no fields."), None
    if {table.home, table.shows} - {""} - _known_homes() or (table.kind == PANEL and not table.home):
        yield _("What is kept elsewhere can only be copied."), None
    missing = {*table.columns, *table.named_by, table.title, table.subtitle} - {""} - table.by_key.keys()
    if missing or (table.attention and table.attention["field"] not in table.by_key):
        yield _("The table names a field that is not there: %(keys)s") % {"keys": ", ".join(missing)}, None
    if table.names and table.names not in catalogue.REFERABLE:
        yield _("Other tables know no rows of this name."), None
    yield from _rows(table)


def _rows(table: Table) -> Iterator[tuple[str, Field | None]]:
    """Starter rows and given rows answer fields that are there."""
    for row in (*table.starters, *table.fixed_rows):
        if {*row.values, *getattr(row, "bound", {})} - table.by_key.keys():
            yield _("A row answers a field that is not there."), None
        if set(getattr(row, "bound", {}).values()) - _known_bounds() or getattr(row, "home", "") not in {
            "",
            *_known_homes(),
        }:
            yield _("What is kept elsewhere can only be copied."), None
    for starter in table.starters:
        for key, value in starter.values.items():
            field = table.by_key.get(key)
            if field and (words := misfit(field, value)):
                yield _("A starter row does not fit: %(why)s") % {"why": words}, field


def _fields(table: Table) -> Iterator[tuple[str, Field | None]]:
    for field in table.fields:
        for words in (*_words(field), *_kind(field), *_links(field, table)):
            yield words, field


def _words(field: Field) -> Iterator[str]:
    if not _is_said(field.label):
        yield _("The question is needed in both languages.")
    if any(text and not _is_said(text) for text in (field.short, field.help)):
        yield _("Write both languages, or neither.")
    if not field.who or set(field.who) - set(WHO):
        yield _("Say who fills it.")
    if set(field.events) - set(catalog.event_types()):
        yield _("Choose the types of event.")


def _kind(field: Field) -> Iterator[str]:
    if field.type not in field_types:
        yield _("This kind of field is not known: %(kind)s") % {"kind": field.type}
    if field.type in WITH_CHOICES:
        values = [choice.value.casefold() for choice in field.choices]
        if len(values) < 2 and not field.bound:
            yield _("Give at least two choices.")
        if len(values) != len(set(values)) or not all(values):
            yield _("Two choices have the same value.")
        if not all(_is_said(choice.label) for choice in field.choices):
            yield _("Write every choice in both languages.")
    if field.is_formula and field.options.get("formula") not in FORMULAS:
        yield _("What is worked out can only be copied.")
    if field.type in {"ref", "refs"} and field.options.get("to") not in catalogue.REFERABLE:
        yield _("Say which rows it names.")
    yield from _limits(field)
    if field.default and (words := misfit(field, field.default)):
        yield _("What the field begins with does not fit: %(why)s") % {"why": words}


def _limits(field: Field) -> Iterator[str]:
    try:
        low, high, longest = (_number(field.options.get(key)) for key in ("min", "max_value", "max"))
    except ValueError:
        yield _("A limit is not a number.")
        return
    if low is not None and high is not None and low > high:
        yield _("The lowest value is above the highest.")
    if longest is not None and not 1 <= longest <= 20_000:
        yield _("The longest text has 1 to 20000 characters.")


def _number(value) -> float | None:
    if value in (None, ""):
        return None
    number = float(str(value))
    if number - number != 0:  # NaN and infinity are no limits
        raise ValueError(value)
    return number


def _links(field: Field, table: Table) -> Iterator[str]:
    """What a field says of other fields, and of what the engagement knows."""
    if not field.depends_on <= table.by_key.keys():
        yield _("It depends on a field that is not there.")
    elif field.required_if and not _can_happen(field.required_if, table):
        yield _("It depends on an answer that is not in the list.")
    others = {field.part_of, field.options.get("not_before", "")} - {""}
    if not others <= table.by_key.keys() | {""}:
        yield _("It belongs to a field that is not there.")
    if (field.bound and field.bound not in _known_bounds()) or (
        field.home and field.home not in _known_homes()
    ):
        yield _("What is kept elsewhere can only be copied.")


def _can_happen(rule: dict, table: Table) -> bool:
    """Whether every answer that a condition names can be given."""
    for word in ("any", "all"):
        if word in rule:
            return all(_can_happen(each, table) for each in rule[word])
    other = table.by_key[rule["field"]]
    known = {choice.value for choice in other.choices}
    return not known or other.type not in WITH_CHOICES or set(map(str, rule.get("in", ()))) <= known


def misfit(field: Field, value) -> str:
    """Why an answer given in a template does not fit its field, in words; nothing when it fits."""
    try:
        types.clean(field, value if not isinstance(value, dict) else value.get("en"), Setting())
    except types.InvalidValue as error:
        return str(error)
    except (TypeError, ValueError, KeyError, AttributeError, ArithmeticError):
        return _("It cannot be read.")
    return ""


def _is_said(words) -> bool:
    return isinstance(words, dict) and all(str(words.get(language, "")).strip() for language in ("en", "ko"))


def _known_homes() -> frozenset[str]:
    """Pages that a field, a row or a panel of the standard template says it is kept on."""
    return _known(tuple(catalogue.editions()))[0]


def _known_bounds() -> frozenset[str]:
    """What the standard template asks the engagement itself."""
    return _known(tuple(catalogue.editions()))[1]


@cache
def _known(_editions: tuple) -> tuple[frozenset[str], frozenset[str]]:
    """Homes and bounds of the data files; looked for once."""
    homes: set[str] = set()
    bounds: set[str] = set()
    for section in catalogue.editions().values():
        for table in section.tables:
            rows, fields = table.fixed_rows, table.fields
            homes |= {table.home, table.shows, *(each.home for each in (*rows, *fields))}
            bounds |= {field.bound for field in fields} | {
                name for row in rows for name in row.bound.values()
            }
    return frozenset(homes - {""}), frozenset(bounds - {""})
