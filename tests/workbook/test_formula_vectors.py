"""The formulas by examples that their twins in the browser are held to as well."""

import json
from pathlib import Path

import pytest

from workbook.formulas import FORMULAS

#: The same examples run through static/js/workbook/formulas.js in tests/journeys/test_workbook_keys.py.
VECTORS = json.loads((Path(__file__).parent / "formula_vectors.json").read_text())["formulas"]


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
def test_the_formula_says_what_its_example_says(vector):
    result = FORMULAS[vector["formula"]](vector["values"])
    assert (None if result is None else str(result)) == vector["result"]
