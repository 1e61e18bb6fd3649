"""Is every bug of a rival that users complained of a test here? Numbers of the list of rivals' issues."""

import re

from tests.house.sources import ROOT

#: What escalations, their clocks and their messages are asked for: numbers 1 to 39 of that list.
OF_CLOCKS = range(1, 40)


def test_each_wish_about_clocks_has_a_test_of_its_number():
    named = {
        int(number)
        for path in (ROOT / "tests").rglob("test_*.py")
        for number in re.findall(r"def test_wish_(\d+)_", path.read_text())
    }
    assert sorted(set(OF_CLOCKS) - named) == []
