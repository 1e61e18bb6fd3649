"""The readiness check: both sides sign on the evidence as it stood. Source: planning workbook, section WB21."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from engagements import access, schedule, timeline
from engagements.criteria import AGREES_FOR
from engagements.errors import Conflict, InvalidValue
from engagements.models import Engagement, Milestone
from engagements.phases import in_every_language
from iem_portal.texts import can_be_kept
from workbook.models import Freeze, Signature
from workbook.readiness import outline
from workbook.scorecard import diff as differences
from workbook.scorecard.content import content_of
from workbook.scorecard.freezing import freeze
from workbook.scorecard.results import RESULTS

MAX_WORDS = 2000
#: The milestone that both signatures tick off.
MILESTONE = "M20"


class ChangedSince(Exception):
    """Answers changed after the first signature; the second signer must say that they saw it. ``count`` is how many."""

    def __init__(self, count: int):
        super().__init__(str(count))
        self.count = count


@dataclass(frozen=True)
class Check:
    """The readiness check as it stands: the signatures of either side, and the freeze they rest on."""

    customer: Signature | None
    aws: Signature | None

    @property
    def freeze(self) -> Freeze | None:
        """The evidence of the first signature."""
        first = min(filter(None, (self.customer, self.aws)), key=lambda one: one.at, default=None)
        return first.freeze if first else None

    @property
    def is_signed(self) -> bool:
        """Whether both sides signed."""
        return bool(self.customer and self.aws)

    @property
    def result(self) -> str:
        """What both say: the more careful word of the two; empty before both signed."""
        if not self.is_signed:
            return ""
        return max((self.customer.result, self.aws.result), key=list(Signature.Result.values).index)

    @property
    def is_go(self) -> bool:
        """Whether both sides say go, with conditions or without."""
        return self.is_signed and self.result != Signature.Result.NO_GO


def all_of(engagement: Engagement) -> list[Signature]:
    """Every signature with its freeze, those taken back too. One query."""
    signatures = Signature.objects.filter(engagement=engagement).select_related("freeze")
    return list(signatures.defer("freeze__content"))


def standing(engagement: Engagement) -> Check:
    """The check as it stands. One query."""
    return check_of(all_of(engagement))


def check_of(signatures: list[Signature]) -> Check:
    """The check out of every signature: those that hold count."""
    found = {one.side: one for one in signatures if one.withdrawn_at is None}
    return Check(found.get(Signature.Side.CUSTOMER), found.get(Signature.Side.AWS))


def side_of(role) -> str:
    """For which side this role signs: the TAM for AWS, the customer's lead for the customer; nobody else."""
    return AGREES_FOR.get(role, "")


def changes_since(engagement: Engagement, kept: Freeze) -> list[differences.Change]:
    """What changed in the answers since a freeze."""
    return differences.diff(kept.content, content_of(engagement, outline(engagement)))


def sign(
    *, engagement: Engagement, result: str, words: str, seen: int | None = None, by, now: datetime
) -> Signature:
    """Sign for the person's side. The first signature freezes the workbook as its evidence.

    The second rests on the same freeze: when answers changed since, ``seen`` must be how many changes
    the signer was shown, or ChangedSince is raised. Raises PermissionDenied for anybody but the TAM and the
    customer's lead, InvalidValue on "result" or "words", Conflict when the side has signed.
    """
    side = side_of(access.role_of(by, engagement))
    if not side:
        raise PermissionDenied("sign")
    _check(result, words)
    try:
        with transaction.atomic():
            # Two first signatures at one instant would freeze two pieces of evidence.
            Engagement.objects.select_for_update().only("pk").get(pk=engagement.pk)
            check = standing(engagement)
            kept, count = check.freeze, 0
            if kept is None:
                kept = freeze(engagement=engagement, kind=Freeze.Kind.SIGNING, by=by, now=now)
            elif (count := len(changes_since(engagement, kept))) and seen != count:
                raise ChangedSince(count)
            made = Signature.objects.create(
                engagement=engagement, side=side, result=result, words=words.strip(), freeze=kept,
                changes_seen=count, by_id=by.pk, by_name=by.name, at=now,
            )  # fmt: skip
            _told(engagement, "workbook.signed", made, by, now)
            if standing(engagement).is_go:
                _tick(engagement, by, now)
    except IntegrityError:
        raise Conflict(side) from None
    return made


def _check(result: str, words: str) -> None:
    errors = {}
    if result not in Signature.Result.values:
        errors["result"] = _("Choose one of the list.")
    if result in {Signature.Result.CONDITIONS, Signature.Result.NO_GO} and not words.strip():
        errors["words"] = _("Write the conditions, or why it is a no-go.")
    if len(words) > MAX_WORDS or not can_be_kept(words):
        errors["words"] = _("Use at most %(n)d characters.") % {"n": MAX_WORDS}
    if errors:
        raise InvalidValue(errors)


def _tick(engagement: Engagement, by, now: datetime) -> None:
    """What both sides signed need not be ticked off by hand."""
    milestone = Milestone.objects.filter(engagement=engagement, code=MILESTONE).first()
    if milestone:
        schedule.set_done(milestone=milestone, is_done=True, by=by, now=now)


def withdraw(*, engagement: Engagement, reason: str, by, now: datetime) -> None:
    """Take back the signature of one's own side with a reason. Raises PermissionDenied and InvalidValue."""
    side = side_of(access.role_of(by, engagement))
    if not side:
        raise PermissionDenied("sign")
    if not reason.strip() or len(reason) > MAX_WORDS or not can_be_kept(reason):
        raise InvalidValue({"withdrawn": _("Say why the signature is taken back.")})
    with transaction.atomic():
        mine = Signature.objects.filter(engagement=engagement, side=side, withdrawn_at=None)
        made = mine.first()
        changed = mine.update(withdrawn_at=now, withdrawn_by_name=by.name, withdrawn_reason=reason.strip())
        if changed:
            _told(engagement, "workbook.unsigned", made, by, now, text=reason.strip())


def _told(
    engagement: Engagement, phrase: str, signature: Signature, by, now: datetime, text: str = ""
) -> None:
    timeline.record(
        engagement, phrase, by=by, now=now, kind="decision", text=text or signature.words,
        params={"result": in_every_language(lambda: RESULTS[signature.result][1])},
        subject_type="signature", subject_id=signature.pk,
    )  # fmt: skip
