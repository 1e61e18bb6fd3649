"""A template as a JSON file: out of a version, and into a draft when its shape is right."""

from __future__ import annotations

import json
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from workbook.publishing import shape
from workbook.publishing.content import Content

FORMAT = "iem-portal-template/1"
#: The standard template has about 400 kB; more than this is no template.
MOST_BYTES = 2_000_000


class Unreadable(ValueError):
    """A file that is no template; ``reasons`` are in the reader's words."""

    def __init__(self, *reasons: str):
        super().__init__(*reasons)
        self.reasons = reasons


def exported(content: Content, name: dict) -> dict[str, Any]:
    """The file's data of a version's content."""
    return {"format": FORMAT, "name": name, **content}


def imported(file: UploadedFile | None) -> Content:
    """The content of a file. Raises Unreadable."""
    if file is None:
        raise Unreadable(_("Choose a file."))
    if file.size > MOST_BYTES:
        raise Unreadable(_("The file is too large for a template."))
    try:
        data = json.loads(file.read(MOST_BYTES + 1).decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Unreadable(_("This is no JSON file.")) from error
    wrong = shape.wrong(data)
    if wrong:
        raise Unreadable(*(_("This cannot be read: %(place)s") % {"place": place} for place in wrong))
    if data.get("format") != FORMAT:
        raise Unreadable(_("This file is not a template of this portal."))
    if not data["sections"]:
        raise Unreadable(_("Choose at least one section."))
    return {"sections": data["sections"], "off": data.get("off", []), "used": data.get("used", [])}
