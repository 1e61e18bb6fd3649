"""An administrator copies a template, edits its draft, and publishes it; nobody else may."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from engagements.actions import open_engagement
from engagements.forms import OpenForm
from engagements.models import Engagement
from tests import factories
from workbook import editions
from workbook.models import SectionStart, Template, TemplateVersion
from workbook.publishing import content as contents
from workbook.publishing import drafts, files, loading, offers, taking
from workbook.publishing.fieldforms import ChoiceSet, FieldForm, choices_of
from workbook.publishing.loading import Reference
from workbook.publishing.views.fields import write


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Versions of one test are rolled back, so the next must not read them from memory."""
    loading.forget()
    yield
    loading.forget()


@pytest.fixture
def admin(db):
    return factories.user(name="Park Admin", portal_role="administrator")


@pytest.fixture
def small(admin, now, monkeypatch):
    """A draft of a template with two sections."""
    whole = contents.standard()
    part = {
        "sections": [each for each in whole["sections"] if each["key"] in {"wb02", "wb08"}],
        "off": [],
        "used": [],
    }
    monkeypatch.setattr(contents, "standard", lambda: json.loads(json.dumps(part)))
    return drafts.copy(
        name={"en": "Retail sale", "ko": "할인 행사"}, source=loading.standard(), by=admin, now=now
    )


@pytest.fixture
def page(admin):
    """Pages as the administrator: ``page.get(path)``, ``page.post(path, **changes)`` sends the form of the page."""

    class Page(Client):
        def get(self, path, *args, **kwargs):
            return super().get(
                f"/templates/retail-sal/{path}" if not path.startswith("/") else path, *args, **kwargs
            )

        def filled(self, path):
            """What the form of the page holds."""
            context = self.get(path).context
            words = {bound.html_name: bound.value() for bound in context["form"]}
            if context.get("rows") is not None:
                rows = context["rows"]
                words |= {field.html_name: field.value() for field in rows.management_form}
                words |= {bound.html_name: bound.value() for row in rows for bound in row}
            return {key: value for key, value in words.items() if value is not None} | {
                "seen": context["seen"]
            }

        def save(self, path, **changes):
            return self.post(f"/templates/retail-sal/{path}", self.filled(path) | changes)

        def act(self, path, **words):
            return self.post(f"/templates/retail-sal/{path}", words)

    client = Page()
    client.force_login(admin)
    return client


NEED = "draft/wb08/quotas/fields/q_need/"


def publish(page, note="First"):
    edits = TemplateVersion.objects.get(published_at=None).edits
    return page.act("publish/", note=note, edits=edits)


def field(key, section="wb08", table="quotas"):
    return contents.field(TemplateVersion.objects.first().content, section, table, key)


def test_a_template_is_copied_by_name(page):
    answer = page.post("/templates/copy/?from=standard@1", {"name_en": "Big night", "name_ko": "큰 밤"})
    assert answer.headers["Location"] == "/templates/big-night/"
    assert page.post("/templates/copy/", {"name_en": "Big night", "name_ko": ""}).status_code == 422
    again = page.post("/templates/copy/", {"name_en": "Big night", "name_ko": "큰 밤"})
    assert again.headers["Location"] == "/templates/big-night-2/"


def kinds_of_fields():
    """One field of each mix of kind and settings in the standard template, with its table."""
    found = {}
    for _section, table, each in contents.all_fields(contents.standard()):
        settings = frozenset(each) - {
            "key",
            "label",
            "due",
            "who",
            "help",
            "short",
            "events",
            "part_of",
            "home",
        }
        found[each["type"], settings] = (table, each)
    return list(found.values())


def test_a_field_that_nobody_changed_is_saved_as_it_was():
    for table, each in kinds_of_fields():
        initial = FieldForm.initial_of(each)
        rows = ChoiceSet(initial=choices_of(each), prefix="choice")
        posted = {
            bound.html_name: bound.value() for bound in FieldForm(initial=initial, table=table, field=each)
        }
        posted |= {bound.html_name: bound.value() for row in (rows.management_form, *rows) for bound in row}
        posted = {key: value for key, value in posted.items() if value is not None}
        form = FieldForm(posted, initial=initial, table=table, field=each)
        form.rows = ChoiceSet(posted, initial=choices_of(each), prefix="choice")
        assert form.is_valid() and form.rows.is_valid(), (each["key"], form.errors, form.rows.errors)
        after = json.loads(json.dumps(each))
        write(form, after)
        assert after == each | {"required": each.get("required", False)}


