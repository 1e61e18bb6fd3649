"""Links with which somebody without an account fills one section, and every time one was used."""

from django.db import models
from django.db.models import Q

from engagements.models import Engagement


class GuestLink(models.Model):
    """One section for one guest; of the secret only a digest is kept."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="+")
    section = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=5)
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=120)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["engagement", "section"], name="guest_links_of_a_section")]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by_name="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_by_name="")),
                name="guest_link_revoked_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.section}"

    @property
    def topic(self) -> str:
        """What the guest's page listens to: of this link alone."""
        return f"guest:{self.pk}"


class GuestVisit(models.Model):
    """One use of a link, or one try to use it after its end: append-only."""

    class What(models.TextChoices):
        """What happened."""

        OPENED = "opened"
        REFUSED = "refused"

    link = models.ForeignKey(GuestLink, models.PROTECT, related_name="visits")
    what = models.CharField(max_length=10, choices=What.choices)
    at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["link", "-at"], name="visits_of_a_guest_link")]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d %H:%M}"
