"""Drafts of status updates, and marks on the timeline."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from engagements import feed, timeline
from engagements.models import TimelineEntry
from iem_portal.accounts.models import User
from iem_portal.notifications import hooks
from iem_portal.notifications.compose import compose
from iem_portal.notifications.models import Notification
from tests import factories
from warroom import room
from warroom import runbook as acts
from warroom.models import AlarmChange, AlarmState, EntryMark, StatusUpdate, UpdateDraft
from warroom.words import announcing, cadence, drafting, facts, keeping, marking
from workbook.models import Cell, Row

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def note(engagement, by, now, **words):
    words = {"params": {"text": "Only between us"}} | words
    return timeline.record(engagement, "note.posted", by=by, now=now, **words)


def test_a_draft_says_what_happened_since_the_last_update_in_both_languages(runbook, engagement, tam, now):
    room.post_update(engagement=engagement, state="on_plan", text="Before", by=tam, now=now - 20 * MINUTE)
    step = acts.find(engagement, "PRE-01")
    acts.start_step(step=step, version=step.version, by=tam, now=now - 10 * MINUTE)
    AlarmState.objects.create(
        engagement=engagement, account_id="1" * 12, region="x", name="lag-high", state="ALARM"
    )
    words = drafting.drafted(facts.since_last(engagement, audience="all", now=now))
    assert set(words) == {"en", "ko"}
    assert all("PRE-01" in text and "lag-high" in text for text in words.values())
    assert step.title["en"] in words["en"] and step.title["ko"] in words["ko"]


def test_what_aws_noted_for_itself_is_in_no_draft_for_everyone(runbook, engagement, tam, now):
    note(engagement, tam, now - MINUTE, audience="aws")
    for audience, is_told in (("all", False), ("aws", True)):
        words = drafting.drafted(facts.since_last(engagement, audience=audience, now=now))
        assert ["Only between us" in text for text in words.values()] == [is_told] * 2


def test_a_customer_who_asks_for_the_facts_of_aws_gets_those_for_everyone(
    engagement, customer_lead, tam, now
):
    note(engagement, tam, now - MINUTE, audience="aws")
    draft = keeping.from_facts(engagement=engagement, by=customer_lead, now=now, words={}, audience="aws")
    assert not any("Only between us" in text for text in draft.words.values())


def test_the_facts_never_overwrite_what_was_typed(runbook, engagement, tam, now):
    words = {"engagement": engagement, "by": tam}
    first = keeping.from_facts(**words, now=now, words={"en": "Mine"})
    assert first.words["en"] == f"Mine\n\n{first.drafted['en']}"
    later = keeping.from_facts(**words, now=now + 9 * MINUTE, words=first.words)
    assert later.words["en"] == f"Mine\n\n{later.drafted['en']}"


def test_a_draft_is_kept_for_its_writer_alone_and_gone_once_sent(engagement, tam, as_user, now):
    other = factories.member(engagement, "sa")
    as_user(tam).post(_draft(engagement), {"text": "Half a sen", "draft_version": "0"})
    page = reverse("warroom:update", args=[engagement.reference])
    assert "Half a sen" in as_user(tam).get(page).content.decode()
    assert "Half a sen" not in as_user(other).get(page).content.decode()
    keeping.send(engagement=engagement, by=tam, now=now, state="on_plan", text="Half a sentence")
    assert not UpdateDraft.objects.exists()


def _draft(engagement) -> str:
    return reverse("warroom:draft", args=[engagement.reference])


def test_an_older_window_does_not_overwrite_what_a_newer_one_kept(engagement, tam, as_user):
    client = as_user(tam)
    assert client.post(_draft(engagement), {"text": "First", "draft_version": "0"}).status_code == 303
    answer = client.post(_draft(engagement), {"text": "Stale", "draft_version": "0"})
    assert answer.status_code == 409
    assert "First" in answer.content.decode() and "Stale" in answer.content.decode()
    assert (
        client.post(_draft(engagement), {"text": "Stale", "draft_version": "0", "force": "1"}).status_code
        == 303
    )
    assert UpdateDraft.objects.get().words == {"en": "Stale"}


def test_what_was_just_sent_does_not_come_back_as_a_draft(engagement, tam, now):
    words = {"engagement": engagement, "by": tam, "now": now}
    keeping.send(**words, state="on_plan", text="All is well")
    for version in (0, 3):
        kept = keeping.keep(**words, version=version, words={"en": "All is well\r\n"})
        assert kept.pk is None
    assert not UpdateDraft.objects.exists()
    assert keeping.keep(**words, version=3, words={"en": "All is well, and more"}).pk


def test_a_refused_update_keeps_its_draft_and_its_text(engagement, tam, as_user):
    client = as_user(tam)
    client.post(_draft(engagement), {"text": "Kept", "draft_version": "0"})
    page = reverse("warroom:update", args=[engagement.reference])
    answer = client.post(
        page, {"text": "Typed", "text_other": "입력", "state": "on_plan", "audience": "all", "minutes": "1e9"}
    )
    body = answer.content.decode()
    assert (
        answer.status_code == 422
        and "Typed" in body
        and "입력" in body
        and 'id="update-minutes-error"' in body
    )
    assert UpdateDraft.objects.exists() and not StatusUpdate.objects.exists()


def test_everybody_gets_the_update_in_their_own_language(engagement, tam, customer_lead, now):
    User.objects.filter(pk=customer_lead.pk).update(language="ko")
    words = {"en": "All is well", "ko": "이상 없습니다"}
    room.post_update(engagement=engagement, state="on_plan", text="All is well", words=words, by=tam, now=now)
    told = {row.address: compose(row)[1] for row in Notification.objects.all()}
    assert "All is well" in told[tam.email] and "이상 없습니다" in told[customer_lead.email]
    assert "All is well" not in told[customer_lead.email]


@pytest.mark.parametrize(("audience", "told"), [("all", ["aws", "customer"]), ("aws", ["aws"])])
def test_chats_hear_of_updates_and_those_of_the_customer_of_nothing_for_aws(
    engagement, tam, now, audience, told
):
    for side in ("aws", "customer"):
        fields = {
            "kind": "slack",
            "name": side,
            "url": "https://chat.example/x",
            "what": [hooks.UPDATE],
            "audience": side,
        }
        hooks.add(engagement_id=engagement.pk, fields=fields, by=tam, now=now)
    room.post_update(engagement=engagement, state="on_plan", text="Well", by=tam, now=now, audience=audience)
    labels = Notification.objects.filter(channel="slack").values_list("label", flat=True)
    assert sorted(label.split()[0] for label in labels) == told


def test_the_next_update_is_due_as_the_workbook_promises(engagement, now):
    row = Row.objects.create(
        engagement=engagement,
        section="wb04",
        table="updates",
        position=0,
        created_at=now,
        created_by_name="x",
    )
    for field, value in (("cu_cadence", 45), ("cu_cadence_inc", 10)):
        Cell.objects.create(row=row, field=field, value=value, updated_at=now)
    assert cadence.planned(engagement) == {"on_plan": 45, "at_risk": 10, "off_plan": 10}


def test_a_correction_shows_the_new_words_and_keeps_the_old(engagement, tam, as_user, now):
    entry = note(engagement, tam, now, params={"text": "DNS at 02:14"})
    client, page = as_user(tam), reverse("warroom:entry", args=[engagement.reference, entry.pk])
    words = {"act": "correct", "text": "DNS at 02:41", "reason": "Misread", "version": "0"}
    assert client.post(page, words).status_code == 303
    line = feed.lines(engagement, audience="staff", limit=1)[0]
    assert (line.text, line.corrected_by) == ("DNS at 02:41", tam.name)
    body = client.get(page).content.decode()
    assert "DNS at 02:14" in body and "DNS at 02:41" in body and "Misread" in body
    assert client.post(page, words | {"text": "DNS at 02:42"}).status_code == 422


def test_only_the_writer_or_the_driver_corrects_and_nobody_what_aws_said(engagement, tam, customer_lead, now):
    entry = note(engagement, tam, now)
    said = timeline.record(engagement, "alarm.raised", by=tam, now=now, kind="aws", params={"name": "x"})
    for by, row in ((customer_lead, entry), (tam, said)):
        with pytest.raises(marking.MarkError):
            marking.correct(entry=row, version=0, text="Other", reason="Why not", by=by, now=now)


def test_a_star_is_set_once_and_reaches_the_report(engagement, tam, as_user, now):
    entry = note(engagement, tam, now, params={"text": "Lag fell to zero"})
    assert marking.star(entry=entry, is_on=True, by=tam, now=now) is True
    assert marking.star(entry=entry, is_on=True, by=tam, now=now) is False
    body = as_user(tam).get(reverse("review:report", args=[engagement.reference])).content.decode()
    assert "rp-starred" in body
    assert marking.star(entry=entry, is_on=False, by=tam, now=now) is True
    assert [mark.kind for mark in EntryMark.objects.all()] == ["star", "unstar"]
    assert feed.lines(engagement, audience="staff", limit=1)[0].is_starred is False


def test_a_star_brings_what_happened_weeks_before_into_the_report(engagement, tam, as_user, now):
    early = engagement.starts_at - timedelta(days=30)
    said = [note(engagement, tam, early, params={"text": words}) for words in ("Agreed in May", "Aside")]
    marking.star(entry=said[0], is_on=True, by=tam, now=now)
    body = as_user(tam).get(f"/e/{engagement.reference}/report/").content.decode()
    assert "Agreed in May" in body and "Aside" not in body
    marking.star(entry=said[0], is_on=False, by=tam, now=now)
    assert "Agreed in May" not in as_user(tam).get(f"/e/{engagement.reference}/report/").content.decode()


def test_an_entry_for_aws_is_not_there_for_the_customer(engagement, tam, customer_lead, as_user, now):
    entry = note(engagement, tam, now, audience="aws")
    page = reverse("warroom:entry", args=[engagement.reference, entry.pk])
    assert as_user(customer_lead).get(page).status_code == 404


def test_each_kind_of_entry_has_its_own_list(engagement, tam, now):
    for kind in TimelineEntry.Kind:
        note(engagement, tam, now, kind=kind, params={"text": kind})
    for word, kinds in feed.KINDS.items():
        rows = feed.entries(engagement, audience="staff", kind=word)
        assert sorted(rows.values_list("kind", flat=True)) == sorted(kinds)


def test_an_announcement_inside_aws_is_kept_on_its_side_of_the_timeline(engagement, tam, customer_lead, now):
    announcing.announce_inside(engagement=engagement, place="The list", text="Big night", by=tam, now=now)
    assert "The list" in feed.lines(engagement, audience="staff", limit=1)[0].text
    assert feed.lines(engagement, audience="customer", limit=1) == []
    with pytest.raises(PermissionDenied):
        announcing.announce_inside(engagement=engagement, place="x", text="y", by=customer_lead, now=now)


def test_what_was_drafted_for_aws_is_not_sent_to_everyone(runbook, engagement, tam, now):
    note(engagement, tam, now - MINUTE, audience="aws")
    draft = keeping.from_facts(engagement=engagement, by=tam, now=now, words={}, audience="aws")
    words = {"engagement": engagement, "by": tam, "now": now, "state": "on_plan"}
    for code in ("en", "ko"):
        with pytest.raises(room.UpdateError) as refused:
            keeping.send(**words, text="Well", words={code: draft.words[code]}, audience="all")
        assert refused.value.field == "audience"
    assert UpdateDraft.objects.exists() and not StatusUpdate.objects.exists()
    keeping.send(**words, text=draft.words["en"], audience="aws")
    assert StatusUpdate.objects.get().audience == "aws"


def test_a_save_that_comes_after_the_sending_brings_no_draft_back(engagement, tam, now):
    words = {"engagement": engagement, "by": tam}
    first = keeping.keep(**words, now=now, version=0, words={"en": "All is"})
    keeping.send(**words, now=now, state="on_plan", text="All is well")
    assert keeping.keep(**words, now=now, version=first.version, words={"en": "All is"}).version == 0
    assert not UpdateDraft.objects.exists()
    keeping.keep(**words, now=now, version=0, words={"en": "Something new"})
    assert UpdateDraft.objects.get().words == {"en": "Something new"}


def test_the_same_words_are_kept_again_when_they_are_typed_an_hour_later(engagement, tam, now):
    words = {"engagement": engagement, "by": tam}
    keeping.send(**words, now=now, state="on_plan", text="All is well")
    assert keeping.keep(**words, now=now + 60 * MINUTE, version=0, words={"en": "All is well"}).pk
    assert UpdateDraft.objects.get().words == {"en": "All is well"}


def test_the_facts_do_not_overwrite_what_another_window_kept(engagement, tam, as_user):
    client = as_user(tam)
    client.post(_draft(engagement), {"text": "Written elsewhere", "draft_version": "0"})
    typed = {"text": "Written here", "draft_version": "0", "facts": "1"}
    answer = client.post(_draft(engagement), typed, headers={"HX-Request": "true"})
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Written elsewhere" in body and "Written here" in body and 'id="update-form"' in body
    assert UpdateDraft.objects.get().words == {"en": "Written elsewhere"}


def test_an_emptied_draft_is_in_nobodys_way(engagement, tam, now):
    words = {"engagement": engagement, "by": tam, "now": now}
    keeping.keep(**words, version=0, words={"en": "Wrong"})
    keeping.keep(**words, version=1, words={})
    assert keeping.keep(**words, version=1, words={"en": "Right"}).words == {"en": "Right"}


def test_an_alarm_that_rings_again_is_never_told_as_cleared(engagement, now):
    place = {"engagement": engagement, "account_id": "1" * 12, "region": "x"}
    for number in range(facts.MOST + 1):
        AlarmState.objects.create(**place, name=f"alarm-{number:02}", state="ALARM")
    last = f"alarm-{facts.MOST:02}"
    AlarmChange.objects.create(
        **place, name=last, at=now - MINUTE, old_state="ALARM", state="OK", seen_at=now
    )
    assert last not in facts.since_last(engagement, audience="all", now=now).cleared
