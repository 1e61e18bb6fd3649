"""What administrators publish: templates of the workbook, and their versions, which never change once published."""

from django.db import models
from django.db.models import Q


class Template(models.Model):
    """A template of our own; the portal's own one, "standard", lives in data files and has no row."""

    # Part of the reference that an engagement keeps ("retail-sale@2"), so it never changes.
    key = models.CharField(max_length=14, unique=True)
    name = models.JSONField()
    copied_from = models.CharField(max_length=20)
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=120)
    # A retired template is not offered to new engagements; those that use it go on.
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, retired_by_name="")
                | (Q(retired_at__isnull=False) & ~Q(retired_by_name="")),
                name="template_retired_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class TemplateVersion(models.Model):
    """One version: a draft that is edited, and from its publication on what engagements rely on."""

    template = models.ForeignKey(Template, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    #: {"sections": [as in the data files], "off": [keys of sections that are not asked]}
    content = models.JSONField()
    # Counts the saves of a draft, so that two administrators never overwrite each other.
    edits = models.PositiveIntegerField(default=0)
    edited_at = models.DateTimeField()
    edited_by_name = models.CharField(max_length=120)
    note = models.CharField(max_length=400, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="template_version_once"),
            models.UniqueConstraint(
                fields=["template"], condition=Q(published_at__isnull=True), name="template_has_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by_name="")
                | (Q(published_at__isnull=False) & ~Q(published_by_name="")),
                name="template_published_by_someone",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="template_version_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.template_id} v{self.number}"
