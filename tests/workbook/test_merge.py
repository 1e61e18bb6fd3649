"""Two edits of one text: both stand, or the merge says that it cannot tell."""

from hypothesis import given
from hypothesis import strategies as st

from workbook.merge import both, merge, parts, pieces

sentences = st.lists(st.sampled_from(["One.", " Two!", "Three\n", " four", "?", ""]), max_size=6).map("".join)


@given(st.text())
def test_pieces_join_to_the_same_text(text):
    assert "".join(pieces(text)) == text


@given(sentences, sentences)
def test_one_writer_alone_always_wins(base, new):
    assert merge(base, new, base) == new
    assert merge(base, base, new) == new
    assert merge(base, new, new) == new


@given(sentences, sentences, sentences)
def test_it_does_not_matter_who_came_first(base, mine, theirs):
    assert merge(base, mine, theirs) == merge(base, theirs, mine)


@given(sentences, sentences, sentences)
def test_a_merge_contains_nothing_that_nobody_wrote(base, mine, theirs):
    both = merge(base, mine, theirs)
    assert both is None or set(pieces(both)) <= set(pieces(mine)) | set(pieces(theirs)) | set(
        pieces(base)
    ) | {both}


def test_edits_of_different_sentences_both_stand():
    assert merge("A. B. C.", "A! B. C.", "A. B. C?") == "A! B. C?"


def test_two_additions_at_the_end_are_for_people_to_settle():
    assert merge("A.", "A. B.", "A. C.") is None


def test_a_sentence_deleted_by_one_and_edited_by_the_other_is_a_conflict():
    assert merge("A. B. C.", "A. C.", "A. B! C.") is None


@given(sentences, sentences)
def test_the_parts_of_a_text_are_what_it_was_and_what_it_is(base, text):
    found = parts(base, text)
    assert "".join(piece for kind, piece in found if kind != "ins") == base
    assert "".join(piece for kind, piece in found if kind != "del") == text


@given(sentences, sentences, sentences)
def test_keeping_both_drops_no_sentence_of_either(base, mine, theirs):
    kept = both(base, mine, theirs)
    assert kept.startswith(theirs)
    assert all(piece in kept for piece in pieces(mine) if piece not in pieces(base))
