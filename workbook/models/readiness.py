"""How ready an event is judged to be: overrides of colours, readings over time, freezes, signatures, reminders."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from engagements.models import Engagement


class Freeze(models.Model):
    """The whole workbook as it stood at one instant: written once, never changed."""

    class Kind(models.TextChoices):
        """Why it was made."""

        GATE = "gate"
        HAND = "hand"
        SIGNING = "signing"

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="workbook_freezes")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    # The phase that was left, for a freeze at a gate.
    from_phase = models.CharField(max_length=10, blank=True)
    # Sections, rows and cells; see scorecard/content.py for the shape.
    content = models.JSONField()
    # Progress and the scorecard as they stood; apart from the content, because lists show them.
    progress = models.JSONField()
    scorecard = models.JSONField()
    cell_count = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="freeze_number_once"),
            models.CheckConstraint(condition=~Q(kind="hand") | ~Q(name=""), name="freeze_by_hand_is_named"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name or self.kind}"


class Override(models.Model):
    """A person's colour for one line of the scorecard, above the one that the rules give."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="workbook_overrides")
    line = models.CharField(max_length=20)
    colour = models.CharField(max_length=6)
    # What the rules said at that moment: both are shown.
    worked_out = models.CharField(max_length=6)
    reason = models.TextField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "line"], condition=Q(withdrawn_at__isnull=True), name="override_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by_name="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by_name="")),
                name="override_withdrawn_by_someone",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.colour}"


class Reading(models.Model):
    """The colours and the progress of one day, or of one freeze: the points of the trend."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="workbook_readings")
    # The day in the engagement's zone.
    day = models.DateField()
    freeze = models.OneToOneField(Freeze, models.PROTECT, null=True, related_name="reading")
    taken_at = models.DateTimeField()
    # {line: {"colour": shown, "worked_out": by the rules}}
    colours = models.JSONField()
    percent = models.PositiveSmallIntegerField()
    late = models.PositiveIntegerField()

    class Meta:
        ordering = ["taken_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "day"], condition=Q(freeze__isnull=True), name="reading_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engagement_id} {self.day}"


class Signature(models.Model):
    """One side's word at the readiness check, on the evidence as it stood in a freeze."""

    class Side(models.TextChoices):
        """Who signs."""

        CUSTOMER = "customer"
        AWS = "aws"

    class Result(models.TextChoices):
        """What the signer says. Source: planning workbook, section WB21."""

        GO = "go"
        CONDITIONS = "conditions"
        NO_GO = "no_go"

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="workbook_signatures")
    side = models.CharField(max_length=10, choices=Side)
    result = models.CharField(max_length=10, choices=Result)
    words = models.TextField(blank=True)
    freeze = models.ForeignKey(Freeze, models.PROTECT, related_name="signatures")
    # Answers that changed between the freeze and this signature, which the signer confirmed having seen.
    changes_seen = models.PositiveIntegerField(default=0)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by_name = models.CharField(max_length=120, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "side"],
                condition=Q(withdrawn_at__isnull=True),
                name="signed_once_a_side",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="") & ~Q(withdrawn_by_name="")),
                name="signature_withdrawn_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(result="go") | ~Q(words=""), name="signature_with_conditions_says_them"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side}: {self.result}"


class NotApplicable(models.Model):
    """ "This question does not apply to us", with the reason; it counts once AWS's side accepted it."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="workbook_exemptions")
    section = models.CharField(max_length=20)
    row = models.ForeignKey("workbook.Row", models.PROTECT, related_name="exemptions")
    field = models.CharField(max_length=40)
    reason = models.TextField()
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    accepted_by_name = models.CharField(max_length=120, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    # Taken back by the customer's side, or refused by AWS's.
    ended_by_name = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["row", "field"], condition=Q(ended_at__isnull=True), name="not_applicable_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="not_applicable_for_a_reason"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(accepted_at__gte=F("asked_at")),
                name="not_applicable_asked_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.reason[:40]}"


class Digest(models.Model):
    """One person's reminder of one local day: made once, whichever worker was quicker."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # The day in the person's own time zone.
    day = models.DateField()
    made_at = models.DateTimeField()
    engagements = models.JSONField(default=list)

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"


class Quiet(models.Model):
    """This person wants no reminders about this engagement."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "engagement"], name="quiet_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.engagement_id}"