def test_a_field_is_reworded_and_gets_a_condition(page, small):
    answer = page.save(
        NEED,
        label_en="Peak",
        label_ko="최대",
        due="−30",
        need="when",
        when_field="q_level",
        when_values="Resource",
    )
    assert answer.status_code == 303
    assert field("q_need")["label"] == {"en": "Peak", "ko": "최대"}
    assert field("q_need")["required_if"] == {"field": "q_level", "in": ["resource"]}
    assert (field("q_need")["required"], field("q_need")["due"]) == (False, -30)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"label_ko": ""}, "label_ko"),
        ({"help_en": "Only English", "help_ko": ""}, "help_ko"),
        ({"type": "nonsense"}, "type"),
        ({"min": "5", "max_value": "4"}, "max_value"),
        ({"due": "1e400"}, "due"),
        ({"who": []}, "who"),
        ({"need": "when", "when_field": "q_level", "when_values": "Moon"}, "when_values"),
        ({"need": "when", "when_field": ""}, "when_field"),
        ({"type": "ref", "to": ""}, "to"),
    ],
)
@pytest.mark.once
def test_what_does_not_fit_is_said_beside_the_field(page, small, changes, name):
    answer = page.save(NEED, **changes)
    assert answer.status_code == 422
    assert answer.context["form"].errors[name]
    assert field("q_need")["type"] == "decimal"


def test_a_list_needs_two_choices_in_both_languages(page, small):
    assert page.save(NEED, type="choice").status_code == 422
    half = {"choice-0-en": "Small", "choice-0-ko": "", "choice-1-en": "Big", "choice-1-ko": "큼"}
    assert page.save(NEED, type="choice", **half).status_code == 422
    assert page.save(NEED, type="choice", **half | {"choice-0-ko": "작음"}).status_code == 303
    assert [choice["value"] for choice in field("q_need")["choices"]] == ["small", "big"]


def test_values_of_choices_stay_when_they_are_reworded_moved_or_removed(page, small):
    path = "draft/wb08/quotas/fields/cap_result/"
    page.save(path, **{"choice-0-en": "Sure", "choice-0-place": 9, "choice-2-en": "", "choice-2-ko": ""})
    choices = field("cap_result")["choices"]
    assert [choice["value"] for choice in choices] == ["partial", "pending", "confirmed"]
    assert choices[-1]["en"] == "Sure"


def test_a_new_field_gets_a_key_that_nobody_had(page, small):
    words = {"label_en": "Service code", "label_ko": "코드", "type": "text", "who": ["CE"]}
    page.save("draft/wb08/quotas/fields/add/", **words)
    page.act(
        "draft/wb08/quotas/fields/own_service_code/remove/", seen=contents.digest(field("own_service_code"))
    )
    page.save("draft/wb08/quotas/fields/add/", **words)
    assert field("own_service_code_2")["label"]["ko"] == "코드"


def test_two_administrators_never_overwrite_each_other(page, small, admin):
    mine, theirs = page.filled(NEED), page.filled(NEED)
    other = page.filled("draft/wb08/quotas/fields/q_usage/")
    assert page.act(NEED, **theirs | {"label_en": "Theirs"}).status_code == 303
    answer = page.act(NEED, **mine | {"label_en": "Mine"})
    assert answer.status_code == 409
    assert "Park Admin saved first" in answer.content.decode()
    assert ("Question in English", "Theirs", "Mine") in answer.context["theirs"]
    assert field("q_need")["label"]["en"] == "Theirs"
    again = mine | {"label_en": "Mine", "seen": answer.context["seen"]}
    assert page.act(NEED, **again).status_code == 303
    # Another field was changed by nobody.
    assert page.act("draft/wb08/quotas/fields/q_usage/", **other | {"label_en": "Used"}).status_code == 303


