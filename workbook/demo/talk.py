"""What the demo's people said about their workbook: a few talks, an open item, sections handed in and judged."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

from iem_portal.registry import demo_parts
from workbook import editions
from workbook.models import Row
from workbook.talk import comments, desk, notes, places, questions
from workbook.talk.places import Place
from workbook.talk.questions import Asked

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MAILS, VCPU, THROTTLE = (
    "Sending quota",
    "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
    "Throttle rate",
)
#: Hours from T0, who, about which quota's forecast, what.
SAID = (
    (-16 * 24, "tam", MAILS, "420,000 is eight times the quota. I can send the request today if you confirm the "
     "mail plan for the opening."),
    (-16 * 24 + 1, "database", MAILS, "Confirmed: two mails to each of 205,000 students. @Baek Jihun, the campaign "
     "must not begin before the portal is open."),
    (-15 * 24, "customer", MAILS, "Agreed, the first mail goes out at 08:15."),
    (-12 * 24, "database", VCPU, "540 leaves the second exam fleet out. Is it in scope for this night, @Seo Yuna?"),
)  # fmt: skip
NOTE = "The SES team wants to see the bounce rate below 5% before it grants more. Raise it before the customer does."
QUESTION = (
    "How many calls a second does the sign-in page make at the opening? The load test counted sessions only."
)
#: Section, who has it in hand, days from T0 until when.
HANDS = (("wb01", "customer", -30), ("wb08", "database", -14), ("wb12", "application", -7))
#: Days from T0, section, step, who, words.
STEPS = (
    (-33, "wb01", "submit", "customer", ""),
    (-32, "wb01", "review", "sa", ""),
    (-31, "wb01", "accept", "tam", "Clear goals, and numbers for all of them."),
    (-15, "wb08", "submit", "database", ""),
    (-13, "wb12", "submit", "application", ""),
    (-12, "wb12", "return", "sa", "Payment approvals have no alarm owner yet, and two alarms have no action. "
     "Please add both and submit again."),
)  # fmt: skip


@demo_parts.register
class TalkPart:
    """Comments, a note of AWS, a question, assignments and reviews, at their times in the story."""

    key = "workbook-talk"
    order = 26

    def seed(self, world: SimpleNamespace, now: datetime) -> None:
        """Say everything through the verbs of the pages, oldest first."""
        people, engagement, t0 = world.people, world.engagement, world.t0
        sections = {section.key: section for section in editions.sections(engagement)}
        for key, who, days in HANDS:
            due_on = (t0 + days * DAY).date().isoformat()
            desk.assign(
                engagement=engagement, section=sections[key], person=people[who].pk, due_on=due_on,
                by=people["tam"], now=t0 - 45 * DAY,
            )  # fmt: skip
        for days, key, step, who, words in STEPS:
            desk.move(
                engagement=engagement, section=sections[key], step=step, words=words, version=None,
                by=people[who], now=t0 + days * DAY,
            )  # fmt: skip
        for hours, who, title, text in SAID:
            place = quota(engagement, sections["wb08"], title)
            comments.say(place=place, text=text, by=people[who], now=t0 + hours * HOUR)
        place = quota(engagement, sections["wb08"], MAILS)
        notes.write(place=place, text=NOTE, by=people["tam"], now=t0 - 16 * DAY)
        questions.ask(
            place=quota(engagement, sections["wb08"], THROTTLE),
            asked=Asked(person=people["application"].pk, question=QUESTION),
            by=people["database"],
            now=t0 - 6 * DAY,
        )


def quota(engagement, section, title: str) -> Place:
    """The peak forecast of the quota of this name."""
    row = Row.objects.get(
        engagement=engagement, section=section.key, cells__field="q_name", cells__value=title
    )
    return places.within(engagement, section, row=str(row.pk), field="q_need")
