"""Is the workbook's data whole? Asked when the portal starts."""

from django.core.checks import Error, register

from workbook import catalogue, wholeness
from workbook.types import field_types


@register
def sections_are_whole(app_configs, **kwargs) -> list[Error]:
    """One error for every fault in a section's file; the start stops at the first run, not on the night."""
    try:
        editions = catalogue.editions()
    except (KeyError, TypeError, ValueError) as error:
        return [Error(f"A file in {catalogue.FOLDER.name}/ cannot be read: {error}", id="workbook.E001")]
    known = [kind.key for kind in field_types]
    return [
        Error(f"Section {section.code} v{section.version}: {fault}", id="workbook.E002")
        for section in editions.values()
        for fault in wholeness.faults(section, known)
    ]
