"""What must still be said to whom: the outbox, written in the transaction of the fact it tells of."""

from django.db import models
from django.db.models import Q


class Notification(models.Model):
    """One message to one address over one channel; unique by key, so a fact is told once."""

    key = models.CharField(max_length=200, unique=True)
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=254)
    # No foreign keys: what was sent stays on record whatever becomes of the person.
    user_id = models.BigIntegerField(null=True, blank=True)
    engagement_id = models.BigIntegerField(null=True, blank=True)
    language = models.CharField(max_length=2, default="en")
    time_zone = models.CharField(max_length=64, default="UTC")
    template = models.CharField(max_length=100)
    params = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    # When a relay may take it (again): the lease and the back-off are this one instant.
    next_try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(sent_at__isnull=True, dead_at__isnull=True),
                name="notification_waiting",
            ),
            models.Index(fields=["engagement_id", "-created_at"], name="notification_of_engagement"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(dead_at__isnull=True), name="notification_sent_or_dead"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class RelayBeat(models.Model):
    """When the relay last came round, so that a silent one is noticed."""

    name = models.CharField(max_length=40, unique=True)
    instance = models.CharField(max_length=120)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.beat_at:%F %T}"
