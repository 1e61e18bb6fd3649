"""The differences between two versions of a section, and their words; nothing here meets a database."""

import json
from copy import deepcopy

import pytest
from django.utils import translation

from workbook import catalogue
from workbook.catalogue import parse, with_fixed_rows
from workbook.publishing import content as contents
from workbook.publishing import diff, faults, words


@pytest.fixture
def data():
    """The data of a section with a sheet; a test changes its copy."""
    return with_fixed_rows(json.loads((catalogue.FOLDER / "wb08.json").read_text(encoding="utf-8")))


def test_the_standard_template_can_be_copied_and_published():
    assert faults.of(contents.standard()) == []


def changed(data, change):
    """The differences after ``change`` was applied to the fields by key."""
    new = deepcopy(data)
    change(new, {field["key"]: field for field in new["tables"][0]["fields"]})
    return parse(data), parse(new)


def kinds(data, change):
    return [(each.kind, each.field) for each in diff.changes(*changed(data, change))]


def test_an_untouched_section_is_the_same_and_has_no_changes(data):
    old, new = changed(data, lambda section, fields: section.update(version=2, release=7, number=9))
    assert diff.is_same(old, new)
    assert diff.changes(old, new) == []


@pytest.mark.parametrize(
    ("edit", "kind"),
    [
        ({"label": {"en": "Need", "ko": "필요"}}, "field_label"),
        ({"help": {"en": "Ask", "ko": "문의"}}, "field_help"),
        ({"type": "integer"}, "field_type"),
        ({"required": False}, "field_required"),
        ({"due": -3}, "field_due"),
        ({"who": ["TAM"]}, "field_who"),
        ({"events": ["MIG"]}, "field_events"),
        ({"max_value": "9"}, "field_limits"),
        ({"default": "5"}, "field_default"),
    ],
)
def test_every_property_of_a_field_is_compared(data, edit, kind):
    found = kinds(data, lambda section, fields: fields["q_need"].update(edit))
    assert found == [(kind, "q_need")]


def test_fields_that_come_and_go_are_named(data):
    def change(section, fields):
        table = section["tables"][0]
        table["fields"].remove(fields["q_unit"])
        table["fields"].append(fields["q_need"] | {"key": "own_more"})

    assert kinds(data, change) == [("field_added", "own_more"), ("field_removed", "q_unit")]
    old, new = changed(data, change)
    assert [field.key for field in diff.removed_fields(old, new)] == ["q_unit"]


def test_choices_that_come_and_go_are_named_and_their_answers_looked_at(data):
    def change(section, fields):
        choices = fields["q_level"]["choices"]
        choices[0] = choices[0] | {"value": "organisation"}

    old, new = changed(data, change)
    assert [each.kind for each in diff.changes(old, new)] == ["choices_added", "choices_removed"]
    assert [(was.key, now.key) for was, now in diff.changed_answers(old, new)] == [("q_level", "q_level")]


def test_a_reworded_choice_changes_no_answer(data):
    old, new = changed(data, lambda section, fields: fields["q_level"]["choices"][0].update(en="The account"))
    assert [each.kind for each in diff.changes(old, new)] == ["choices_changed"]
    assert diff.changed_answers(old, new) == []


def test_a_table_that_goes_takes_its_fields_along(data):
    old, new = changed(data, lambda section, fields: section.update(tables=[]))
    found = diff.changes(old, new)
    assert found[0].kind == "table_removed"
    assert len(found) == 1 + len(old.tables[0].fields)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_kind_of_change_has_a_sentence(data, language):
    def change(section, fields):
        section |= {"due": -5, "owner": "TAM", "events": ["MIG"], "lead": {"en": "a", "ko": "b"}}
        section["label"] = {"en": "c", "ko": "d"}
        table = section["tables"][0]
        table |= {"min_rows": 4, "help": {"en": "e", "ko": "f"}, "columns": ["q_name"]}
        table["label"] = {"en": "g", "ko": "h"}
        table["starters"] = [{"label": "One", "values": {}}]
        fields["q_need"] |= {
            "label": {"en": "i", "ko": "j"}, "short": {"en": "i", "ko": "j"}, "help": None, "type": "text",
            "required": False, "due": 0, "who": ["CL"], "events": ["LIV"], "max": 4, "default": "x",
            "part_of": "q_name",
        }  # fmt: skip
        fields["q_req_id"]["required_if"] = {"field": "q_status", "in": ["APPROVED"]}
        fields["q_level"]["choices"] = [
            {"value": "account", "en": "k", "ko": "l"},
            {"value": "z", "en": "m", "ko": "n"},
        ]
        table["fields"].append(table["fields"].pop(0))

    old, new = changed(data, change)
    with translation.override(language):
        told = [words.sentence(each) for each in diff.changes(old, new)]
    assert len(told) > 20
    assert all(told)
    assert not any("%(" in each or "{'en'" in each for each in told)


def test_a_secret_stays_a_secret():
    content = deepcopy(contents.standard())
    [field] = [
        field
        for section in content["sections"]
        for table in section["tables"]
        for field in table["fields"]
        if field["key"] == "wr_bridge_pin"
    ]
    field["type"] = "text"
    assert [fault.field for fault in faults.of(content, contents.standard())] == ["wr_bridge_pin"]
    assert faults.of(content) == []
