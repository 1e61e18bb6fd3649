"""Game days that were played: what was told, what the team saw and when."""

from django.db import models
from django.db.models import Q

from engagements.models import Engagement


class GameDay(models.Model):
    """One scenario played against the simulated AWS; its words are kept as they were told."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="gamedays")
    key = models.CharField(max_length=60)
    title = models.JSONField()  # by language
    story = models.JSONField()  # by language
    moments = models.JSONField()  # [{at_min, where, says: by language}]
    minutes = models.PositiveIntegerField()
    account_id = models.CharField(max_length=12)
    began_at = models.DateTimeField()
    began_by_name = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=120, blank=True)
    seen = models.JSONField(default=dict)  # number of the moment: {at, by}
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.UniqueConstraint("engagement", condition=Q(ended_at=None), name="gameday_one_at_a_time"),
            models.UniqueConstraint(
                "account_id", condition=Q(ended_at=None), name="gameday_one_in_an_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.began_at:%Y-%m-%d %H:%M}"
