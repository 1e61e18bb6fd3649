"""What a runbook keeps for ever: frozen versions, the log of every act, gates with their votes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from warroom.models.runbook import Runbook, person


class RunbookVersion(models.Model):
    """A version of the plan as it was approved: header, streams and steps; never changed."""

    runbook = models.ForeignKey(Runbook, models.PROTECT, related_name="versions")
    revision = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    content = models.JSONField()
    approvals = models.JSONField(default=list)
    frozen_at = models.DateTimeField()
    by_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["revision"]
        constraints = [
            models.UniqueConstraint(fields=["runbook", "revision"], name="runbook_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.runbook_id} v{self.revision}"


class RunbookEntry(models.Model):
    """One act on a runbook: who did what to which step, when it happened and when it was entered.

    Rows are only ever added. `code` instead of a key, because a step may be taken out of the plan.
    """

    runbook = models.ForeignKey(Runbook, models.PROTECT, related_name="entries")
    code = models.CharField(max_length=20, blank=True)
    act = models.CharField(max_length=30)
    params = models.JSONField(default=dict)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["runbook", "code"], name="runbook_entry_by_code")]

    def __str__(self) -> str:
        return f"{self.act} {self.code}"


class GateRound(models.Model):
    """One time a gate was asked: questions, inputs as seen at the second of the decision, votes, outcome.

    Frozen once decided. A gate that was held is asked again as the next round.
    """

    runbook = models.ForeignKey(Runbook, models.PROTECT, related_name="gate_rounds")
    code = models.CharField(max_length=20)
    gate_key = models.CharField(max_length=10, blank=True)
    number = models.PositiveSmallIntegerField()
    questions = models.JSONField(default=list)
    outcomes = models.JSONField(default=list)
    roles = models.JSONField(default=list)
    default_outcome = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    asked_by_name = models.CharField(max_length=120)
    deadline_at = models.DateTimeField(_("decide by"), null=True, blank=True)

    inputs = models.JSONField(default=list)
    outcome = models.CharField(_("outcome"), max_length=20, blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    ask_again_at = models.DateTimeField(_("ask again at"), null=True, blank=True)
    weight_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = person(_("decided by"))
    decided_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["runbook", "code", "number"], name="gate_round_once"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, outcome="")
                | Q(decided_at__isnull=False) & ~Q(outcome=""),
                name="gate_round_decided_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"

    @property
    def is_decided(self) -> bool:
        """Whether the record is frozen."""
        return self.decided_at is not None


class GateVote(models.Model):
    """What one role says at a gate; whoever changes their mind adds a row, the newest of a role counts."""

    class Answer(models.TextChoices):
        """GO, no, or nothing to say."""

        GO = "go", _("GO")
        NO = "no", _("No-go")
        ABSTAIN = "abstain", _("Abstain")

    round = models.ForeignKey(GateRound, models.PROTECT, related_name="votes")
    role = models.CharField(_("role"), max_length=40)
    answer = models.CharField(_("vote"), max_length=7, choices=Answer)
    comment = models.TextField(_("comment"), blank=True)
    # The questions this role confirmed, by their keys.
    confirmed = models.JSONField(default=list)
    voter = person(_("voter"))
    voter_name = models.CharField(max_length=120)
    voted_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.role} {self.answer}"
