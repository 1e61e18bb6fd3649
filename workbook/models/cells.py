"""What is kept of a workbook: rows, one value per cell with its version, and every change ever made."""

from django.db import models
from django.db.models import Q

from engagements.models import Engagement


class SectionStart(models.Model):
    """The version of a section that an engagement started with, or took later, and keeps."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="workbook_starts")
    section = models.CharField(max_length=20)
    template = models.CharField(max_length=14, default="standard")
    version = models.PositiveIntegerField()
    started_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "section"], name="section_starts_once"),
        ]

    def __str__(self) -> str:
        return f"{self.section} v{self.version}"


class Row(models.Model):
    """One row of a table; a form and a fixed row (such as the event's own window) have a key instead of a place."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="workbook_rows")
    section = models.CharField(max_length=20)
    table = models.CharField(max_length=30)
    key = models.CharField(max_length=20, blank=True)
    position = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=120)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        indexes = [
            models.Index(fields=["engagement", "section", "table", "position"], name="rows_of_a_table"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "section", "table", "key"], condition=~Q(key=""), name="fixed_row_once"
            ),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True, deleted_by_name="")
                | (Q(deleted_at__isnull=False) & ~Q(deleted_by_name="")),
                name="row_deleted_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(key="") | Q(deleted_at__isnull=True), name="fixed_row_is_not_deleted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section}/{self.table}/{self.key or self.pk}"


class Cell(models.Model):
    """The value of one field in one row; version 1 is its first value, absent is version 0."""

    row = models.ForeignKey(Row, models.PROTECT, related_name="cells")
    field = models.CharField(max_length=40)
    # SQL NULL when somebody emptied the cell; its version goes on.
    value = models.JSONField(null=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    updated_by_id = models.BigIntegerField(null=True)
    updated_by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["row", "field"], name="cell_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="cell_version_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.field} v{self.version}"


class CellChange(models.Model):
    """One saved edit: append-only, and without foreign keys, so that it outlives what it speaks of.

    A change of the row itself (added, deleted, restored, moved) has no field, and the row's version.
    """

    class How(models.TextChoices):
        """By which way the value came."""

        TYPED = "typed"
        MERGED = "merged"
        WITH_ROW = "with_row"
        DUPLICATED = "duplicated"
        RESTORED = "restored"
        PASTED = "pasted"
        FILLED_DOWN = "filled_down"
        UNDONE = "undone"
        IMPORTED = "imported"
        AWS = "aws"
        SUGGESTED = "suggested"
        NEW_VERSION = "new_version"
        API = "api"
        DEMO = "demo"
        FILE_ADDED = "file_added"
        FILE_REMOVED = "file_removed"
        ROW_ADDED = "row_added"
        ROW_DELETED = "row_deleted"
        ROW_RESTORED = "row_restored"
        ROW_MOVED = "row_moved"

    engagement_id = models.BigIntegerField()
    section = models.CharField(max_length=20)
    table = models.CharField(max_length=30)
    row_id = models.BigIntegerField()
    field = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField()
    value_from = models.JSONField(null=True)
    value_to = models.JSONField(null=True)
    how = models.CharField(max_length=20)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    # Who proposed the value, when somebody else accepted it.
    proposed_by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["engagement_id", "section", "-at"], name="changes_of_a_section"),
            models.Index(fields=["engagement_id", "-at"], name="changes_newest_first"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["row_id", "field", "version"], name="change_once_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.field or self.how} v{self.version}"
