"""Requests that added rows or saved many cells, by the key that their sender gave them: none is done twice."""

from django.db import models

from engagements.models import Engagement


class Receipt(models.Model):
    """What became of one request. Kept for a day: nobody sends a paste again later."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    key = models.UUIDField()
    #: Who sent it, as pages name their reader: "12", or "guest-3".
    reader = models.CharField(max_length=30)
    #: What it asked for; the same key with something else in it is a mistake of the sender.
    digest = models.CharField(max_length=64)
    result = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "reader", "key"], name="request_done_once"),
        ]
        indexes = [models.Index(fields=["at"], name="receipts_oldest_first")]

    def __str__(self) -> str:
        return f"{self.key} of {self.reader}"
