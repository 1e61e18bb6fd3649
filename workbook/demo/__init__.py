"""The demo's workbook: the cutover's nearly full one, and the first rows of the rival's."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from types import SimpleNamespace

from engagements.models import Engagement
from iem_portal.registry import demo_parts
from workbook import bulk, editions, rows
from workbook.cells import Conflict, save_cell
from workbook.demo import answers, load, modules, monitoring, plan, quotas, review, safety, team
from workbook.edits import Edit
from workbook.models import CellChange, Row
from workbook.tailoring import seeding

HOW = CellChange.How.DEMO
DAY = timedelta(days=1)


@demo_parts.register
class WorkbookPart:
    """Sections WB01 to WB12 as several people filled them over six weeks."""

    key = "workbook"
    order = 20

    def seed(self, world: SimpleNamespace, now: datetime) -> None:
        """Write the rows, then the later edits that give the cells a history."""
        self._cutover(world, Writer(world.engagement, world.people))
        self._rival(world, Writer(world.rival_engagement, world.people))

    def _cutover(self, world: SimpleNamespace, writer: Writer) -> None:
        t0 = world.t0
        written: Counter[str] = Counter()
        for key, days, who, value in answers.PROFILE:
            writer.save("wb01", "form", key, value, who, t0 + days * DAY, written[key])
            written[key] += 1
        for days, who, values in answers.windows(t0):
            writer.add("wb02", "windows", values, who, t0 + days * DAY)
        writer.save("wb02", "event", "win_attendance", "bridge", "customer", t0 - 41 * DAY)
        self._people_and_modules(t0, writer)
        for number, values in enumerate(quotas.rows()):
            writer.add("wb08", "quotas", values, "database", t0 - 27 * DAY + timedelta(minutes=7 * number))
        for number, (table, values) in enumerate(monitoring.rows()):
            who = "application" if number % 3 else "network"
            writer.add("wb12", table, values, who, t0 - 20 * DAY + timedelta(minutes=11 * number))
        self._load_and_review(t0, writer)
        self._plan(t0, writer)
        self._safety(t0, writer)
        for section, title, key, value, who, days in quotas.EDITS + monitoring.EDITS:
            writer.edit(section, title, key, value, who, t0 + days * DAY)

    def _people_and_modules(self, t0: datetime, writer: Writer) -> None:
        """What the other sections refer to: first the rows, then who stands in and what leans on what."""
        writer.fill("wb03", "people", team.people(t0), "customer", t0 - 43 * DAY)
        for name, deputy in team.deputies():
            writer.edit("wb03", name, "ct_backup", deputy, "customer", t0 - 39 * DAY)
        writer.fill("wb05", "modules", modules.modules(), "application", t0 - 38 * DAY)
        for name, others in modules.dependencies():
            writer.edit("wb05", name, "mo_downstream", others, "application", t0 - 36 * DAY)
        writer.fill("wb06", "accounts", modules.ACCOUNTS, "customer", t0 - 37 * DAY)
        writer.fill("wb06", "resources", modules.resources(t0), "application", t0 - 33 * DAY)
        writer.fill("wb06", "globals", modules.GLOBALS, "network", t0 - 32 * DAY)

    def _load_and_review(self, t0: datetime, writer: Writer) -> None:
        writer.fill("wb04", "warroom", {"form": team.war_room(t0)}, "customer", t0 - 22 * DAY)
        writer.fill("wb04", "updates", team.AUDIENCES, "customer", t0 - 16 * DAY)
        writer.fill("wb07", "traffic", load.traffic(), "application", t0 - 31 * DAY)
        writer.fill("wb09", "balancers", load.entry_points(t0), "network", t0 - 22 * DAY)
        writer.fill("wb10", "bottlenecks", load.bottlenecks(t0), "database", t0 - 27 * DAY)
        writer.fill("wb11", "review", {"form": review.form(t0)}, "sa", t0 - 29 * DAY)
        checks = writer.sections["wb11"].table("checks")
        given = review.answers(checks, writer.engagement.event_type)
        writer.fill("wb11", "checks", given, "application", t0 - 20 * DAY)

    def _plan(self, t0: datetime, writer: Writer) -> None:
        """The preset's rows with what the customer wrote into them, and rows of their own."""
        seeded = writer.seed("tam", t0 - 19 * DAY)
        steps = {
            row: plan.step(
                offer.title, offer.row.values.get("pl_verify"), offer.row.values.get("pl_fallback")
            )
            for row, offer in seeded["wb13"]
        }
        writer.fill("wb13", "steps", steps, "customer", t0 - 15 * DAY)
        hypercare = {"win_start": (t0 + DAY / 8).isoformat(), "win_end": (t0 + 7 * DAY).isoformat()}
        writer.fill(
            "wb02", "windows", {row: hypercare for row, _o in seeded["wb02"]}, "customer", t0 - 18 * DAY
        )
        writer.fill("wb14", "tests", plan.tests(t0), "application", t0 - 9 * DAY)
        equal = plan.reconciliation(t0)
        writer.fill("wb14", "tests", {row: equal for row, _o in seeded["wb14"]}, "database", t0 - 7 * DAY)
        writer.fill("wb15", "register", plan.risks(t0), "customer", t0 - 27 * DAY)
        writer.fill("wb16", "scenarios", plan.SCENARIOS, "application", t0 - 15 * DAY)
        back = {row: plan.ROLLBACK for row, _o in seeded["wb16"]}
        writer.fill("wb16", "scenarios", back, "application", t0 - 15 * DAY)
        names = {row: values for (row, _o), values in zip(seeded["wb17"], safety.records(t0), strict=True)}
        writer.fill("wb17", "dns", names, "network", t0 - 3 * DAY)

    def _safety(self, t0: datetime, writer: Writer) -> None:
        writer.fill("wb17", "migration", {"form": safety.migration(t0)}, "application", t0 - 30 * DAY)
        writer.fill("wb17", "certificates", safety.certificates(t0), "network", t0 - 22 * DAY)
        writer.fill("wb17", "batches", safety.BATCHES, "database", t0 - 22 * DAY)
        writer.fill("wb18", "security", {"form": safety.security(t0)}, "network", t0 - 20 * DAY)
        writer.fill("wb18", "expiring", safety.EXPIRING, "network", t0 - 20 * DAY)
        writer.fill("wb19", "stores", safety.stores(t0), "database", t0 - 2 * DAY)
        writer.fill("wb20", "vendors", safety.vendors(t0), "customer", t0 - 20 * DAY)
        writer.fill("wb22", "case", {"form": safety.CASE}, "tam", t0 - 16 * DAY)
        table = writer.sections["wb22"].table("levels")
        writer.fill("wb22", "levels", safety.levels(table), "tam", t0 - 16 * DAY)
        writer.fill("wb23", "items", safety.scale_down(t0), "application", t0 - 8 * DAY)

    def _rival(self, world: SimpleNamespace, writer: Writer) -> None:
        opened_at = world.rival_engagement.requested_at
        for number, (key, value) in enumerate(answers.RIVAL_PROFILE):
            writer.save("wb01", "form", key, value, "rival", opened_at + DAY + timedelta(minutes=4 * number))
        for values in quotas.RIVAL:
            writer.add("wb08", "quotas", values, "rival", opened_at + 2 * DAY)
        for table, values in monitoring.RIVAL:
            writer.add("wb12", table, values, "rival", opened_at + 3 * DAY)


