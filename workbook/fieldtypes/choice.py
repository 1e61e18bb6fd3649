"""Answers out of a list: one, several, yes or no."""

from decimal import Decimal

from django.utils.translation import gettext as _

from iem_portal.templatetags.portal import pick
from workbook.fieldtypes.splitting import pieces
from workbook.types import FieldType, InvalidValue, field_types, plain

MAX_CHOSEN = 200
_YES = {"yes", "y", "true", "1", "o", "예", "네", "있음"}
_NO = {"no", "n", "false", "0", "x", "아니요", "아니오", "없음"}


def _find(text: str, field) -> str | None:
    """The stored value of a choice typed as its value or its words in either language."""
    wanted = plain(text).casefold()
    for choice in field.choices:
        if wanted in {choice.value.casefold(), *(plain(words).casefold() for words in choice.label.values())}:
            return choice.value
    return None


def _value_of(text: str, field) -> str:
    """As _find. Raises InvalidValue, which names what can be chosen."""
    found = _find(text, field)
    if found is not None:
        return found
    allowed = ", ".join(pick(choice.label) for choice in field.choices)
    raise InvalidValue(_("Choose one of: %(allowed)s.") % {"allowed": allowed})


def _words(value: str, field) -> str:
    choice = field.choice(value)
    return pick(choice.label) if choice else value


@field_types.register
class OneOf(FieldType):
    """Exactly one of the field's choices."""

    key = "choice"
    input = "select"

    def clean(self, text, field, setting):
        """The value of the choice."""
        return _value_of(text, field)

    def show(self, value, field, setting):
        """The words of the choice."""
        return _words(value, field)

    def suggestions(self, field, setting):
        """Every choice."""
        return [(choice.value, pick(choice.label)) for choice in field.choices]


@field_types.register
class SeveralOf(OneOf):
    """Any number of the field's choices, kept in the order of the list."""

    key = "multi"
    input = "multi"

    def clean(self, text, field, setting):
        """The values, each once."""
        found = pieces(text, lambda words: _find(words, field), MAX_CHOSEN)
        chosen = {value or _value_of(typed, field) for typed, value in found}
        # Commas alone say nothing, and nothing is no answer.
        return [choice.value for choice in field.choices if choice.value in chosen] or None

    def show(self, value, field, setting):
        """The words, separated by commas."""
        return ", ".join(_words(item, field) for item in value)

    def edit(self, value, field, setting):
        """The values, separated by commas."""
        return ",".join(value)


@field_types.register
class YesNo(FieldType):
    """Yes or no; nothing means not answered."""

    key = "bool"
    input = "select"

    def clean(self, text, field, setting):
        """True or False."""
        word = plain(text).casefold()
        if word in _YES:
            return True
        if word in _NO:
            return False
        raise InvalidValue(_("Answer yes or no."))

    def show(self, value, field, setting):
        """The word."""
        return _("Yes") if value else _("No")

    def edit(self, value, field, setting):
        """The value of the option."""
        return "yes" if value else "no"

    def suggestions(self, field, setting):
        """Both answers."""
        return [("yes", _("Yes")), ("no", _("No"))]


@field_types.register
class Rag(OneOf):
    """Red, yellow or green, by the shapes of bad, watch and ok."""

    key = "rag"


@field_types.register
class Formula(OneOf):
    """A worked-out value; never typed."""

    key = "formula"
    input = ""
    is_number = True

    def clean(self, text, field, setting):
        """Nothing fits."""
        raise InvalidValue(_("This value is worked out from the others."))

    def show(self, value, field, setting):
        """The words of a state, or the number with the sign behind it, if any ("3.5×")."""
        if field.choices:
            return _words(value, field)
        if shown_as := field.options.get("shown_as"):
            return field_types.get(shown_as).show(value, field, setting)
        return f"{Decimal(str(value)).normalize():,f}{field.options.get('suffix', '')}"
