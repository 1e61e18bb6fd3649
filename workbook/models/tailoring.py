"""How the workbook of one engagement differs from its template: sections switched by hand, preset rows taken."""

from django.db import models
from django.db.models import Q

from engagements.models import Engagement


class SectionSwitch(models.Model):
    """A section that somebody put in or took out for this engagement, with the reason; the current one has no end."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="workbook_switches")
    section = models.CharField(max_length=20)
    is_on = models.BooleanField()
    reason = models.TextField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "section"],
                condition=Q(ended_at__isnull=True),
                name="section_switched_once",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="section_switched_for_a_reason"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by_name="")
                | (Q(ended_at__isnull=False) & ~Q(ended_by_name="")),
                name="section_switch_ended_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section}: {'on' if self.is_on else 'off'}"


class PresetUse(models.Model):
    """A row of the event type's preset that was added once; deleting the row does not offer it again."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="workbook_preset_rows")
    key = models.CharField(max_length=20)
    row_id = models.BigIntegerField()
    added_at = models.DateTimeField()
    added_by_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "key"], name="preset_row_added_once"),
        ]

    def __str__(self) -> str:
        return self.key
