"""How a length of time is written: in units of the reader's language, with or without a space before them."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _


def counted(number: int, unit: str) -> str:
    """A number with its unit: "15 min", "15분". ``unit`` is one of d, h, min, s."""
    words = {"d": _("d"), "h": _("h"), "min": _("min"), "s": _("s")}
    glue = "" if get_language() == "ko" else " "
    return f"{number}{glue}{words[unit]}"


def minutes_text(minutes: int) -> str:
    """Whole minutes as people say them: 15 min, 1 h, 1 h 30 min."""
    hours, rest = divmod(minutes, 60)
    parts = [counted(hours, "h")] if hours else []
    if rest or not hours:
        parts.append(counted(rest, "min"))
    return " ".join(parts)


def seconds_text(seconds: int) -> str:
    """Whole seconds in their two largest units: 38 s, 8 min 32 s, 2 h 51 min."""
    units = [(seconds // 3600, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s")]
    first = next((place for place, (count, _unit) in enumerate(units) if count), 2)
    shown = [one for one in units[first : first + 2] if one[0]] or [units[2]]
    return " ".join(counted(count, unit) for count, unit in shown)
