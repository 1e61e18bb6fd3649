"""A template version is frozen into an engagement, and a newer version of a section is taken on purpose."""

import json
from copy import deepcopy

import pytest
from django.core.exceptions import PermissionDenied

from engagements.models import Engagement, TimelineEntry
from tests import factories
from workbook import catalogue, editions
from workbook.models import Cell, CellChange, SectionStart
from workbook.publishing import offers, taking
from workbook.scorecard import comparing, freezing


@pytest.fixture
def files(tmp_path, monkeypatch):
    """The data files in a folder of the test's own: ``files("wb02", change)`` adds version 2 of a section."""
    source = catalogue.FOLDER
    for path in source.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)

    def add(key, change):
        data = deepcopy(json.loads((source / f"{key}.json").read_text(encoding="utf-8")))
        data |= {"version": 2, "release": 2}
        change(data, {field["key"]: field for table in data["tables"] for field in table["fields"]})
        (tmp_path / f"{key}.v2.json").write_text(json.dumps(data))
        catalogue.editions.cache_clear()

    yield add
    catalogue.editions.cache_clear()


@pytest.fixture
def tam(book):
    return factories.member(book.engagement, "tam", name="Kim Jiwoo")


def take(book, tam, section, versions=(1, 2)):
    return taking.take(
        engagement=book.engagement,
        section=section,
        from_version=versions[0],
        to_version=versions[1],
        by=tam,
        now=book.now,
    )


def no_unit(data, fields):
    data["tables"][0]["fields"].remove(fields["q_unit"])
    fields["q_need"]["type"] = "integer"
    fields["q_level"]["choices"] = [{"value": "resource", "en": "Resource", "ko": "리소스"}]


def test_the_first_saved_cell_freezes_the_template(book, files):
    assert editions.frozen(book.engagement).number == 1
    book.save("ev_purpose", "We move out")
    files("wb02", lambda data, fields: fields["win_title"].update(max=10))
    assert Engagement.objects.get().workbook_version == "standard@1"
    assert editions.section(book.engagement, "wb02").version == 1
    assert [offer.new.key for offer in offers.offers(book.engagement)] == ["wb02"]


def test_an_untouched_workbook_sees_the_newest_and_is_offered_nothing(book, files):
    files("wb02", lambda data, fields: fields["win_title"].update(max=10))
    assert editions.section(book.engagement, "wb02").version == 2
    assert offers.offers(book.engagement) == []


def test_a_newer_version_that_asks_the_same_is_not_offered(book, files):
    book.save("ev_purpose", "We move out")
    files("wb02", lambda data, fields: None)
    assert offers.offers(book.engagement) == []


def test_taking_keeps_answers_and_moves_what_does_not_fit_into_the_history(book, files, tam):
    row = book.add("quotas", q_name="Instances", q_unit="vCPU", q_need="38.5", q_level="account")
    files("wb08", no_unit)
    offer = offers.offer_of(book.engagement, "wb08")
    found = offers.answers(book.engagement, offer)
    assert {each.field.key for each in found.unfit} == {"q_need", "q_level"}
    assert [(field.key, count) for field, count in found.kept] == [("q_unit", 1)]

    take(book, tam, "wb08")
    assert editions.section(book.engagement, "wb08").version == 2
    values = dict(Cell.objects.filter(row=row).values_list("field", "value"))
    assert values["q_name"] == "Instances"
    assert values["q_unit"] == "vCPU"
    assert values["q_need"] is None
    assert CellChange.objects.get(row_id=row.pk, field="q_need", version=2).value_from == "38.5"
    assert TimelineEntry.objects.filter(phrase="workbook.section_taken").count() == 1
    assert offers.offers(book.engagement) == []


def test_an_answer_that_fits_in_another_shape_is_rewritten(book, files, tam):
    row = book.add("quotas", q_name="Instances", q_need="38")
    files("wb08", no_unit)
    take(book, tam, "wb08")
    assert Cell.objects.get(row=row, field="q_need").value == 38


def test_a_removed_field_stays_readable_in_the_history(book, files, tam, as_user):
    book.save("q_unit", "vCPU", row=book.add("quotas", q_name="Instances").pk)
    files("wb08", no_unit)
    take(book, tam, "wb08")
    page = as_user(tam).get(f"/e/{book.engagement.reference}/workbook/wb08/history/").content.decode()
    assert "Unit" in page
    assert "vCPU" in page


def test_only_what_was_shown_can_be_taken_and_only_once(book, files, tam):
    book.save("ev_purpose", "We move out")
    files("wb02", lambda data, fields: fields["win_title"].update(max=10))
    with pytest.raises(taking.Gone):
        take(book, tam, "wb02", (1, 3))
    take(book, tam, "wb02")
    with pytest.raises(taking.Gone):
        take(book, tam, "wb02")
    assert SectionStart.objects.get(section="wb02").version == 2


def test_a_section_that_is_new_can_be_taken(book, files, tam):
    book.save("ev_purpose", "We move out")
    files("wb02", lambda data, fields: data.update(key="wb77", code="WB77", number=77, version=1))
    assert editions.section(book.engagement, "wb77") is None
    take(book, tam, "wb77", (0, 1))
    assert editions.section(book.engagement, "wb77").version == 1


def test_a_customer_takes_nothing(book, files):
    book.save("ev_purpose", "We move out")
    files("wb02", lambda data, fields: fields["win_title"].update(max=10))
    with pytest.raises(PermissionDenied):
        take(book, book.by, "wb02")


def test_the_pages_show_the_offer_and_take_it(book, files, tam, as_user, django_assert_max_num_queries):
    for number in range(30):
        book.add("quotas", q_name=f"Quota {number}", q_unit="vCPU", q_need="38.5", q_level="account")
    files("wb08", no_unit)
    client, place = as_user(tam), f"/e/{book.engagement.reference}/workbook/newer/"
    assert "Newer version of 1 section" in client.get(f"{place}line/").content.decode()
    with django_assert_max_num_queries(12):
        page = client.get(place, {"section": "wb08"}).content.decode()
    assert "Answers that no longer fit" in page
    assert "Take this version" in page
    answer = client.post(f"{place}take/", {"section": "wb08", "from": "1", "to": "2"})
    assert answer.status_code == 303
    again = client.post(f"{place}take/", {"section": "wb08", "from": "-1", "to": "9" * 40}, follow=True)
    assert "changed in the meantime" in again.content.decode()


def test_a_secret_that_is_asked_no_more_is_neither_frozen_nor_shown_in_plain_words(book, files, tam):
    book.save("wr_bridge_pin", "sesame-123")
    files("wb04", lambda data, fields: data["tables"][0]["fields"].remove(fields["wr_bridge_pin"]))
    take(book, tam, "wb04")
    words = {"engagement": book.engagement, "kind": "hand", "by": tam, "now": book.now}
    kept = freezing.freeze(name="After", **words)
    [row] = [row for row in kept.content["rows"] if "wr_bridge_pin" in row["cells"]]
    assert row["cells"]["wr_bridge_pin"][:2] == ["v1", 1]
    # As a freeze of an earlier portal kept it.
    row["cells"]["wr_bridge_pin"][0] = "sesame-123"
    kept.save(update_fields=["content"])
    freezing.freeze(name="Later", **words)
    [line] = comparing.compare(book.engagement, 1, 2).lines
    assert (line.before, line.after) == ("••••••", "••••••") and "PIN" in line.field
