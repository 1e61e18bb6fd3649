"""A file that nobody touched changes nothing, whatever its cells hold; and its parts are what Excel wants to see."""

import io
import json
import re
import zipfile
from datetime import UTC, datetime
from types import SimpleNamespace
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook import types
from workbook.catalogue import Choice, Field, Section, Table
from workbook.exchange import grids, keyed, layout, writing
from workbook.exchange.book import Block, Book, Line
from workbook.types import InvalidValue, Setting, field_types

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")
ENGAGEMENT = SimpleNamespace(
    reference="IEM-7", name="=Launch", time_zone="Asia/Seoul", regions=["ap-northeast-2"], event_type="MIG",
    customer=SimpleNamespace(name="+Acme", country="KR"), starts_at=NOW,
)  # fmt: skip
SETTING = Setting(SEOUL, regions=["ap-northeast-2"], accounts=[("111122223333", "Main")], people=["Kim"])
WORDS = {"en": "Yes, partly", "ko": "네, 일부"}
CHOICES = (
    Choice("a", WORDS),
    Choice("b", {"en": "Other", "ko": "기타"}),
    Choice("c", {"en": "Other", "ko": "=기타"}),
)
#: Kinds that are worked out or attached, and never typed.
KINDS = [kind.key for kind in field_types.all() if kind.key not in {"file", "formula", "secret"}]


def field_of(kind: str) -> Field:
    options = {"to": "module", "choices": ["a"]}
    label = {"en": f"={kind}", "ko": f"@{kind}"}
    return Field(
        f"f_{kind}", kind, label, -7, ("CE",), required=True, choices=CHOICES, options=options, help=WORDS
    )


FIELDS = tuple(field_of(kind) for kind in KINDS)
_LABEL = {
    "en": "All/kinds: of [answers] in one table",
    "ko": "모든 종류의 답변: 한 표에 [모두] 들어 있습니다",
}
TABLE = Table("rows", "sheet", _LABEL, FIELDS, title=FIELDS[0].key)
FORM = Table(
    "answers",
    "form",
    _LABEL,
    tuple(
        Field(f"q{f.key}", f.type, f.label, f.due, f.who, choices=CHOICES, options=f.options) for f in FIELDS
    ),
)
SECTION = Section("wb99", "WB99", 1, 99, _LABEL, _LABEL, "CE", ("ALL",), -7, (FORM, TABLE))

TYPED = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="=+-@'\t\n_x0041F5\x01 가,", max_size=12),
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**14), max_value=10**14).map(str),
    st.integers(-(10**18), 10**18).map(str),
    st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 30)).map(lambda at: f"{at:%Y-%m-%d %H:%M}"),
    st.dates(datetime(1900, 1, 1).date(), datetime(2199, 12, 30).date()).map(str),
    st.sampled_from(["yes", "아니요", "a", "a, b", "a,c", "99.95", "12.5%", "120000000 KRW", "+82 10 1234 5678"]),
    st.sampled_from(["111122223333", "000000000001", "ap-northeast-2", "p99.9", "60", "90 min", "1:30", "T-30"]),
    st.sampled_from(["https://a.example/?q=1", "IEM-2", "arn:aws:s3:::bucket", "Name=a, Other=b", "GREEN", "ko"]),
)  # fmt: skip


def stored(field: Field, text: str):
    try:
        return types.clean(field, text, SETTING)
    except InvalidValue:
        return None


def book_of(texts: list[list[str]]) -> Book:
    """A workbook of one section with these answers, as far as they fit."""
    lines = []
    for number, row in enumerate(texts, start=1):
        values = {field.key: stored(field, text) for field, text in zip(FIELDS, row, strict=True)}
        values = {key: value for key, value in values.items() if value is not None}
        lines.append(Line(str(number), values, dict.fromkeys(values, 3)))
    answers = {f"q{key}": value for key, value in lines[0].values.items()} if lines else {}
    form = Line("form", answers, dict.fromkeys(answers, 1))
    blocks = (Block(SECTION, FORM, FORM.fields, (form,)), Block(SECTION, TABLE, FIELDS, tuple(lines)))
    return Book(ENGAGEMENT, (SECTION,), blocks, SETTING, "standard:1")


