"""Files, and files or links: a list of "@<number of the file>" and web addresses.

Files come and go by the buttons beside the cell; what is typed may name them again, or add links.
Source: planning workbook, types file and file/url.
"""

import re

from django.utils.translation import gettext as _

from workbook.fieldtypes.text import Link
from workbook.types import FieldType, InvalidValue, field_types

# "plan.pdf @12": the number counts, the name is for people.
_FILE = re.compile(r"(?:.*\s)?@(\d{1,18})")


def _items(value) -> list[str]:
    """The parts of a value; one text is what a field held while it took a link only."""
    return [value] if isinstance(value, str) else value


def _shown(item: str, setting) -> str:
    if not item.startswith("@"):
        return item
    return setting.files.get(int(item[1:])) or _("file not found")


@field_types.register
class FileOrLink(FieldType):
    """Files and web addresses."""

    key = "file_or_link"
    is_list = True
    takes_links = True

    def clean(self, text, field, setting):
        """The files that are named, and the links. Raises InvalidValue for a file that is not here."""
        return list(
            dict.fromkeys(
                self._item(piece.strip(), field, setting) for piece in text.split(", ") if piece.strip()
            )
        )

    def _item(self, piece: str, field, setting) -> str:
        if found := _FILE.fullmatch(piece):
            if int(found[1]) in setting.files:
                return f"@{int(found[1])}"
            raise InvalidValue(_("There is no such file here. Attach it with the button."))
        if not self.takes_links:
            raise InvalidValue(_("Attach a file with the button."))
        return Link().clean(piece, field, setting)

    def show(self, value, field, setting):
        """Names of files and links, separated by commas."""
        return ", ".join(_shown(item, setting) for item in _items(value))

    def edit(self, value, field, setting):
        """The same, each file with its number."""
        return ", ".join(
            f"{_shown(item, setting).replace(',', ' ')} {item}" if item.startswith("@") else item
            for item in _items(value)
        )


@field_types.register
class Files(FileOrLink):
    """Files alone."""

    key = "file"
    takes_links = False
