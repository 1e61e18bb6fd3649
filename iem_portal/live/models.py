"""Which version each live topic and each of its tiles is at: the only thing a stream has to remember."""

from django.db import models


class Topic(models.Model):
    """Something that pages watch, such as "engagement:12"; its version grows by one with every announced change."""

    name = models.CharField(max_length=80, unique=True)
    version = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="live_topic_has_a_name")]


class TopicTile(models.Model):
    """The topic version at which this tile changed last."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="tiles")
    tile = models.CharField(max_length=40)
    version = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "tile"], name="live_one_row_per_topic_and_tile")
        ]
