"""What can be read from AWS for the workbook, each kind for the sheet that holds its field."""

from workbook.catalogue import Section
from workbook.prefill.readers.alarms import Alarms
from workbook.prefill.readers.balancers import Balancers
from workbook.prefill.readers.quotas import Quotas
from workbook.prefill.readers.tags import Tags

READERS = {reader.key: reader for reader in (Quotas(), Tags(), Balancers(), Alarms())}


def of_section(section: Section) -> list:
    """The readers whose field this section asks for."""
    return [reader for reader in READERS.values() if section.field(reader.field)]
