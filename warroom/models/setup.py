"""How an account is reached and what that may cost: set-up, External IDs, probes, budget, the door for events."""

import secrets
import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from iem_portal.accounts.models import Customer


class AccountSetup(models.Model):
    """How one account of an engagement is read, beside the role that stands on the account itself."""

    class HealthView(models.TextChoices):
        """Whose AWS Health is asked for here."""

        ACCOUNT = "account", _("This account")
        ORGANIZATION = "organization", _("The whole organization")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="account_setups")
    account_id = models.CharField(max_length=12)
    # The monitoring account that sees its metrics (CloudWatch cross-account observability); empty: itself.
    monitored_by = models.CharField(max_length=12, blank=True)
    health_view = models.CharField(max_length=12, choices=HealthView, default=HealthView.ACCOUNT)
    changed_at = models.DateTimeField()
    changed_by_name = models.CharField(max_length=120)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "account_id"], name="account_setup_once"),
            models.CheckConstraint(
                condition=~Q(monitored_by=models.F("account_id")), name="account_not_monitored_by_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.account_id


def new_external_id() -> str:
    """128 random bits: nobody can guess it, and it never comes twice."""
    return f"iem-{secrets.token_hex(16)}"


class IssuedExternalId(models.Model):
    """An External ID that the portal gave to one customer's account; kept for ever, never given again.

    Chosen by the portal and different for each customer, so that nobody can make the portal read an account by
    naming somebody else's role (the confused deputy). Source: IAM user guide, external ID.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="external_ids")
    account_id = models.CharField(max_length=12)
    value = models.CharField(max_length=80, unique=True, default=new_external_id)
    issued_at = models.DateTimeField()
    issued_by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "account_id"], name="external_id_once_per_account"),
        ]

    def __str__(self) -> str:
        return self.account_id


class AccountProbe(models.Model):
    """One run of the probes of an account: what may be read there, permission by permission. Append-only."""

    class Status(models.TextChoices):
        """How far it is."""

        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="account_probes")
    account_id = models.CharField(max_length=12)
    region = models.CharField(max_length=30)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    asked_at = models.DateTimeField()
    asked_by_name = models.CharField(max_length=120)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # [{"key", "verdict": "yes" | "no" | "unknown", "kind", "message"}], in the order of the probes.
    findings = models.JSONField(default=list)
    # Seconds that our clock is ahead of AWS's; None when AWS did not say.
    skew_s = models.FloatField(null=True, blank=True)
    # "api": a plan that includes the Support API; "basic": one that does not; "": unknown.
    plan = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "account_id"],
                condition=~Q(status="done"),
                name="account_probe_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.asked_at:%F %T}"


class PollBudget(models.Model):
    """What reading AWS may cost on one day (UTC), and how far reading was cut back because of it."""

    engagement = models.OneToOneField(Engagement, models.CASCADE, related_name="poll_budget")
    usd_per_day = models.DecimalField(_("budget a day in USD"), max_digits=8, decimal_places=2)
    changed_at = models.DateTimeField()
    changed_by_name = models.CharField(max_length=120)
    # 0: everything; higher: see warroom.setup.tiers.
    level = models.PositiveSmallIntegerField(default=0)
    level_since_at = models.DateTimeField(null=True, blank=True)
    spent_usd = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(usd_per_day__gt=0), name="poll_budget_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.usd_per_day} USD a day"


class EventDoor(models.Model):
    """Where EventBridge's events of one engagement come in: an address and the secret that signs them."""

    engagement = models.OneToOneField(Engagement, models.CASCADE, related_name="event_door")
    address = models.UUIDField(unique=True, default=uuid.uuid4)
    secret = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=120)
    last_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.address)


class InboundEvent(models.Model):
    """One page of an event that came in through the door; `key` is what makes two deliveries the same event."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="inbound_events")
    key = models.CharField(max_length=64)
    page = models.PositiveSmallIntegerField(default=1)
    pages = models.PositiveSmallIntegerField(default=1)
    arn = models.CharField(max_length=400)
    account_id = models.CharField(max_length=12)
    detail = models.JSONField()
    received_at = models.DateTimeField()
    # When the event, all of its pages, was put on the board.
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "key", "page"], name="inbound_event_once"),
        ]
        indexes = [models.Index(fields=["engagement", "received_at"], name="inbound_events_by_time")]

    def __str__(self) -> str:
        return f"{self.arn} {self.page}/{self.pages}"
