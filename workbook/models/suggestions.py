"""What somebody, or AWS, proposes for a cell or a new row, and each reading of AWS that such proposals come from."""

from django.db import models
from django.db.models import Q

from engagements.models import Engagement
from workbook.models.cells import Row


class Suggestion(models.Model):
    """One proposed value. The suggestions of one new row share ``new_row``; all others name their row.

    ``base_version`` is the version of the cell that the proposer saw (0: never filled). AWS's own carry the
    account, the Region and the instant of the reading, and ``origin``, the reader that found them.
    """

    class Source(models.TextChoices):
        """Who proposes."""

        PERSON = "person"
        AWS = "aws"

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"
        SUPERSEDED = "superseded"

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="workbook_suggestions")
    section = models.CharField(max_length=20)
    table = models.CharField(max_length=30)
    row = models.ForeignKey(Row, models.PROTECT, null=True, related_name="suggestions")
    new_row = models.CharField(max_length=40, blank=True)
    field = models.CharField(max_length=40)
    # SQL NULL proposes to empty the cell.
    value = models.JSONField(null=True)
    base_version = models.PositiveIntegerField(default=0)
    words = models.TextField(blank=True)
    source = models.CharField(max_length=6, choices=Source)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    origin = models.CharField(max_length=20, blank=True)
    account_id = models.CharField(max_length=12, blank=True)
    region = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=120, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["engagement", "section", "state"], name="suggestions_of_section"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(row__isnull=False, new_row="") | (Q(row__isnull=True) & ~Q(new_row="")),
                name="suggestion_for_a_row_or_new",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False) & ~Q(decided_by_name="")),
                name="suggestion_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(source="person", origin="") | (Q(source="aws") & ~Q(origin="")),
                name="suggestion_of_aws_has_origin",
            ),
            models.UniqueConstraint(
                fields=["row", "field"],
                condition=Q(state="open", source="aws", row__isnull=False),
                name="aws_suggests_once_per_cell",
            ),
            models.UniqueConstraint(
                fields=["engagement", "new_row", "field"],
                condition=Q(state="open") & ~Q(new_row=""),
                name="suggested_once_per_new_row",
            ),
            models.UniqueConstraint(
                fields=["row", "field", "by_id"],
                condition=Q(state="open", source="person", row__isnull=False),
                name="person_suggests_once_per_cell",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.row_id or self.new_row} ({self.state})"


class AwsReading(models.Model):
    """One press of "From AWS": what was asked for one section, by whom, and when it was through."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="workbook_aws_readings")
    section = models.CharField(max_length=20)
    #: What the person chose, such as the tag that resources carry.
    choices = models.JSONField(default=dict)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "section"],
                condition=Q(finished_at__isnull=True),
                name="aws_read_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section} from AWS, {self.started_at:%F %T}"


class AwsReadingPart(models.Model):
    """One account, Region and service of a reading; a worker that dies only costs its lease."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    reading = models.ForeignKey(AwsReading, models.CASCADE, related_name="parts")
    reader = models.CharField(max_length=20)
    account_id = models.CharField(max_length=12)
    region = models.CharField(max_length=30)
    service = models.CharField(max_length=63)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # How many things AWS named, and how many suggestions that made.
    found = models.PositiveIntegerField(default=0)
    suggested = models.PositiveIntegerField(default=0)
    error_kind = models.CharField(max_length=20, blank=True)
    error_code = models.CharField(max_length=80, blank=True)
    error_message = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reading", "reader", "account_id", "region", "service"], name="aws_part_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(error_kind=""), name="aws_part_fails_for_a_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=Q(state__in=["waiting", "running"]),
                name="aws_parts_to_read",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} in {self.account_id} {self.region}: {self.state}"
