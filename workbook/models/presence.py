"""Where each person is in the workbook right now; a row a person and engagement, overwritten as they move."""

from django.conf import settings
from django.db import models

from engagements.models import Engagement


class Presence(models.Model):
    """The cell (or section) under somebody's cursor, and when their page was last heard."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    section = models.CharField(max_length=20)
    row = models.CharField(max_length=20, blank=True)
    field = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engagement", "user"], name="presence_once")]
        indexes = [models.Index(fields=["engagement", "seen_at"], name="presence_newest")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.section}/{self.row}/{self.field}"
