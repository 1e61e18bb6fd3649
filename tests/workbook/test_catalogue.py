"""The section files: whole, bilingual, and found by looking into the folder."""

import dataclasses
import json

import pytest

from workbook import catalogue, wholeness
from workbook.checks import sections_are_whole
from workbook.types import field_types


def test_the_files_have_no_faults():
    assert sections_are_whole(None) == []


def test_a_new_section_is_one_more_file(tmp_path, monkeypatch):
    source = json.loads((catalogue.FOLDER / "wb02.json").read_text())
    (tmp_path / "wb99.json").write_text(json.dumps(source | {"key": "wb99", "number": 99}))
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    catalogue.editions.cache_clear()
    assert list(catalogue.newest()) == ["wb99"]
    catalogue.editions.cache_clear()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"type": "nonsense"}, "unknown type"),
        ({"who": ["XX"]}, "nobody is called XX"),
        ({"required_if": {"field": "gone", "in": []}}, "not there"),
        ({"label": {"en": "Only English"}}, "both languages"),
    ],
)
def test_a_faulty_file_is_said_in_words(change, fault):
    section = catalogue.newest()["wb02"]
    data = {"key": "x", "type": "text", "label": {"en": "a", "ko": "b"}, "who": ["CL"], "due": -1} | change
    broken = dataclasses.replace(
        section.tables[0], fields=(*section.tables[0].fields, catalogue.parse_field(data))
    )
    faults = wholeness.faults(
        dataclasses.replace(section, tables=(broken,)), [kind.key for kind in field_types]
    )
    assert len(faults) == 1
    assert fault in faults[0]
