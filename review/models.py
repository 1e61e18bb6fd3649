"""What people write about an event once it is over."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from review.scoring import Verdict


class Report(models.Model):
    """The words of one engagement's review report; every number in it is read from where it happened."""

    class VerdictWord(models.TextChoices):
        """The four verdicts as people read them."""

        SUCCESS = Verdict.SUCCESS.value, _("Success")
        SUCCESS_WITH_ISSUES = Verdict.SUCCESS_WITH_ISSUES.value, _("Success with issues")
        PARTIAL = Verdict.PARTIAL.value, _("Partial success")
        FAILED = Verdict.FAILED.value, _("Failed")

    engagement = models.OneToOneField(Engagement, models.PROTECT, related_name="report")
    # Empty: the verdict the numbers suggest is shown, marked as such.
    verdict = models.CharField(_("verdict"), max_length=20, choices=VerdictWord, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    went_well = models.TextField(_("what went well"), blank=True)
    to_improve = models.TextField(_("what to improve"), blank=True)
    edited_by_name = models.CharField(max_length=120, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["engagement"]

    def __str__(self) -> str:
        return str(self.engagement)
