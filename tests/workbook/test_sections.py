"""The planning workbook as data: every section, field, check and preset, whole and in both languages."""

import json
import re
from collections import Counter
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from engagements import catalog
from iem_portal.templatetags.portal import pick
from tests.factories import NOW
from workbook import catalogue, presets, types
from workbook.catalogue import FORM, PANEL, SHEET
from workbook.formulas import FORMULAS
from workbook.scorecard.rules import RULES
from workbook.titles import Titles

pytestmark = pytest.mark.once

#: How many fields the planning workbook lists in each section: 408 in all.
FIELDS = {
    "wb01": 24, "wb02": 10, "wb03": 15, "wb04": 15, "wb05": 15, "wb06": 24, "wb07": 21, "wb08": 26, "wb09": 19,
    "wb10": 14, "wb11": 10, "wb12": 26, "wb13": 12, "wb14": 17, "wb15": 18, "wb16": 13, "wb17": 19, "wb18": 13,
    "wb19": 11, "wb20": 10, "wb21": 18, "wb22": 10, "wb23": 14, "wb24": 22, "wb25": 12,
}  # fmt: skip
TYPES = ("MIG", "LCH", "SAL", "GAM", "LIV", "REG", "UPG", "DR")
SECTIONS = list(catalogue.newest().values())
TABLES = [(section, table) for section in SECTIONS for table in section.tables]
CHECKS = catalogue.newest()["wb11"].table("checks").fixed_rows
_HANGUL = re.compile("[가-힣]")


def setting():
    engagement = SimpleNamespace(starts_at=NOW)
    return types.Setting(
        ZoneInfo("Asia/Seoul"), engagement=engagement, titles=Titles(), accounts=(), people=()
    )


def test_the_workbook_has_its_408_fields():
    listed = {
        section.key: sum(not field.part_of for table in section.tables for field in table.fields)
        for section in SECTIONS
    }
    assert listed == FIELDS
    assert sum(listed.values()) == 408


def texts(data):
    """Every pair of words anywhere in a file."""
    if isinstance(data, dict):
        if "en" in data or "ko" in data:
            yield data
        for value in data.values():
            yield from texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from texts(value)


@pytest.mark.parametrize("path", sorted(catalogue.FOLDER.glob("**/*.json")), ids=lambda path: path.stem)
def test_every_text_is_there_in_both_languages(path):
    found = list(texts(json.loads(path.read_text(encoding="utf-8"))))
    assert [words for words in found if not (words.get("en") and words.get("ko"))] == []
    assert [words for words in found if _HANGUL.search(words["en"])] == []
    # Names of products and units stay English; a sentence in Latin letters was forgotten.
    same = [words for words in found if not _HANGUL.search(words["ko"]) and len(words["ko"].split()) > 4]
    assert [words for words in same if "AWS" not in words["ko"] and "CloudWatch" not in words["ko"]] == []


def test_parts_belong_to_fields_of_their_own_table():
    strays = [
        field.key for _section, table in TABLES for field in table.fields
        if field.part_of and (field.part_of not in table.by_key or table.by_key[field.part_of].part_of)
    ]  # fmt: skip
    assert strays == []


def test_no_field_key_is_used_twice_in_the_workbook():
    keys = Counter(field.key for _section, table in TABLES for field in table.fields)
    assert [key for key, count in keys.items() if count > 1] == []


def test_formulas_and_references_lead_somewhere():
    fields = [field for _section, table in TABLES if table.kind != PANEL for field in table.fields]
    assert [
        field.key for field in fields if field.is_formula and field.options["formula"] not in FORMULAS
    ] == []
    named = {table.names for _section, table in TABLES if table.names}
    assert {field.options["to"] for field in fields if field.type in {"ref", "refs"}} <= named


