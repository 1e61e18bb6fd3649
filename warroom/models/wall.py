"""How a board is shown: links of walls, the order of its tiles, lines of criteria, and what an account has to show."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement, SuccessCriterion


class WallLink(models.Model):
    """A read-only board for one screen without an account; of the secret only a digest is kept."""

    class Audience(models.TextChoices):
        """Whose board the screen shows."""

        CUSTOMER = "customer", _("What the customer sees")
        STAFF = "staff", _("What AWS sees")

    class Theme(models.TextChoices):
        """The ground of the screen."""

        DARK = "dark", _("Dark")
        LIGHT = "light", _("Light")

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.CUSTOMER)
    theme = models.CharField(max_length=5, choices=Theme, default=Theme.DARK)
    language = models.CharField(max_length=5)
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=120)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by_name="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_by_name="")),
                name="wall_link_revoked_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"wall {self.name}"

    @property
    def topic(self) -> str:
        """What the screen listens to: of this link alone."""
        return f"wall:{self.pk}"


class WallVisit(models.Model):
    """One opening of a wall, or one try after its end: append-only."""

    class What(models.TextChoices):
        """What happened."""

        OPENED = "opened"
        REFUSED = "refused"

    link = models.ForeignKey(WallLink, models.PROTECT, related_name="visits")
    what = models.CharField(max_length=10, choices=What)
    at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["link", "-at"], name="visits_of_a_wall")]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d %H:%M}"


class BoardLayout(models.Model):
    """In which order everybody sees the metric tiles of a board, and which are put away."""

    engagement = models.OneToOneField(Engagement, models.CASCADE, related_name="board_layout")
    version = models.PositiveIntegerField(default=0)
    # Rows of the workbook in order; those it does not name follow in the workbook's order.
    order = models.JSONField(default=list)
    hidden = models.JSONField(default=list)
    changed_by_name = models.CharField(max_length=120, blank=True)
    changed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"layout of {self.engagement_id}, version {self.version}"


class CriterionLine(models.Model):
    """A success criterion that is drawn on the chart of a watch, because somebody said that it measures it."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    watch_row = models.BigIntegerField()
    criterion = models.ForeignKey(SuccessCriterion, models.PROTECT, related_name="+")
    added_by_name = models.CharField(max_length=120)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["watch_row", "criterion"], name="criterion_line_once"),
        ]

    def __str__(self) -> str:
        return f"criterion {self.criterion_id} on {self.watch_row}"


class MetricListing(models.Model):
    """The metrics that one account publishes in one namespace, as it said when somebody last asked."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    account_id = models.CharField(max_length=12)
    region = models.CharField(max_length=30)
    namespace = models.CharField(max_length=255)
    # [[name, [[dimension, value], …]], …] in the order of names.
    metrics = models.JSONField(default=list)
    is_cut = models.BooleanField(default=False)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "account_id", "region", "namespace"], name="metric_listing_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.namespace} of {self.account_id} in {self.region}"
