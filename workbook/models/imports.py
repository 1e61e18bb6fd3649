"""An uploaded file on its way into the workbook: what it would change, and what became of each change."""

from django.db import models
from django.db.models import Q

from engagements.models import Engagement


class Import(models.Model):
    """One upload, of the person who brought it. The file itself is not kept, only its texts until they are mapped,
    then its edits; when it ends, those that were not applied stay to be read."""

    class State(models.TextChoices):
        """What the import waits for."""

        MAPPING = "mapping"
        REVIEW = "review"
        DONE = "done"
        DROPPED = "dropped"

    class Kind(models.TextChoices):
        """How the file says what its cells mean: by our keys, or by headings that a person confirms."""

        KEYED = "keyed"
        FOREIGN = "foreign"

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="workbook_imports")
    state = models.CharField(max_length=10)
    kind = models.CharField(max_length=10)
    file_name = models.CharField(max_length=200)
    #: Texts of a file without keys while MAPPING, edits by table while REVIEW, afterwards those that nobody applied.
    content = models.JSONField(default=dict)
    #: Number of each edit that was applied or given up → what became of it.
    settled = models.JSONField(default=dict)
    #: Name of each new row of the file → the row it became, so that applying again adds nothing twice.
    made = models.JSONField(default=dict)
    #: What the reader is told about the file as a whole: codes with their words' values.
    notices = models.JSONField(default=list)
    #: How many cells stood as they were exported.
    untouched = models.PositiveIntegerField(default=0)
    #: Goes up with every step, so that two clicks at once apply once.
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True, blank=True)
    #: Who closed it; empty when nothing was left to decide.
    ended_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["engagement", "-created_at"], name="imports_of_engagement")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["mapping", "review"], ended_at__isnull=True)
                | Q(state__in=["done", "dropped"], ended_at__isnull=False),
                name="import_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"