class Writer:
    """Saves through the same verbs as the pages, as a person of the story at a time of the story."""

    def __init__(self, engagement: Engagement, people: dict):
        self.engagement = engagement
        self.people = people
        self.sections = {section.key: section for section in editions.sections(engagement)}

    def add(self, section: str, table: str, values: dict, who: str, at: datetime) -> Row:
        """Add a row with values as typed."""
        found = self.sections[section]
        return rows.add(
            engagement=self.engagement,
            section=found,
            table=found.table(table),
            by=self.people[who],
            now=at,
            values=values,
        )

    def seed(self, who: str, at: datetime) -> dict[str, list[tuple[str, seeding.Offer]]]:
        """Add the preset's rows; each new row with what it was made from, by section."""
        sections = list(self.sections.values())
        offers = seeding.offers(self.engagement, sections)
        made = seeding.add_rows(engagement=self.engagement, sections=sections, by=self.people[who], now=at)
        found = defaultdict(list)
        for row, offer in zip(made, offers, strict=True):
            found[offer.section.key].append((str(row.pk), offer))
        return found

    def fill(self, section: str, table: str, values: dict | list, who: str, at: datetime) -> None:
        """Fill many rows at once: new ones of a list, fixed ones by key. Raises AssertionError for a bad value."""
        found = self.sections[section]
        named = values.items() if isinstance(values, dict) else enumerate(values)
        is_new = not isinstance(values, dict)
        edits = [
            Edit(field, value, row=None if is_new else row, new_row=str(row) if is_new else "")
            for row, fields in named
            for field, value in fields.items()
            if value != ""
        ]
        outcomes = bulk.save(
            engagement=self.engagement,
            section=found,
            table=found.table(table),
            edits=edits,
            by=self.people[who],
            now=at,
            how=HOW,
        )
        bad = [outcome for outcome in outcomes if not outcome.is_taken]
        if bad:
            raise AssertionError(f"{bad[0].edit.field}: {bad[0].edit.value!r}: {bad[0].message}")

    def save(
        self, section: str, row: int | str, field: str, value, who: str, at: datetime, version: int = 0
    ) -> None:
        """Save one cell. Raises AssertionError when the story contradicts itself."""
        outcome = save_cell(
            engagement=self.engagement,
            section=section,
            row=row,
            field=field,
            value=value,
            base_version=version,
            by=self.people[who],
            now=at,
            how=HOW,
        )
        if isinstance(outcome, Conflict):
            raise AssertionError(
                f"{field}: the demo saves on version {version}, the cell has {outcome.version}"
            )

    def edit(self, section: str, title: str, field: str, value, who: str, at: datetime) -> None:
        """Change a cell of the row whose title field holds ``title``; "{at}" in a value is the time of the edit."""
        table = self.sections[section].table_of[field]
        row = Row.objects.get(
            engagement=self.engagement, table=table.key, cells__field=table.title, cells__value=title
        )
        cell = row.cells.filter(field=field).first()
        self.save(
            section, row.pk, field, value.format(at=at.isoformat()), who, at, cell.version if cell else 0
        )