def test_sections_are_left_out_put_in_order_and_added(page, small):
    seen = page.get("").context["seen"]
    page.act("draft/order/", **{"seen": seen, "on": ["wb08"], "place-wb08": "1", "place-wb02": "2"})
    draft = TemplateVersion.objects.get().content
    assert list(loading.parse(draft)) == ["wb08"]
    words = {
        "label_en": "Shops",
        "label_ko": "매장",
        "lead_en": "Say which.",
        "lead_ko": "매장을 적어 주세요.",
    }
    assert page.save("draft/add/", **words).headers["Location"] == "/templates/retail-sal/draft/s1/"
    page.save("draft/s1/add/", label_en="Shops", label_ko="매장", kind="sheet")
    page.save(
        "draft/s1/own_shops/fields/add/",
        label_en="City",
        label_ko="도시",
        type="text",
        who=["CL"],
        need="always",
    )
    page.save("draft/s1/own_shops/", title="own_city", min_rows=1, columns=["own_city"])
    page.save(
        "draft/s1/own_shops/starters/add/", **{"label_en": "Seoul", "label_ko": "서울", "v-own_city": "Seoul"}
    )
    publish(page)
    shops = loading.sections(Reference("retail-sal", 1))["s1"]
    assert (shops.number, shops.tables[0].title, shops.tables[0].min_rows) == (2, "own_city", 1)
    assert shops.tables[0].starters[0].values == {"own_city": "Seoul"}


def test_bad_content_is_refused_with_words_at_its_place(page, small):
    draft = TemplateVersion.objects.get()
    quotas = contents.table(draft.content, "wb08", "quotas")
    quotas["fields"] = [each for each in quotas["fields"] if each["key"] != "q_level"]
    draft.save(update_fields=["content"])
    answer = publish(page)
    assert answer.status_code == 422
    assert {fault.field for fault in answer.context["faults"]} == {"q_level_arn"}
    assert "depends on a field that is not there" in answer.content.decode()
    assert TemplateVersion.objects.get().published_at is None


def test_a_published_version_never_changes(page, small, now, admin):
    assert publish(page).status_code == 303
    before = TemplateVersion.objects.get().content
    assert page.get(NEED).status_code == 404
    assert page.act(NEED, label_en="x").status_code == 404
    assert page.act("publish/", note="x", edits="0").status_code == 404
    with pytest.raises(drafts.NotADraft):
        drafts.change(
            template=small, seen="", part=lambda c: None, edit=lambda c: c.clear(), by=admin, now=now
        )
    assert TemplateVersion.objects.get().content == before


def test_version_2_begins_as_version_1_and_only_what_changed_gets_its_number(page, small):
    publish(page)
    page.act("next/")
    page.save(NEED, label_en="Peak")
    publish(page, "Better words")
    second = loading.sections(Reference("retail-sal", 2))
    assert (second["wb08"].version, second["wb02"].version) == (2, 1)
    assert loading.sections(Reference("retail-sal", 1))["wb08"].field("q_need").label["en"] != "Peak"


def test_a_draft_that_somebody_edited_is_not_published_unseen(page, small):
    edits = TemplateVersion.objects.get().edits
    page.save(NEED, label_en="Peak")
    assert page.act("publish/", note="First", edits=edits).status_code == 409
    assert TemplateVersion.objects.get().published_at is None


def test_an_engagement_keeps_its_version_and_is_offered_the_next(page, small, engagement, now, as_user, book):
    publish(page)
    editions.freeze(engagement, Reference("retail-sal", 1))
    assert [section.key for section in editions.sections(engagement)] == ["wb02", "wb08"]
    row = book.add("quotas", q_name="Instances", q_need="38")
    assert SectionStart.objects.get().template == "retail-sal"
    page.act("next/")
    page.save(NEED, type="integer", label_en="Peak")
    publish(page)
    assert editions.section(engagement, "wb08").version == 1
    assert [offer.new.key for offer in offers.offers(engagement)] == ["wb08"]
    tam = factories.member(engagement, "tam")
    taking.take(engagement=engagement, section="wb08", from_version=1, to_version=2, by=tam, now=now)
    assert editions.section(engagement, "wb08").field("q_need").label["en"] == "Peak"
    assert row.cells.get(field="q_need").value == 38


def test_a_template_that_is_in_use_is_retired_and_offered_again(page, small):
    publish(page)
    assert len(drafts.on_offer()) == 2
    page.act("retire/")
    assert len(drafts.on_offer()) == 1
    page.act("retire/", again="1")
    assert drafts.on_offer()[1] == (Reference("retail-sal", 1), small.name)


def test_a_draft_is_thrown_away_with_a_template_that_was_never_published(page, small):
    assert page.act("discard/").headers["Location"] == "/templates/"
    assert not Template.objects.exists()


def test_a_file_carries_a_template_from_draft_to_draft(page, small):
    page.save(NEED, label_en="Peak")
    file = SimpleUploadedFile("template.json", page.get("versions/1/file/").content)
    page.save(NEED, label_en="Need")
    edits = TemplateVersion.objects.get().edits
    assert page.act("upload/", file=file, edits=edits).status_code == 303
    assert field("q_need")["label"]["en"] == "Peak"


