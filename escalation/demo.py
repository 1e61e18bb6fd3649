"""The demo's escalations: one answered in time and over, one whose clock runs while the newcomer watches."""

from __future__ import annotations

from datetime import datetime, timedelta

from escalation import actions, engine, promises
from escalation.attainment import causes
from escalation.ladder import drill, policies
from escalation.models import BreachCause
from iem_portal.notifications.models import Notification
from iem_portal.registry import demo_parts

MINUTE = timedelta(minutes=1)
# The critical promise is 15 minutes: 80 % is used some 80 s after the start, the breach comes 3 min later.
CASE_AGE = timedelta(minutes=10, seconds=40)

# What is known of the one that is over, and of the one that runs.
LINE = {
    "title": "Packet loss on Direct Connect",
    "symptom": "One of two connections in Seoul loses packets. Copying to AWS is slower than planned.",
    "severity": "urgent",
    "severity_reason": "Half of the path to AWS is gone, three hours before the last copy.",
    "lane": "technical",
    "module": "Line to Seoul",
    "restore_target_min": 45,
    "facts": {
        "impact": "Copying to AWS runs at half its speed; the last copy would end 70 minutes late.",
        "service": "AWS Direct Connect",
        "region": "ap-northeast-2",
        "tried": "Traffic moved to the second connection; the router at home shows no fault.",
        "wanted": "A look at the port in the Seoul location.",
    },
    "signal": {
        "type": "health",
        "id": "AWS_DIRECTCONNECT_OPERATIONAL_ISSUE",
        "label": "Direct Connect, ap-northeast-2",
    },
}
DATABASE = {
    "title": "Replication stalled on ENROL-DB",
    "symptom": "The lag of the enrolment database grows by the second. It must be zero before the switch.",
    "severity": "critical",
    "severity_reason": "Enrolment and payments stay closed for 205,000 students until it is solved.",
    "lane": "technical",
    "module": "Enrolment database",
    "restore_target_min": 60,
    "facts": {
        "impact": "205,000 students cannot enrol or pay after 08:00 if it is not solved.",
        "service": "AWS DMS",
        "region": "ap-northeast-2",
        "resources": "dms-enrol-cdc-01",
    },
    "signal": {"type": "alarm", "id": "enrol-db-replication-lag", "label": "enrol-db-replication-lag"},
}


@demo_parts.register
class Escalations:
    """Plays both through the same verbs that people use, at the times they happened."""

    key = "escalations"
    order = 60

    def seed(self, world, now: datetime) -> None:
        """Needs `world.engagement` and the people tam, customer and warroom."""
        promises.restore_shipped()
        policies.restore_shipped(now)
        self._drill(world, world.engagement.starts_at - 5 * timedelta(hours=1))
        self._direct_connect(world, world.engagement.starts_at)
        self._replication(world, now)

    def _direct_connect(self, world, t0: datetime) -> None:
        tam, support = world.people["tam"], world.people["warroom"]
        began = t0 - 60 * MINUTE
        escalation = actions.open_escalation(
            engagement=world.engagement,
            **LINE,
            detected_at=began,
            by=tam,
            now=began + 2 * MINUTE,
        )
        opened = began + 4 * MINUTE
        actions.case_opened(escalation=escalation, case_id="7741 4096", by=tam, now=opened)
        engine.run_due(opened + 30 * MINUTE)
        actions.acknowledge(
            escalation=escalation, by=tam, now=opened + 31 * MINUTE, note="On the phone with AWS."
        )
        actions.answered(escalation=escalation, how="call", by=support, now=opened + 38 * MINUTE)
        self._say(
            escalation, support, opened + 41 * MINUTE, "phone", "Traffic is moved to the second connection."
        )
        actions.restored(escalation=escalation, by=support, now=t0 + 2 * MINUTE)
        actions.resolved(
            escalation=escalation,
            resolution="AWS replaced a faulty optic at the Seoul location; both connections carry traffic again.",
            by=tam,
            now=t0 + 30 * MINUTE,
        )
        self._say_why(escalation, tam, t0)

    def _say_why(self, escalation, tam, t0: datetime) -> None:
        # Restored after 62 minutes instead of 45: the objective broke, and somebody said why.
        broken = [promise.key for promise in causes.of_escalation(escalation, t0 + 31 * MINUTE)]
        causes.name_cause(
            escalation=escalation,
            breaches=broken,
            kind=BreachCause.Kind.OTHER,
            text="The optic was changed by hand at the Seoul location; the way there took half an hour.",
            by=tam,
            now=t0 + 35 * MINUTE,
        )

    def _drill(self, world, at: datetime) -> None:
        """The test page before the event: three people answered it."""
        held = drill.start(
            engagement=world.engagement, by=world.people["tam"], now=at, note="Five hours before."
        )
        # Sent then, not when the demo is made: nobody answers before the question is out.
        Notification.objects.filter(about=drill.about(held.pk)).update(sent_at=at + MINUTE / 12)
        names = {person.name for person in world.people.values()}
        for number, answer in enumerate(drill.answers(held), start=1):
            if answer.page.name in names:
                drill.answered(page=answer.page, now=at + number * MINUTE / 2)

    def _replication(self, world, now: datetime) -> None:
        tam, customer = world.people["tam"], world.people["customer"]
        opened = now - CASE_AGE
        escalation = actions.open_escalation(
            engagement=world.engagement,
            **DATABASE,
            detected_at=opened - 2 * MINUTE,
            by=customer,
            now=opened - MINUTE,
        )
        actions.case_opened(escalation=escalation, case_id="7741 5120", by=tam, now=opened)
        engine.run_due(opened + timedelta(minutes=7, seconds=30))
        self._say(
            escalation, tam, opened + 4 * MINUTE, "phone", "Asked the desk for an engineer who knows DMS."
        )
        actions.acknowledge(
            escalation=escalation,
            by=tam,
            now=opened + 7.75 * MINUTE,
            note="Waiting on the phone for an engineer.",
        )
        self._say(
            escalation,
            customer,
            opened + 8 * MINUTE,
            "bridge",
            "The task log shows large rows. No restart yet.",
            is_update=True,
        )
        actions.raise_management(
            escalation=escalation,
            level=1,
            owner_name=customer.name,
            note="Knows, and keeps the enrolment team away from the database.",
            by=customer,
            now=opened + 9 * MINUTE,
        )

    def _say(self, escalation, by, at: datetime, channel: str, text: str, *, is_update: bool = False) -> None:
        actions.add_communication(
            escalation=escalation,
            text=text,
            audience="all",
            by=by,
            now=at,
            channel=channel,
            is_update=is_update,
        )