def file_of(book: Book, language: str) -> bytes:
    with translation.override(language):
        return writing.written(book, by_name="=Kim", now=NOW, language=language)


def parsed(content: bytes):
    return keyed.parse(grids.read(io.BytesIO(content)), ENGAGEMENT, [SECTION])


@given(
    st.lists(st.lists(TYPED, min_size=len(FIELDS), max_size=len(FIELDS)), min_size=1, max_size=2), st.data()
)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_an_untouched_file_is_an_empty_diff(texts, data):
    language = data.draw(st.sampled_from(["en", "ko"]))
    book = book_of(texts)
    content = file_of(book, language)
    found = parsed(content)
    assert [wish for part in found.parts for wish in part.wishes] == []
    assert found.notices == [] and not any(part.missing for part in found.parts)
    assert found.untouched == sum(len(line.values) for block in book.blocks for line in block.lines)


@given(st.lists(TYPED, min_size=len(FIELDS), max_size=len(FIELDS)))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_without_its_hidden_sheet_every_cell_still_means_the_value_it_came_from(texts):
    book = book_of([texts])
    copy = openpyxl.load_workbook(io.BytesIO(file_of(book, "ko")))
    del copy[layout.BASE_SHEET]
    stream = io.BytesIO()
    copy.save(stream)
    with translation.override("en"):
        wishes = [
            wish for part in parsed(stream.getvalue()).parts for wish in part.wishes if part.table == "rows"
        ]
        read = {wish.field: stored(TABLE.by_key[wish.field], wish.text) for wish in wishes}
    kept = {key: value for key, value in book.blocks[1].lines[0].values.items() if not _has_odd_signs(value)}
    assert {key: read.get(key) for key in kept} == kept


def _has_odd_signs(value) -> bool:
    """Control characters do not survive XML; everything else does."""
    return bool(re.search(r"\\u00[01]|\\[bf]|\ufffe|\uffff|x005F", json.dumps(value, ensure_ascii=False)))


EXAMPLES = [
    ["=1+1"] * len(FIELDS),
    ["111122223333"] * len(FIELDS),
    ["2026-11-28 23:00"] * len(FIELDS),
    ["99.95"] * len(FIELDS),
    ["a"] * len(FIELDS),
]


@pytest.fixture(scope="module")
def content() -> bytes:
    return file_of(book_of(EXAMPLES), "en")


def test_no_cell_is_a_formula_or_an_error(content):
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type not in {"f", "e"}, (sheet.title, cell.coordinate, cell.value)
                assert not (isinstance(cell.value, str) and cell.value[:1] in set("=@\t\r＝＠")), cell.value


def test_values_are_what_a_spreadsheet_calculates_with(content):
    sheet = _rows_sheet(content)
    columns = {sheet.cell(layout.KEY_ROW, column).value: column for column in range(2, sheet.max_column + 1)}

    def at(kind, row):
        return sheet.cell(layout.FIRST_ROW + row, columns[f"f_{kind}"])

    assert (at("aws_account", 1).value, at("aws_account", 1).number_format) == ("111122223333", "@")
    assert at("datetime", 2).value == datetime(2026, 11, 28, 23, 0)
    assert (at("decimal", 3).value, at("decimal", 3).number_format) == (99.95, "#,##0.00")
    assert (at("percent", 3).value, at("percent", 3).number_format) == (0.9995, "#,##0.00%")
    assert at("choice", 4).value == "Yes, partly"
    assert "Asia/Seoul" in sheet.cell(layout.HEAD_ROW, columns["f_datetime"]).value


def _rows_sheet(content: bytes):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return next(sheet for sheet in book if str(sheet["A3"].value).startswith("iem:rows"))


