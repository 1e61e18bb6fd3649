"""What both sides did before the newcomer arrived: agreed, ticked off, and went from phase to phase."""

from __future__ import annotations

from datetime import datetime, timedelta

from engagements import criteria, phases, schedule
from engagements.models import Engagement, Phase, Role
from iem_portal.registry import demo_parts

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: Things get done a little before they are due.
EARLY = 2 * HOUR
GO_NO_GO = "M24"
OVERRIDE_REASON = (
    "The last quota value came by phone and is written down after the night. Both sides agreed to go on."
)


@demo_parts.register
class Planning:
    """The plan phase of both events: criteria agreed, milestones ticked off on their days."""

    key = "demo.planning"
    order = 15

    def seed(self, world, now: datetime) -> None:
        """Needs both engagements in their first phase; one that has moved on is left as it is."""
        self._cutover(world, now)
        self._rival(world, now)

    def _cutover(self, world, now: datetime) -> None:
        engagement = fresh(world.engagement)
        if engagement.phase != Phase.INITIATE:
            return
        tam, lead = world.people["tam"], world.people["customer"]
        move(engagement, by=tam, at=engagement.requested_at + 5 * DAY)
        agree_to_all(engagement, Role.CUSTOMER_LEAD, by=lead, at=engagement.starts_at - 39 * DAY)
        agree_to_all(engagement, Role.TAM, by=tam, at=engagement.starts_at - 38 * DAY)
        tick_off(engagement, world.people, until=now)

    def _rival(self, world, now: datetime) -> None:
        engagement = fresh(world.rival_engagement)
        if engagement.phase != Phase.INITIATE:
            return
        # Late request: the kick-off went quickly, the lead has not agreed to the criterion yet.
        move(engagement, by=world.people["tam"], at=engagement.requested_at + 2 * DAY)
        agree_to_all(engagement, Role.TAM, by=world.people["tam"], at=engagement.requested_at + 3 * DAY)
        tick_off(engagement, world.people | {"customer": world.people["rival"]}, until=now - 2 * DAY)


@demo_parts.register
class Going:
    """The night begins: the cutover's gate to the execute phase, after the workbook was filled."""

    key = "demo.going"
    order = 25

    def seed(self, world, now: datetime) -> None:
        """Dated an hour after the go/no-go meeting."""
        engagement = fresh(world.engagement)
        if engagement.phase == Phase.PLAN:
            met_at = engagement.milestones.get(code=GO_NO_GO).done_at
            move(engagement, by=world.people["tam"], at=met_at + HOUR)
        world.engagement, world.rival_engagement = fresh(world.engagement), fresh(world.rival_engagement)


def fresh(engagement: Engagement) -> Engagement:
    """The engagement as it is now, with its customer."""
    return Engagement.objects.select_related("customer").get(pk=engagement.pk)


def move(engagement: Engagement, *, by, at: datetime) -> None:
    """Into the next phase, through the gate that everybody goes through; with a reason when it is not clean."""
    engagement.refresh_from_db(fields=["version"])
    phases.move_phase(
        engagement=engagement, by=by, now=at, base_version=engagement.version, reason=OVERRIDE_REASON
    )


def agree_to_all(engagement: Engagement, role: Role, *, by, at: datetime) -> None:
    """One side says yes to every criterion, a minute each."""
    for place, criterion in enumerate(criteria.of(engagement)):
        criteria.agree(
            criterion=criterion,
            role=role,
            base_version=criterion.version,
            by=by,
            now=at + place * timedelta(minutes=1),
        )


def tick_off(engagement: Engagement, people: dict, *, until: datetime) -> None:
    """Every milestone that fell due before ``until`` is done, by somebody of the side that owns it."""
    waiting = engagement.milestones.filter(due_at__lt=until, done_at=None).select_related("engagement")
    for milestone in waiting.order_by("due_at"):
        person = people["tam" if milestone.owner_role in ("TAM", "SA", "TAM+CL") else "customer"]
        early = milestone.due_at - (EARLY if milestone.due_at < engagement.starts_at else timedelta())
        schedule.set_done(
            milestone=milestone, is_done=True, by=person, now=max(early, engagement.requested_at)
        )
