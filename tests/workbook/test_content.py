"""The content of the workbook: every field of the planning workbook's list, in both languages, with a sane table."""

import json

import pytest

from workbook import catalogue, formulas, types
from workbook.types import field_types

pytestmark = pytest.mark.once
#: Fields of the planning workbook's list by section; 408 in all. Source: its overview of sections.
FIELDS = {
    "wb01": 24, "wb02": 10, "wb03": 15, "wb04": 15, "wb05": 15, "wb06": 24, "wb07": 21, "wb08": 26, "wb09": 19,
    "wb10": 14, "wb11": 10, "wb12": 26,
}  # fmt: skip
SECTIONS = {key: section for key, section in catalogue.newest().items() if key in FIELDS}
TABLES = [(key, table) for key, section in SECTIONS.items() for table in section.tables]
ALL_FIELDS = [field for _key, table in TABLES for field in table.fields]


def words_of(node):
    """Every bilingual text in the data of a file."""
    if isinstance(node, dict):
        if {"en", "ko"} <= set(node):
            yield node
        for value in node.values():
            yield from words_of(value)
    elif isinstance(node, list):
        for value in node:
            yield from words_of(value)


@pytest.mark.parametrize(("key", "count"), FIELDS.items())
def test_a_section_has_every_field_of_the_list_once(key, count):
    listed = [field.key for table in SECTIONS[key].tables for field in table.fields if not field.part_of]
    assert len(listed) == len(set(listed)) == count


def test_a_part_names_a_field_of_its_own_table():
    for _key, table in TABLES:
        for field in table.fields:
            assert not field.part_of or not table.by_key[field.part_of].part_of, field.key


def test_no_field_key_is_used_twice():
    keys = [field.key for field in ALL_FIELDS]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("key", FIELDS)
def test_every_text_is_in_both_languages_and_tidy(key):
    texts = list(words_of(json.loads((catalogue.FOLDER / f"{key}.json").read_text(encoding="utf-8"))))
    assert len(texts) > 20
    for words in texts:
        for text in (words["en"], words["ko"]):
            assert text, words
            assert text == " ".join(text.split()), words
        assert "—" not in words["en"] + words["ko"], words


def test_labels_are_short_enough_for_a_head_and_no_two_columns_are_called_alike():
    for _key, table in TABLES:
        for language in ("en", "ko"):
            heads = [field.heading[language] for field in table.main_fields]
            assert len(heads) == len(set(heads)), (table.key, heads)
            if table.kind == catalogue.SHEET:
                assert all(len(head) <= 26 for head in heads), (table.key, heads)


def test_a_sheet_is_narrow_and_says_what_its_rows_are_about():
    for key, table in TABLES:
        if table.kind == catalogue.SHEET:
            assert table.title, (key, table.key)
            assert 0 < len(table.columns) <= 8, (key, table.key)
            assert table.columns[0] == table.title, (key, table.key)


def test_starters_and_defaults_fit_their_fields():
    setting = types.Setting()
    for _key, table in TABLES:
        given = [(key, value) for starter in table.starters for key, value in starter.values.items()]
        given += [(field.key, field.default) for field in table.fields if field.default]
        for key, value in given:
            for text in value.values() if isinstance(value, dict) else (value,):
                assert types.clean(table.by_key[key], text, setting) is not None, (key, text)


def test_formulas_that_sections_name_exist():
    assert {field.options["formula"] for field in ALL_FIELDS if field.is_formula} <= formulas.FORMULAS.keys()


def test_choices_have_answers_and_rules_name_real_ones():
    choosing = {kind.key for kind in field_types if kind.input in {"select", "multi"}} - {"bool"}
    for _key, table in TABLES:
        for field in table.fields:
            assert field.choices or field.type not in choosing, field.key
            for rule in rules_of(field.required_if):
                decider = table.by_key[rule["field"]]
                if "in" in rule and decider.choices:
                    assert all(decider.choice(value) for value in rule["in"]), field.key


def rules_of(rule):
    """The single rules of a condition."""
    if not rule:
        return []
    several = rule.get("any") or rule.get("all")
    return [each for part in several for each in rules_of(part)] if several else [rule]


def test_what_can_be_referred_to_has_one_home():
    named = [
        table.names for section in catalogue.newest().values() for table in section.tables if table.names
    ]
    assert len(named) == len(set(named))
    wanted = {field.options["to"] for field in ALL_FIELDS if field.type in {"ref", "refs"}}
    assert wanted <= catalogue.REFERABLE
    assert {"module", "contact", "account", "traffic", "bottleneck", "audience", "resource"} <= set(named)


def test_the_review_has_every_check_and_only_its_events():
    checks = SECTIONS["wb11"].table("checks")
    assert len(checks.fixed_rows) == 80
    assert [len(checks.keys_for(event)) for event in ("MIG", "LIV")] == [68, 71]
    assert "ar79" in checks.keys_for("REG")
    assert "ar79" not in checks.keys_for("MIG")
    assert all(checks.by_key["ar_group"].choice(row.values["ar_group"]) for row in checks.fixed_rows)
    assert all(checks.by_key["ar_weight"].choice(row.values["ar_weight"]) for row in checks.fixed_rows)
