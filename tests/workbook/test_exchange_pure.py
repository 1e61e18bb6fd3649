"""Guards against formulas, harmful files and foreign headings; none of it needs a database."""

import io
import zipfile
from string import ascii_letters

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workbook.exchange import layout, mapping, safezip
from workbook.exchange.neutral import neutral, restored, unescaped, writable
from workbook.exchange.safezip import Unreadable, check

LEADS = "=+-@\t\r＝＋－＠"


@given(st.text(alphabet=st.sampled_from([*LEADS, "'", "a", "1", " ", "\n"]), max_size=8), st.booleans())
@example("'=1+1", True)
@example("+82 10-1234-5678", True)
def test_a_guarded_text_comes_back_as_it_was(text, keeps_numbers):
    assert restored(neutral(text, keeps_numbers=keeps_numbers)) == text


@given(st.sampled_from(LEADS), st.text(max_size=20))
def test_nothing_begins_like_a_formula(lead, rest):
    assert neutral(lead + rest)[0] == "'"


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", "-1+cmd|' /C calc'!A0", "+cmd|'/C calc'!A0", "＝HYPERLINK(1)"]
)
def test_a_formula_is_guarded_in_excel_files_too(text):
    assert neutral(text, keeps_numbers=True) == f"'{text}"


@pytest.mark.parametrize("text", ["+82 10 1234 5678", "-5", "-5.2%"])
def test_phones_and_negative_numbers_stay_readable_in_excel_files(text):
    assert neutral(text, keeps_numbers=True) == text


@given(st.text(max_size=30))
@example("_x0041_ and \x01")
def test_a_written_text_holds_nothing_that_xml_cannot(text):
    found = writable(text)
    assert not any(ord(sign) < 32 and sign not in "\t\n\r" for sign in found)
    assert unescaped(writable("_x0041_")) == "_x0041_"


def packed(parts: dict, *, compression=zipfile.ZIP_DEFLATED) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return io.BytesIO(stream.getvalue())


BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
TYPES = f'<Types><Override PartName="/xl/workbook.xml" ContentType="{BOOK}"/></Types>'
GOOD = {"[Content_Types].xml": TYPES, "xl/workbook.xml": "<workbook/>"}
MACRO = TYPES.replace(BOOK, "application/vnd.ms-excel.sheet.macroEnabled.main+xml")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'
REFUSED = {
    "empty": io.BytesIO(b""),
    "too_big": io.BytesIO(bytes(safezip.MAX_UPLOAD + 1)),
    "not_excel": io.BytesIO(b"%PDF-1.7 something"),
    "not_excel docx": packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "<x/>"}),
    "old_excel": io.BytesIO(OLE + "Workbook".encode("utf-16-le")),
    "encrypted": io.BytesIO(OLE + "EncryptedPackage".encode("utf-16-le")),
    "macros": packed(GOOD | {"[Content_Types].xml": MACRO}),
    "macros hidden": packed(GOOD | {"xl/vbaProject.bin": b"x"}),
    "macros of 1992": packed(GOOD | {"xl/macrosheets/sheet1.xml": "<x/>"}),
    "links": packed(GOOD | {"xl/externalLinks/externalLink1.xml": "<x/>"}),
    "bomb of one part": packed(GOOD | {"xl/worksheets/sheet1.xml": bytes(20_000_000)}),
    "bomb of many parts": packed(GOOD | {f"xl/media/{n}": b"" for n in range(safezip.MAX_PARTS)}),
    "bomb of strings": packed(GOOD | {"xl/sharedStrings.xml": bytes(safezip.MAX_STRINGS + 1)}),
    "bomb of elements": packed(GOOD | {"xl/worksheets/sheet1.xml": "<s>" + "<c/>" * 950_000 + "</s>"}),
    "doctype": packed(GOOD | {"xl/workbook.xml": ENTITY}),
    "doctype in UTF-16": packed(GOOD | {"xl/workbook.xml": ENTITY.encode("utf-16")}),
    "damaged": io.BytesIO(packed(GOOD).getvalue()[:-40]),
    "damaged XML": packed(GOOD | {"xl/workbook.xml": "<workbook>"}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_harmful_file_is_refused_by_what_it_is(name, monkeypatch):
    monkeypatch.setattr(safezip, "MAX_ELEMENTS", 900_000)
    with pytest.raises(Unreadable) as refusal:
        check(REFUSED[name])
    assert refusal.value.code == name.split()[0]


def test_a_plain_workbook_is_taken():
    check(packed(GOOD))


@pytest.mark.parametrize(
    ("heading", "field"),
    [("Quota name", "q_name"), ("QUOTA  NAME *", "q_name"), ("할당량명", "q_name"), ("Quota nmae", "q_name"),
     ("Peak need (vCPU)", "q_need"), ("q_need", "q_need"), ("Something else", None)],
)  # fmt: skip
def test_a_heading_finds_its_field_by_likeness(heading, field):
    names = {"q_name": ["qname", "quotaname", "할당량명"], "q_need": ["qneed", "peakneed"]}
    fields, _score = mapping.columns([heading], names)
    assert fields.get(0) == field


def test_a_field_is_given_to_one_column_only():
    fields, _score = mapping.columns(["Name", "Name"], {"a": ["name"]})
    assert fields == {0: "a"}


def test_headings_are_found_below_a_title():
    rows = [["IEM workbook"], [], ["", "Name", "Owner"], ["", "Portal", "Kim"]]
    found = mapping.best(rows, {"a": ["name"], "b": ["owner"]})
    assert (found.heading_row, found.fields) == (2, {1: "a", 2: "b"})


@given(st.lists(st.text(alphabet=ascii_letters[:3] + "[]:*?/\\' 가\U0001f600", max_size=50), max_size=12))
def test_names_of_sheets_are_legal_and_each_once(wanted):
    names = layout.sheet_names(wanted)
    assert len({name.casefold() for name in names}) == len(wanted)
    for name in names:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name == name.strip("'") and name not in {"History", layout.BASE_SHEET}
