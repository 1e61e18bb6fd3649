"""What people say and promise about a section, a row or a cell; notes of AWS have a model of their own."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from workbook.models.cells import Row


class Placed(models.Model):
    """Hangs on a cell, on a row (no field) or on a whole section (no row either)."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="+")
    section = models.CharField(max_length=20)
    row = models.ForeignKey(Row, models.PROTECT, null=True, related_name="+")
    field = models.CharField(max_length=40, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} at {self.section}/{self.row_id or ''}/{self.field}"


class Thread(Placed):
    """A talk in one place: open until somebody resolves it; one place has at most one open thread."""

    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    resolved_at = models.DateTimeField(null=True)
    resolved_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["engagement", "section"], name="threads_of_a_section")]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by_name="")
                | (Q(resolved_at__isnull=False) & ~Q(resolved_by_name="")),
                name="thread_resolved_by_someone",
            ),
            models.UniqueConstraint(
                fields=["row", "field"], condition=Q(resolved_at__isnull=True), name="open_thread_once"
            ),
            models.UniqueConstraint(
                fields=["engagement", "section"],
                condition=Q(resolved_at__isnull=True, row__isnull=True),
                name="open_section_thread_once",
            ),
        ]


class Comment(models.Model):
    """One person's word in a thread; its wordings are all kept, and a deleted one leaves its trace."""

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="comments")
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.by_name} v{self.version}"


class Wording(models.Model):
    """What a comment said in one version: texts, and the numbers of the people it mentions. Append-only."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="wordings")
    version = models.PositiveIntegerField()
    body = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "version"], name="wording_once_per_version")
        ]

    def __str__(self) -> str:
        return f"v{self.version}"


class Note(Placed):
    """What AWS's side writes down for itself; no customer ever receives it, in any response."""

    text = models.TextField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["engagement", "section"], name="notes_of_a_section")]


class OpenItem(Placed):
    """ "I don't know, ask X": the question that a cell waits for. Answered by itself when a value is saved."""

    class State(models.TextChoices):
        """Where the question stands; an open one counts as answered once its cell got a value."""

        OPEN = "open", _("Open")
        ANSWERED = "answered", _("Answered")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    question = models.TextField()
    asked_id = models.BigIntegerField(null=True)
    asked_name = models.CharField(max_length=120)
    due_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=120, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["engagement", "state"], name="open_items_of_a_workbook")]
        constraints = [
            models.UniqueConstraint(
                fields=["row", "field"], condition=Q(state="open"), name="open_item_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="open_item_closed_with_state",
            ),
            models.CheckConstraint(
                condition=Q(row__isnull=False) & ~Q(field=""), name="open_item_is_about_a_cell"
            ),
        ]


class SectionState(models.Model):
    """Where a section stands in its review; made when it is first assigned or submitted, in draft before that."""

    class State(models.TextChoices):
        """The way of a section from the first word to AWS's consent."""

        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        REVIEWED = "reviewed", _("Reviewed")
        ACCEPTED = "accepted", _("Accepted")
        RETURNED = "returned", _("Returned")

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="workbook_states")
    section = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)
    moved_by_name = models.CharField(max_length=120, blank=True)
    words = models.TextField(blank=True)
    #: The newest change of the section that the move has seen; any later one is "changed since".
    seen_change = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "section"], name="section_state_once"),
        ]

    def __str__(self) -> str:
        return f"{self.section}: {self.state} v{self.version}"


class SectionMove(models.Model):
    """One step of a section's review: append-only."""

    section_state = models.ForeignKey(SectionState, models.PROTECT, related_name="moves")
    version = models.PositiveIntegerField()
    state_from = models.CharField(max_length=10)
    state_to = models.CharField(max_length=10)
    words = models.TextField(blank=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["section_state", "version"], name="section_move_once_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.state_from} → {self.state_to}"


class Assignment(models.Model):
    """A section in somebody's hands until a day; one taken away stays in the history."""

    section_state = models.ForeignKey(SectionState, models.PROTECT, related_name="assignments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    at = models.DateTimeField()
    by_name = models.CharField(max_length=120)
    removed_at = models.DateTimeField(null=True)
    removed_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["section_state", "user"],
                condition=Q(removed_at__isnull=True),
                name="assigned_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section_state_id}: {self.user_id}"