def test_a_sheet_begins_with_its_title_and_shows_few_columns():
    sheets = [(section, table) for section, table in TABLES if table.kind == SHEET and section.number >= 13]
    assert all(table.title in table.columns and len(table.columns) <= 8 for _section, table in sheets)
    assert all(len([t for t in section.tables if t.kind == FORM]) <= 1 for section in SECTIONS)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_starter_and_preset_rows_fit_their_fields(language):
    rows = [(table, starter.values) for _section, table in TABLES for starter in table.starters]
    for preset in presets.presets().values():
        rows += [(catalogue.newest()[row.section].table(row.table), row.values) for row in preset.rows]
    with translation.override(language):
        for table, values in rows:
            for key, value in values.items():
                assert types.clean(table.by_key[key], pick(value), setting()) is not None, (key, value)


def test_the_scorecard_has_a_line_for_every_rule_with_the_words_of_its_colours():
    lines = catalogue.newest()["wb21"].table("lines").fields
    assert [field.options["line"] for field in lines] == list(RULES)
    assert all(list(field.options["wording"]) == ["GREEN", "YELLOW", "RED"] for field in lines)
    assert {field.options["line"]: field.due for field in lines if field.due != -7} == {
        "risks": -3,
        "health": -1,
    }


def test_both_lanes_of_the_escalation_start_at_level_0():
    starters = catalogue.newest()["wb22"].table("levels").starters
    levels = [(starter.values["es_lane"], int(starter.values["es_level"])) for starter in starters]
    assert [level for lane, level in levels if lane == "tech"] == [0, 1, 2, 3, 4, 5]
    assert [level for lane, level in levels if lane == "non-tech"] == [0, 1, 2]


def test_there_are_80_architecture_checks_by_group_and_weight():
    assert [row.code for row in CHECKS] == [f"AR{number:02}" for number in range(1, 81)]
    assert Counter(row.values["ar_group"] for row in CHECKS) == {
        "reliability": 16, "scaling": 12, "data": 10, "edge": 4, "security": 7, "performance": 6,
        "operations": 12, "cost": 3, "quota": 4, "live": 2, "game": 2, "registration": 2,
    }  # fmt: skip
    assert Counter(row.values["ar_weight"] for row in CHECKS) == {"H": 35, "M": 42, "L": 3}


@pytest.mark.parametrize(
    ("event_type", "count"),
    [("MIG", 68), ("LCH", 72), ("SAL", 73), ("GAM", 74), ("LIV", 71), ("REG", 74), ("UPG", 66), ("DR", 66)],
)
def test_each_type_of_event_is_asked_its_own_checks(event_type, count):
    assert len(catalogue.newest()["wb11"].table("checks").keys_for(event_type)) == count


@pytest.mark.parametrize(
    ("event_type", "days", "off", "emphasised"),
    [
        ("MIG", 42, set(), {"wb13", "wb16", "wb17", "wb19"}),
        ("LCH", 35, {"wb17"}, {"wb07", "wb09", "wb14"}),
        ("SAL", 42, {"wb17"}, {"wb07", "wb08", "wb20"}),
        ("GAM", 35, {"wb17"}, {"wb07", "wb10", "wb12"}),
        ("LIV", 28, {"wb17"}, {"wb09", "wb12"}),
        ("REG", 28, {"wb17"}, {"wb07", "wb09", "wb20"}),
        ("UPG", 21, {"wb09", "wb17"}, {"wb13", "wb16", "wb19"}),
        ("DR", 21, {"wb09", "wb17"}, {"wb13", "wb16", "wb19"}),
    ],
)
def test_each_type_of_event_has_its_preset(event_type, days, off, emphasised):
    assert catalog.event_types()[event_type]["plan_days"] == days
    assert {section.key for section in SECTIONS if not section.is_for(event_type)} == off
    assert presets.of(event_type).emphasised == emphasised
    assert presets.of(event_type).light == ({"wb07"} if event_type == "UPG" else set())


def test_preset_rows_have_keys_of_their_own_and_real_places():
    rows = [row for event_type in TYPES for row in presets.of(event_type).rows]
    assert len({row.key for row in rows}) == len(rows)
    tables = {(section.key, table.key): table for section, table in TABLES if table.kind == SHEET}
    assert [row.key for row in rows if (row.section, row.table) not in tables] == []
    nameless = [row.key for row in rows if tables[row.section, row.table].title not in row.values]
    assert nameless == []


def test_a_type_without_a_preset_begins_with_nothing():
    assert presets.of("OTHER").rows == ()
