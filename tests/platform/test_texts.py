"""Can a text from outside be kept?"""

from hypothesis import given
from hypothesis import strategies as st

from iem_portal.texts import can_be_kept


@given(st.text(st.characters() | st.sampled_from("\x00\ud800\udbff\udc00\udfff\U0001f600\U00010000")))
def test_all_but_a_nul_and_half_a_pair_can_be_kept(text):
    assert can_be_kept(text) == all(sign != "\x00" and not "\ud800" <= sign <= "\udfff" for sign in text)
