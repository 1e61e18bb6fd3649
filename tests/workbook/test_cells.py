"""One cell saved by the three-step rule: written, merged, or refused with both values."""

import pytest

from tests import factories
from workbook import rows
from workbook.cells import Conflict, InvalidValue, Merged, RowMissing, Saved, UnknownField, save_cell
from workbook.models import Cell, CellChange, SectionStart

pytestmark = pytest.mark.django_db


def test_first_value_of_a_cell_becomes_version_one(book):
    saved = book.save("ev_purpose", "Move the portal.")
    assert (saved.version, saved.value, saved.is_changed) == (1, "Move the portal.", True)


def test_every_saved_value_is_in_the_history_with_who_and_how(book):
    row = book.save("ev_loss_per_hour", "1000 krw").row_id
    book.save("ev_loss_per_hour", "2,000 KRW", base=1)
    lines = CellChange.objects.filter(row_id=row).order_by("version")
    assert [(line.value_from, line.value_to, line.by_name, line.how) for line in lines] == [
        (None, "1000 KRW", "Lim Sojin", "typed"),
        ("1000 KRW", "2000 KRW", "Lim Sojin", "typed"),
    ]


def test_a_cell_changed_by_somebody_else_is_not_overwritten(book, tam):
    book.save("ev_confidential", "normal")
    book.save("ev_confidential", "nda", base=1, by=tam)
    refused = book.save("ev_confidential", "restricted", base=1)
    assert isinstance(refused, Conflict)
    assert (refused.base, refused.mine, refused.theirs, refused.version) == ("normal", "restricted", "nda", 2)
    assert refused.theirs_by == tam.name


def test_a_refused_value_leaves_no_trace_in_the_history(book, tam):
    book.save("ev_confidential", "normal")
    book.save("ev_confidential", "nda", base=1, by=tam)
    book.save("ev_confidential", "restricted", base=1)
    assert CellChange.objects.filter(field="ev_confidential").count() == 2


def test_two_people_who_write_the_same_value_agree(book, tam):
    book.save("ev_confidential", "nda", by=tam)
    saved = book.save("ev_confidential", "nda")
    assert isinstance(saved, Saved)
    assert not saved.is_changed
    assert CellChange.objects.count() == 1


def test_first_values_of_two_writers_conflict(book, tam):
    book.save("ev_confidential", "nda", by=tam)
    refused = book.save("ev_confidential", "normal", base=0)
    assert isinstance(refused, Conflict)
    assert refused.base is None


def test_edits_of_different_sentences_of_a_long_text_merge(book, tam):
    book.save("ev_purpose", "We move. It is at night. Nobody sleeps.")
    book.save("ev_purpose", "We move house. It is at night. Nobody sleeps.", base=1, by=tam)
    merged = book.save("ev_purpose", "We move. It is at night. Everybody works.", base=1)
    assert isinstance(merged, Merged)
    assert merged.value == "We move house. It is at night. Everybody works."
    assert CellChange.objects.latest("version").how == "merged"


def test_edits_of_the_same_sentence_conflict(book, tam):
    book.save("ev_purpose", "We move.")
    book.save("ev_purpose", "We run.", base=1, by=tam)
    assert isinstance(book.save("ev_purpose", "We fly.", base=1), Conflict)


def test_a_value_that_came_back_to_what_i_saw_can_be_replaced(book, tam):
    book.save("ev_confidential", "normal")
    book.save("ev_confidential", "nda", base=1, by=tam)
    book.save("ev_confidential", "normal", base=2, by=tam)
    assert book.save("ev_confidential", "restricted", base=1).version == 4


def test_somebody_who_changed_nothing_takes_what_is_there(book, tam):
    book.save("ev_confidential", "normal")
    book.save("ev_confidential", "nda", base=1, by=tam)
    kept = book.save("ev_confidential", "normal", base=1)
    assert isinstance(kept, Merged)
    assert (kept.value, kept.is_changed) == ("nda", False)


def test_emptying_a_cell_is_a_change_like_any_other(book):
    book.save("ev_compliance", "PCI DSS")
    assert book.save("ev_compliance", "  ", base=1).version == 2
    assert Cell.objects.get(field="ev_compliance").value is None


def test_a_value_that_does_not_fit_is_refused_in_words(book):
    with pytest.raises(InvalidValue, match="Write an amount and a currency"):
        book.save("ev_loss_per_hour", "a lot")
    assert not Cell.objects.exists()


@pytest.mark.parametrize("field", ["ev_name", "sc_name", "q_gap", "nonsense"])
def test_what_is_kept_elsewhere_cannot_be_saved_here(book, field):
    with pytest.raises(UnknownField):
        save_cell(
            engagement=book.engagement,
            section="wb01",
            row="form",
            field=field,
            value="x",
            base_version=0,
            by=book.by,
            now=book.now,
        )


def test_the_start_of_the_event_cannot_be_changed_in_the_calendar(book):
    with pytest.raises(UnknownField):
        book.save("win_start", "2026-11-28 23:00", row="event")


def test_a_fixed_row_is_locked_by_its_number_too(book):
    section = book.section_of("windows")
    row = rows.resolve(
        engagement=book.engagement, section=section, table=section.table("windows"), row="event",
        by=book.by, now=book.now,
    )  # fmt: skip
    with pytest.raises(UnknownField):
        book.save("win_start", "2026-11-28 23:00", row=row.pk)


def test_an_end_before_its_start_is_refused(book):
    row = book.add("windows", win_kind="cutover", win_start="2026-11-28 23:00").pk
    with pytest.raises(InvalidValue, match="before the start"):
        book.save("win_end", "2026-11-28 22:00", row=row)


def test_a_row_of_another_engagement_does_not_exist(book):
    row = book.add("quotas").pk
    stranger = factories.engagement()
    with pytest.raises(RowMissing):
        save_cell(
            engagement=stranger,
            section="wb08",
            row=row,
            field="q_need",
            value="1",
            base_version=0,
            by=book.by,
            now=book.now,
        )


def test_a_section_keeps_the_version_it_started_with(book):
    book.save("ev_purpose", "Move.")
    assert SectionStart.objects.get().version == 1
    assert SectionStart.objects.get().section == "wb01"


@pytest.mark.django_db(transaction=True)
def test_twenty_writers_of_one_cell_lose_no_update(book, threads):
    row = book.add("quotas").pk

    def write(number):
        outcomes = []
        for turn in range(10):
            base = outcomes[-1].version if outcomes else 0
            outcomes.append(book.save("q_need", str(number * 1000 + turn), row=row, base=base))
        return outcomes

    outcomes = [outcome for each in threads(write, range(1, 21)) for outcome in each]
    written = [outcome.value for outcome in outcomes if not isinstance(outcome, Conflict)]
    [history] = threads(
        lambda _none: list(CellChange.objects.filter(field="q_need").order_by("version")), [None]
    )
    assert len(outcomes) == 200
    assert {line.value_to for line in history} == set(written)
    assert [line.version for line in history] == list(range(1, len(written) + 1))
    assert [line.value_from for line in history[1:]] == [line.value_to for line in history[:-1]]
