"""Which sections a version of a template has: the portal's own one from its files, others from the database.

A published version never changes, so each is read and parsed once in a process.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from iem_portal.numbers import whole
from workbook import catalogue
from workbook.catalogue import Section
from workbook.models import TemplateVersion

#: The template that comes with the portal.
STANDARD = "standard"
STANDARD_NAME = {"en": "IEM standard", "ko": "IEM 표준"}

#: More versions than anybody publishes; a number above it, from an address, names nothing.
MOST_VERSIONS = 100_000

_published: dict[Reference, dict[str, Section]] = {}


@dataclass(frozen=True)
class Reference:
    """One version of a template, as an engagement keeps it: "standard@1"."""

    template: str
    number: int

    @classmethod
    def read(cls, text: str) -> Reference | None:
        """The reference behind a text; None for an empty or strange one."""
        template, _at, digits = text.partition("@")
        number = whole(digits) or 0
        return cls(template, number) if template and 0 < number <= MOST_VERSIONS else None

    def __str__(self) -> str:
        return f"{self.template}@{self.number}"


def standard() -> Reference:
    """The newest version of the portal's own template."""
    return Reference(STANDARD, catalogue.newest_release())


def sections(reference: Reference) -> dict[str, Section]:
    """The sections of one version, in order; nothing for a version that is not published."""
    return many([reference])[reference]


def many(wanted: Iterable[Reference]) -> dict[Reference, dict[str, Section]]:
    """The sections of several versions. One query for those this process has not seen, else none."""
    wanted = set(wanted)
    unseen = {each for each in wanted if each.template != STANDARD and each not in _published}
    if unseen:
        _load(unseen)
    return {
        each: catalogue.release(each.number) if each.template == STANDARD else _published.get(each, {})
        for each in wanted
    }


def _load(unseen: set[Reference]) -> None:
    found = TemplateVersion.objects.filter(
        template__key__in={each.template for each in unseen},
        number__in={each.number for each in unseen},
        published_at__isnull=False,
    )
    for key, number, content in found.values_list("template__key", "number", "content"):
        _published.setdefault(Reference(key, number), parse(content))


def parse(content: dict) -> dict[str, Section]:
    """The sections of a version's content that are asked, in order. Raises KeyError or TypeError for nonsense."""
    off = set(content.get("off", ()))
    found = (catalogue.parse(section) for section in content["sections"] if section["key"] not in off)
    return catalogue.in_order({section.key: section for section in found})


def section(template: str, key: str, version: int) -> Section | None:
    """One section in one version. Of a template of our own, the section's version is the number of the
    template's version that changed it last."""
    if template == STANDARD:
        return catalogue.editions().get((key, version))
    return sections(Reference(template, version)).get(key)


def older(template: str, found: Section) -> list[Section]:
    """Earlier versions of a section, newest first. One query at most."""
    if template == STANDARD:
        every = [each for (key, _v), each in catalogue.editions().items() if key == found.key]
    else:
        numbers = TemplateVersion.objects.filter(
            template__key=template, number__lt=found.version, published_at__isnull=False
        )
        references = [Reference(template, number) for number in numbers.values_list("number", flat=True)]
        every = [each[found.key] for each in many(references).values() if found.key in each]
    return sorted((each for each in every if each.version < found.version), key=lambda each: -each.version)


def forget() -> None:
    """Read everything anew; for tests, whose versions are rolled back."""
    _published.clear()
