"""How a reading of AWS stands, for the page and the bar: parts by account and Region, progress, faults in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engagements.models import Engagement
from workbook.catalogue import Section
from workbook.models import AwsReading, AwsReadingPart
from workbook.prefill import faults
from workbook.prefill.readers import READERS

State = AwsReadingPart.State


@dataclass(frozen=True)
class Line:
    """One part: a service of one account and Region."""

    account_id: str
    account: str
    region: str
    label: str
    service: str
    state: str
    found: int
    suggested: int
    problem: str
    message: str
    again_at: datetime | None


@dataclass(frozen=True)
class Progress:
    """A reading with its parts."""

    reading: AwsReading
    lines: list[Line]

    @property
    def is_running(self) -> bool:
        """Whether it is still being read."""
        return self.reading.finished_at is None

    @property
    def done(self) -> int:
        """How many parts have ended, well or not."""
        return sum(line.state in {State.DONE, State.FAILED} for line in self.lines)

    @property
    def total(self) -> int:
        """How many parts there are."""
        return len(self.lines)

    @property
    def failed(self) -> int:
        """How many parts could not be read."""
        return sum(line.state == State.FAILED for line in self.lines)

    @property
    def suggested(self) -> int:
        """How many values were suggested."""
        return sum(line.suggested for line in self.lines)


def newest(engagement: Engagement, section: Section) -> Progress | None:
    """The last reading of a section; None when nobody ever pressed. Three queries."""
    reading = AwsReading.objects.filter(engagement=engagement, section=section.key).first()
    if reading is None:
        return None
    names = dict(engagement.aws_accounts.values_list("account_id", "name"))
    parts = reading.parts.order_by("account_id", "region", "service", "pk")
    return Progress(reading, [_line(part, names) for part in parts])


def _line(part: AwsReadingPart, names: dict[str, str]) -> Line:
    reader = READERS.get(part.reader)
    problem = faults.words(part.error_kind, part.error_message, part.service) if part.error_kind else ""
    return Line(
        account_id=part.account_id,
        account=names.get(part.account_id, ""),
        region=part.region,
        label=str(reader.label) if reader else part.reader,
        service=part.service,
        state=part.state,
        found=part.found,
        suggested=part.suggested,
        problem=problem,
        message=part.error_message,
        again_at=part.next_at if part.state == State.WAITING and part.attempts else None,
    )
