"""What must still be said to whom: the outbox, written in the transaction of the fact it tells of."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
    # What it tells of, such as "escalation:12": the delivery log and the links to act ask by it.
    about = models.CharField(max_length=60, blank=True, default="")
    # Who and where in words for the delivery log, when the address itself is a number or a secret.
    label = models.CharField(max_length=160, blank=True, default="")
    # Whom to try next when this one is given up: messages as outbox.Message keeps them, first one first.
    fallbacks = models.JSONField(default=list, blank=True)
    # The key of the message that took over.
    fell_to = models.CharField(max_length=200, blank=True, default="")

    # Set by the relay for one attempt, never kept: where it goes, its short form and links, the instant, its words.
    to = None
    short = ""
    links = ()
    tried_at = None
    words = None

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["about"], condition=~Q(about=""), name="notification_about"),
            models.Index(
                fields=["engagement_id", "-dead_at"],
                condition=Q(dead_at__isnull=False),
                name="notification_dead",
            ),
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


class NotificationAttempt(models.Model):
    """One try that failed, and in whose words; append-only. The try that worked is `Notification.sent_at`."""

    class Outcome(models.TextChoices):
        """What came of a try."""

        LATER = "later", pgettext_lazy("delivery", "Tried again later")
        NEVER = "never", pgettext_lazy("delivery", "Given up")

    notification = models.ForeignKey(Notification, models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=5, choices=Outcome)
    words = models.TextField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.notification_id} try {self.number}: {self.outcome}"


class LinkUse(models.Model):
    """A link in a message was followed to its end: it counts once for each person."""

    # No foreign keys, as in Notification.
    notification_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    act = models.CharField(max_length=60)
    about = models.CharField(max_length=60)
    used_at = models.DateTimeField()
    result = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notification_id", "user_id", "act"], name="link_used_once")
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.about} by {self.user_id}"


class Hook(models.Model):
    """A door of somebody else's system that an engagement tells: a chat channel, a webhook, a pager."""

    class Kind(models.TextChoices):
        """What stands behind the address; also the key of the channel that speaks to it."""

        SLACK = "slack", "Slack"
        TEAMS = "teams", "Microsoft Teams"
        WEBHOOK = "webhook", _("Signed webhook")
        EVENTS = "events", _("PagerDuty or Opsgenie")

    class Audience(models.TextChoices):
        """Whose system it is: what is for AWS only never reaches the customer's."""

        AWS = "aws", "AWS"
        CUSTOMER = "customer", _("Customer")

    # No foreign keys: the outbox lies below engagements and people, and what was sent stays on record.
    engagement_id = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=10, choices=Kind)
    audience = models.CharField(max_length=10, choices=Audience)
    name = models.CharField(max_length=80)
    # An incoming webhook's address is a password: it is shown by its host alone.
    url = models.TextField()
    # Signs a webhook; the routing key of PagerDuty, the API key of Opsgenie.
    secret = models.CharField(max_length=200, blank=True)
    what = models.JSONField(default=list)
    language = models.CharField(max_length=2, default="en")
    time_zone = models.CharField(max_length=64, default="UTC")
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=120)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"
