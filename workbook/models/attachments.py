"""Files that hang on a cell or a row: what they are, who brought them, and where they are stored."""

from django.db import models
from django.db.models import Q

from engagements.models import Engagement
from workbook.models.cells import Row


class Attachment(models.Model):
    """One file. A removed one is no longer offered; its bytes stay, for histories speak of it."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="+")
    section = models.CharField(max_length=20)
    row = models.ForeignKey(Row, models.PROTECT, related_name="+")
    field = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()  # bytes
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    # Not unique: the files of a copied row share the bytes of the first.
    stored_as = models.CharField(max_length=300)
    uploaded_at = models.DateTimeField()
    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded_by_name = models.CharField(max_length=120)
    removed_at = models.DateTimeField(null=True)
    removed_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["engagement", "section"], name="attachments_of_a_section")]
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by_name="")
                | (Q(removed_at__isnull=False) & ~Q(removed_by_name="")),
                name="attachment_removed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """How the value of a cell names the file."""
        return f"@{self.pk}"
