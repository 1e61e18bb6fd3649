"""Support cases of an escalation, what was written in them, and what the portal sends to AWS about them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from escalation.models.escalations import Escalation


class SupportCase(models.Model):
    """One case that is followed in AWS Support; the primary one's number and time stand on the escalation.

    `status` and `severity` are AWS's own words, kept as they come.
    """

    escalation = models.ForeignKey(Escalation, models.CASCADE, related_name="cases")
    account_id = models.CharField(max_length=12)
    # AWS's long id, which its API wants; people say `display_id`.
    case_id = models.CharField(max_length=80)
    display_id = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=400, blank=True)
    severity = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=40, blank=True)
    service = models.CharField(max_length=100, blank=True)
    category = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=5, blank=True)
    created_at = models.DateTimeField()
    # Its answer stops the clock, and its status says whether AWS waits for the customer.
    is_primary = models.BooleanField(default=False)
    # It has begun a wait since AWS last waited for nobody: one that people ended is not begun again.
    has_wait = models.BooleanField(default=False)
    # Only its number is known, as somebody typed it: AWS is asked for the case of that number.
    is_sought = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=20, blank=True)
    problem_text = models.TextField(blank=True)
    last_said_at = models.DateTimeField(null=True, blank=True)
    is_last_from_aws = models.BooleanField(default=False)
    last_text = models.CharField(max_length=300, blank=True)
    linked_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=120)
    # When it is read next; None: nobody needs to know any more.
    next_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-is_primary", "-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["escalation", "case_id"], name="support_case_once"),
            models.UniqueConstraint(
                fields=["escalation"], condition=Q(is_primary=True), name="support_case_one_primary"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="support_cases_to_read")
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people say: the display number, or the long id of a case without one."""
        return self.display_id or self.case_id

    def has_number(self, text: str) -> bool:
        """Is this its number, typed with or without blanks and dashes, or its long id?"""
        typed = "".join(text.split()).lstrip("#")
        return typed in {self.display_id, self.case_id} or typed.replace("-", "") == self.display_id

    @property
    def is_closed(self) -> bool:
        """Did AWS or the customer resolve it?"""
        return self.status == "resolved"

    @property
    def is_on_customer(self) -> bool:
        """Does AWS wait for the customer?"""
        return self.status == "pending-customer-action"


class CaseMessage(models.Model):
    """One message of a case, as AWS has it; append-only. AWS gives messages no id, so their words are one."""

    case = models.ForeignKey(SupportCase, models.CASCADE, related_name="messages")
    at = models.DateTimeField()
    by = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    is_from_aws = models.BooleanField()
    digest = models.CharField(max_length=32)
    seen_at = models.DateTimeField()
    # What came with it: {id, name}; the bytes stay with AWS until somebody asks for them.
    files = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "at", "digest"], name="case_message_once"),
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.at:%F %T}"


class CaseFile(models.Model):
    """A file that somebody put to the cases of an escalation; its bytes stay, for histories speak of it."""

    escalation = models.ForeignKey(Escalation, models.CASCADE, related_name="case_files")
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    stored_as = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """How a message to AWS names it."""
        return f"case-file:{self.pk}"


class CaseWrite(models.Model):
    """Something the portal sends to AWS Support: written down before it is sent, and kept for ever.

    ``recorded``: nothing sent yet. ``sent``: the one call is being made. ``unknown``: no answer came, so AWS is
    asked what it has before anything is sent again. ``done`` and ``failed`` are the ends.
    """

    class Kind(models.TextChoices):
        """What is sent."""

        OPEN = "open", _("Open a case")
        REPLY = "reply", _("Reply")
        RESOLVE = "resolve", _("Resolve the case")

    class State(models.TextChoices):
        """How far it is."""

        RECORDED = "recorded"
        SENT = "sent"
        UNKNOWN = "unknown"
        DONE = "done"
        FAILED = "failed"

    escalation = models.ForeignKey(Escalation, models.CASCADE, related_name="case_writes")
    case = models.ForeignKey(SupportCase, models.CASCADE, null=True, blank=True, related_name="writes")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.RECORDED)
    account_id = models.CharField(max_length=12)
    subject = models.CharField(max_length=400, blank=True)
    body = models.TextField(blank=True)
    # The rest of the request, in AWS's words: severityCode, serviceCode, categoryCode, issueType, language.
    request = models.JSONField(default=dict)
    # What goes along: {name, size, stored_as} of files in the store of attachments, whose bytes are never deleted.
    files = models.JSONField(default=list, blank=True)
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    times_sent = models.PositiveSmallIntegerField(default=0)
    # How often AWS was asked since the last sending, and did not have it.
    looks = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    error_kind = models.CharField(max_length=20, blank=True)
    error_code = models.CharField(max_length=80, blank=True)
    error_message = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            # Two clicks by two people open one case; two replies go one after the other.
            models.UniqueConstraint(
                fields=["escalation", "kind"],
                condition=Q(ended_at__isnull=True),
                name="case_write_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["recorded", "failed"]) | Q(sent_at__isnull=False),
                name="case_write_sent_is_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(ended_at__isnull=True), name="case_writes_to_send")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.state}"

    @property
    def file_names(self) -> list[str]:
        """What goes along with it."""
        return [one["name"] for one in self.files]
