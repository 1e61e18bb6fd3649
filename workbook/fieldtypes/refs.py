"""References to rows of other sections: a module, a contact, a risk. ``to`` says of which kind.

Kept as "#<number of the row>" and shown by the row's name; a name that fits no row, or several, is kept as typed.
Source: planning workbook, types ref and refs.
"""

import re

from django.utils.translation import gettext as _

from workbook.fieldtypes.splitting import pieces
from workbook.fieldtypes.text import within
from workbook.titles import Title, folded
from workbook.types import FieldType, InvalidValue, Setting, field_types

MAX_NAME, MAX_REFS = 160, 50
# "Lim Sojin #12": the number tells rows of one name apart, or names a deleted one.
_NUMBERED = re.compile(r"(.*\s)?(#\d{1,18})")


def _kind(field) -> str:
    return field.options.get("to", "")


def find(text: str, kind: str, setting: Setting) -> Title | None:
    """The row that a typed name means, by its number or because it fits exactly one; None for any other text."""
    numbered = _NUMBERED.fullmatch(text)
    is_bare = bool(numbered and not numbered[1])
    known = (
        setting.titles.get(kind, numbered[2]) if numbered and not (is_bare and setting.is_bounded) else None
    )
    if known and (not numbered[1] or folded(numbered[1]) == folded(known.text)):
        return known
    named = setting.titles.named(kind, text)
    return named[0] if len(named) == 1 else None


def stored(text: str, kind: str, setting: Setting) -> str:
    """The reference that a typed name means, or the name itself. Raises InvalidValue for one that is too long."""
    found = find(text, kind, setting)
    return found.key if found else _named(within(text, MAX_NAME), setting)


def _named(text: str, setting: Setting) -> str:
    """A text that names no row, as it is kept. A guest's bare number would show the name of a row elsewhere."""
    if setting.is_bounded and _NUMBERED.fullmatch(text) and text.startswith("#"):
        raise InvalidValue(_("Write the name instead of its number."))
    return text


def name(value: str, kind: str, setting: Setting) -> str:
    """The name behind a stored reference; a text that names no row is its own name."""
    found = setting.titles.get(kind, value) if value.startswith("#") else None
    return found.text if found else value


def _typed(value: str, kind: str, setting: Setting) -> str:
    """A name that, typed again, means the same: with the row's number where the name alone would not do."""
    found = setting.titles.get(kind, value) if value.startswith("#") else None
    if found is None or not found.text:
        return value
    return found.text if find(found.text, kind, setting) == found else f"{found.text} {value}"


def _doubt(value: str, kind: str, setting: Setting) -> str:
    found = setting.titles.get(kind, value) if value.startswith("#") else None
    if found:
        return "" if found.is_live else _("deleted")
    is_person = kind == "contact" and value in setting.people
    return "" if is_person or setting.titles.named(kind, value) else _("not in the list")


@field_types.register
class Ref(FieldType):
    """One row of another section, or a name that is not there yet."""

    key = "ref"

    def clean(self, text, field, setting):
        """The row's reference, or the name as typed."""
        return stored(text, _kind(field), setting)

    def show(self, value, field, setting):
        """The row's name."""
        return name(value, _kind(field), setting)

    def edit(self, value, field, setting):
        """The row's name."""
        return _typed(value, _kind(field), setting)

    def suggestions(self, field, setting):
        """The rows that can be meant, and for a contact the members of the engagement."""
        if not setting.offers_names:
            return []
        kind = _kind(field)
        rows = [(_typed(title.key, kind, setting), "") for title in setting.titles.of(kind)]
        people = [(person, "") for person in setting.people] if kind == "contact" else []
        return list(dict.fromkeys([*rows, *people]))

    def doubt(self, value, field, setting):
        """A name without a row, or a row that was deleted."""
        return _doubt(value, _kind(field), setting)


@field_types.register
class Refs(Ref):
    """Several rows of another section, in the order typed."""

    key = "refs"
    is_list = True

    def clean(self, text, field, setting):
        """References and names, each once; a name may itself hold a comma."""
        kind = _kind(field)
        found = list(dict.fromkeys(_split(text, kind, setting, keep=_named)))
        if len(found) > MAX_REFS:
            raise InvalidValue(_("At most %(limit)s.") % {"limit": MAX_REFS})
        return found or None

    def show(self, value, field, setting):
        """The names, separated by commas."""
        return ", ".join(name(item, _kind(field), setting) for item in _items(value))

    def edit(self, value, field, setting):
        """The names, separated by commas; the reference itself for a name that cannot be told from two."""
        kind = _kind(field)
        names = [(_typed(item, kind, setting), item) for item in _items(value)]
        return ", ".join(text if _split(text, kind, setting) == [item] else item for text, item in names)

    def doubt(self, value, field, setting):
        """The doubt of the first name that has one."""
        return next(filter(None, (_doubt(item, _kind(field), setting) for item in _items(value))), "")


def _items(value) -> list[str]:
    """The references of a value; one text is what a field with one answer held before it took several."""
    return [value] if isinstance(value, str) else value


def _split(text: str, kind: str, setting: Setting, keep=lambda text, setting: text) -> list[str]:
    """The names in a line: the longest stretch between commas that means a row, else what stands to the next comma."""
    found = pieces(text, lambda name: find(name, kind, setting), 4 * MAX_REFS)
    return [row.key if row else keep(within(typed, MAX_NAME), setting) for typed, row in found]
