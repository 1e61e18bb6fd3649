"""The timed plan of an event day: runbooks with their header, people and streams."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement


def person(label):
    """A person who may leave; the name is kept beside it where history needs it."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=label
    )


class Runbook(models.Model):
    """One timed plan of an engagement, made from a template, approved, rehearsed and run.

    `revision` counts the versions of the plan (a version is frozen when it is approved), `version` the
    changes of the header, so that two who change it at once notice. Fields after AWS Prescriptive
    Guidance, cutover runbook, and the runbook header of the planning workbook.
    """

    class Kind(models.TextChoices):
        """What sort of plan it is."""

        CUTOVER = "cutover", _("Cutover")
        EVENT_DAY = "event-day", _("Event day")
        ROLLBACK = "rollback", _("Rollback")
        FAIL_BACK = "fail-back", _("Fail-back")
        SCALE_UP = "scale-up", _("Scale-up")
        SCALE_DOWN = "scale-down", _("Scale-down")
        DR = "dr", _("Disaster recovery")

    class Status(models.TextChoices):
        """Where the plan is between its first draft and its end."""

        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        APPROVED = "approved", _("Approved")
        REHEARSING = "rehearsing", _("Rehearsing")
        READY = "ready", _("Ready")
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        COMPLETED = "completed", _("Completed")
        ROLLED_BACK = "rolled_back", _("Rolled back")
        ABORTED = "aborted", _("Aborted")

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="runbooks")
    number = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.CUTOVER)
    rehearsal_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="rehearsals")
    title = models.JSONField(_("title"))
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.DRAFT)
    revision = models.PositiveSmallIntegerField(_("version"), default=1)
    frozen_revision = models.PositiveSmallIntegerField(default=0)
    change_reason = models.TextField(_("why this version"), blank=True)
    version = models.PositiveIntegerField(default=1)
    # {key, label, lead, colour 1 to 8, rag ("", green, amber, red), message}
    streams = models.JSONField(_("streams"), default=list)
    template_key = models.CharField(max_length=30)
    template_version = models.PositiveSmallIntegerField()

    t0_at = models.DateTimeField(_("T0"), null=True, blank=True, help_text=_("Empty: T0 of the event."))
    window_end_at = models.DateTimeField(_("end of the window"), null=True, blank=True)
    downtime_budget_min = models.PositiveIntegerField(_("downtime budget (min)"), null=True, blank=True)
    rto_min = models.PositiveIntegerField(_("recovery time objective (min)"), null=True, blank=True)
    rpo_min = models.PositiveIntegerField(_("recovery point objective (min)"), null=True, blank=True)
    safety_margin_min = models.PositiveIntegerField(_("safety margin (min)"), default=15)

    commander = person(_("commander"))
    deputy = person(_("deputy commander"))
    scribe = person(_("scribe"))
    comms = person(_("communications"))
    # {side, id, name, at}: who approved this revision, one of each side.
    approvals = models.JSONField(default=list)

    # Code of the gate, "none" when everything can be taken back, "" while nobody said.
    point_of_no_return = models.CharField(_("point of no return"), max_length=20, blank=True)
    rollback = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="undoes")
    fix_forward_min = models.PositiveIntegerField(_("fix forward (min)"), null=True, blank=True)
    fail_back_min = models.PositiveIntegerField(_("fail back with data merge (min)"), null=True, blank=True)
    # {metric, limit, minutes}: agreed before the event, so that nobody has to argue at night.
    rollback_triggers = models.JSONField(_("rollback triggers"), default=list, blank=True)
    rollback_callers = models.JSONField(_("who may call the rollback"), default=list, blank=True)

    started_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # When users lost the service, for plans without a step that starts the downtime.
    outage_started_at = models.DateTimeField(null=True, blank=True)
    drafted_message = models.TextField(blank=True)
    created_by_name = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="runbook_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.engagement_id} {self.kind}"

    @property
    def t0(self) -> datetime:
        """The instant (UTC) that steps are counted from: its own, else the event's."""
        return self.t0_at or self.engagement.starts_at

    @property
    def window_end(self) -> datetime:
        """Until when everything has to be over, UTC."""
        return self.window_end_at or max(self.engagement.ends_at, self.t0)

    @property
    def margin(self) -> timedelta:
        """What is kept free between the end of a rollback and the end of the window."""
        return timedelta(minutes=self.safety_margin_min)

    @property
    def is_editable(self) -> bool:
        """Whether the plan may be changed: a draft, or a new version opened while the run is paused."""
        is_reopened = self.revision > self.frozen_revision
        return self.status == self.Status.DRAFT or (self.status == self.Status.PAUSED and is_reopened)

    @property
    def is_cleared(self) -> bool:
        """Whether gates may be passed: the plan was approved and has not been closed or paused."""
        return self.status in CLEARED

    @property
    def is_over(self) -> bool:
        """Whether the run has ended, in whatever way."""
        return self.status in OVER

    def commands(self, user) -> bool:
        """Whether this person has the final word: the commander or the deputy; the portal itself always."""
        return user.pk is None or user.pk in (self.commander_id, self.deputy_id)


CLEARED = frozenset({"approved", "rehearsing", "ready", "running"})
OVER = frozenset({"completed", "rolled_back", "aborted"})
#: Plans that are drawn only when they are called or practised, never as the plan of the event.
BESIDE = frozenset({"rollback", "fail-back"})