def test_headings_are_locked_and_answers_open(content):
    sheet = _rows_sheet(content)
    assert sheet.protection.sheet and not sheet.protection.password
    assert (
        sheet.cell(layout.HEAD_ROW, 2).protection.locked and sheet.cell(layout.OTHER_ROW, 2).protection.locked
    )
    assert not sheet.cell(layout.FIRST_ROW, 2).protection.locked
    assert sheet.freeze_panes == "C6" and sheet.column_dimensions["A"].hidden
    assert sheet.row_dimensions[layout.KEY_ROW].hidden


def test_headings_stand_in_both_languages_and_lists_cover_spare_rows(content):
    sheet = _rows_sheet(content)
    assert sheet.cell(layout.HEAD_ROW, 2).value.endswith(" *")
    assert {sheet.cell(layout.OTHER_ROW, column).value[:2] for column in range(2, 6)} == {"'@"}
    lists = [one for one in sheet.data_validations.dataValidation if one.type == "list"]
    assert any(
        re.search(
            rf"{layout.FIRST_ROW}:[A-Z]+{layout.FIRST_ROW + len(EXAMPLES) + layout.SPARE - 1}$",
            str(one.sqref),
        )
        for one in lists
    )


def test_the_parts_are_what_a_strict_reader_wants(content):
    """No spreadsheet program runs here; these are the faults for which Excel and LibreOffice offer a repair."""
    faults_of(content)


def faults_of(content: bytes) -> None:
    archive = zipfile.ZipFile(io.BytesIO(content))
    names = archive.namelist()
    assert len(names) == len(set(names)) and archive.testzip() is None
    trees = {
        name: ElementTree.fromstring(archive.read(name)) for name in names if name.endswith((".xml", ".rels"))
    }
    kinds = trees["[Content_Types].xml"]
    defaults = {node.get("Extension") for node in kinds if node.tag.endswith("Default")}
    overrides = {node.get("PartName") for node in kinds if node.tag.endswith("Override")}
    assert all(
        f"/{name}" in overrides or name.rsplit(".", 1)[-1] in defaults
        for name in names
        if name != "[Content_Types].xml"
    )
    assert {part.lstrip("/") for part in overrides} <= set(names)
    for name in names:
        if name.endswith(".rels"):
            folder = name.replace("_rels/", "").rsplit("/", 1)[0] if name != "_rels/.rels" else ""
            for relation in trees[name]:
                target = relation.get("Target")
                assert relation.get("TargetMode") != "External"
                assert (
                    target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
                ) in names
    book = trees["xl/workbook.xml"]
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    sheets = [node.get("name") for node in book.iter(f"{main}sheet")]
    assert len({name.casefold() for name in sheets}) == len(sheets)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in sheets)
    defined = [(node.get("name"), node.get("localSheetId")) for node in book.iter(f"{main}definedName")]
    assert len(defined) == len(set(defined))
    for name in names:
        if name.startswith("xl/worksheets/sheet"):
            _check_sheet(trees[name], main, sheets)


#: The order in which the schema wants a sheet's parts; Excel repairs any other.
ORDER = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetProtection",
    "autoFilter",
    "mergeCells",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
]


def _check_sheet(tree, main: str, sheets: list[str]) -> None:
    parts = [node.tag.replace(main, "") for node in tree]
    assert parts == sorted(parts, key=ORDER.index)
    for rule in tree.iter(f"{main}dataValidation"):
        assert len(rule.get("prompt", "")) <= 255 and len(rule.get("promptTitle", "")) <= 32
        assert len(rule.get("error", "")) <= 255
        if rule.get("type") == "list":
            found = re.fullmatch(r"'?([^'!]+)'?!\$[A-Z]+\$1:\$[A-Z]+\$\d+", rule.findtext(f"{main}formula1"))
            assert found and found[1] in sheets
    places = [cell.get("r") for cell in tree.iter(f"{main}c")]
    assert len(places) == len(set(places))
    for text in tree.iter(f"{main}t"):
        assert len((text.text or "").encode("utf-16-le")) // 2 <= 32_767