@pytest.mark.parametrize(
    "text",
    [
        b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"sections": 1}',
        b'{"format": "iem-portal-template/1", "sections": []}',
        b'{"format": "iem-portal-template/1", "sections": [{"key": "wb01", "tables": [[]]}]}',
        b'{"sections": [], "off": [1e400]}', b"x" * (files.MOST_BYTES + 1),
    ],
    ids=range(10),
)  # fmt: skip
@pytest.mark.once
def test_a_wrong_file_is_refused_in_words_and_changes_nothing(page, small, text):
    before = TemplateVersion.objects.get().content
    answer = page.act("upload/", file=SimpleUploadedFile("template.json", text), edits="0")
    assert answer.status_code == 422
    assert TemplateVersion.objects.get().content == before


@pytest.mark.parametrize("role", ["tam", "manager", ""])
@pytest.mark.once
def test_only_administrators_make_templates(small, client, role):
    client.force_login(factories.user(portal_role=role))
    for path in ("", "copy/", "retail-sal/", "retail-sal/draft/wb08/"):
        assert client.get(f"/templates/{path}").status_code == 403


@pytest.mark.once
def test_the_pages_stay_within_their_queries(page, small, django_assert_max_num_queries):
    publish(page)
    page.act("next/")
    paths = [
        "/templates/",
        "",
        "draft/wb08/",
        "draft/wb08/quotas/",
        NEED,
        "draft/wb08/quotas/starters/0/",
        "versions/1/",
    ]
    for path in paths:
        with django_assert_max_num_queries(12):
            assert page.get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["draft/wb99/", "draft/wb08/none/", "draft/wb08/quotas/fields/none/", "draft/wb08/quotas/starters/999/",
     "versions/9/", "versions/9/file/", f"versions/{9**99}/", f"versions/{9**99}/file/"],
)  # fmt: skip
@pytest.mark.once
def test_what_is_not_there_is_not_found(page, small, path):
    assert page.get(path).status_code == 404


def test_an_engagement_is_opened_with_a_template_and_freezes_it(page, small, admin, now):
    assert "workbook_template" not in OpenForm(now=now).fields
    publish(page)
    form = OpenForm(now=now)
    assert [value for value, _label in form.fields["workbook_template"].choices] == [
        "standard@1",
        "retail-sal@1",
    ]
    for choice, kept in (("retail-sal@1", "retail-sal@1"), ("", "standard@1"), ("gone@7", "standard@1")):
        opened = open_engagement(
            by=admin, now=now, customer=factories.customer(), name="Sale", event_type="SAL", starts_at=now,
            ends_at=now + timedelta(hours=2), time_zone="Asia/Seoul", choices={"workbook_template": choice},
        )  # fmt: skip
        assert opened.workbook_version == kept
        assert Engagement.objects.get(pk=opened.pk).workbook_version == kept


@pytest.mark.once
def test_hostile_forms_never_break_a_page(page, small):
    seen = page.filled(NEED)["seen"]
    nonsense = {"choice-TOTAL_FORMS": "9" * 30, "choice-INITIAL_FORMS": "-1", "due": "9" * 30, "min": "NaN"}
    assert page.act(NEED, **nonsense, seen=seen, type=["x", "y"], max="1e400").status_code == 422
    assert page.act("publish/", note="x" * 9999, edits="1e400").status_code == 422
    assert (
        page.act("draft/order/", **{"seen": "x", "place-wb08": "9" * 99, "on": "nothing"}).status_code == 303
    )
    assert page.act("upload/", edits="x").status_code == 422
    assert page.get("/templates/copy/?from=standard@999999999999999999").status_code == 200
    assert page.get(f"/templates/copy/?from=gone@{9**30}").status_code == 200


def test_a_field_never_moves_to_another_table(page, small):
    publish(page)
    page.act("next/")
    draft = TemplateVersion.objects.get(published_at=None)
    quotas, windows = (contents.table(draft.content, *at) for at in (("wb08", "quotas"), ("wb02", "windows")))
    windows["fields"].append(next(each for each in quotas["fields"] if each["key"] == "q_revert"))
    quotas["fields"] = [each for each in quotas["fields"] if each["key"] != "q_revert"]
    draft.save(update_fields=["content"])
    answer = publish(page)
    assert [fault.field for fault in answer.context["faults"]] == ["q_revert"]
