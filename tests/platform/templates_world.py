"""A template with a published version and a draft, for the access table: addresses name its parts by their keys."""

from __future__ import annotations

from datetime import datetime

from workbook.models import Template, TemplateVersion
from workbook.publishing import content as contents


def build(now: datetime) -> None:
    """One section is enough; its first starter row is place 0."""
    whole = contents.standard()
    content = {
        "sections": [each for each in whole["sections"] if each["key"] == "wb02"],
        "off": [],
        "used": [],
    }
    template = Template.objects.create(
        key="access", name={"en": "Access", "ko": "접근"}, copied_from="standard@1", created_at=now, created_by_name="x"
    )  # fmt: skip
    words = {"content": content, "edited_at": now, "edited_by_name": "x"}
    TemplateVersion.objects.create(
        template=template, number=1, published_at=now, published_by_name="x", **words
    )
    TemplateVersion.objects.create(template=template, number=2, **words)
