"""Every type of field: what is kept can be edited and kept again, and hostile texts are refused in words."""

from contextlib import suppress
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from workbook import types
from workbook.catalogue import RAG, Choice, Field
from workbook.titles import Title, Titles
from workbook.types import InvalidValue, Setting, field_types

pytestmark = pytest.mark.once
ROWS = Titles(
    {
        "module": (
            Title(1, ("Portal",)),
            Title(2, ("Seats, Seoul",)),
            Title(3, ("Portal (old)",), is_live=False),
            Title(4, ("Twin",)),
            Title(5, ("Twin",)),
            Title(6, ("A; B, C",)),
            Title(7, ("한글 모듈", {"en": "Requests", "ko": "요청"})),
            Title(8, ("a, b, c, d, e, f, g",)),
        )
    }
)
SEOUL = Setting(ZoneInfo("Asia/Seoul"), titles=ROWS, people=("Lim Sojin",), regions=("ap-northeast-2",))
SEOUL.files = {12: "plan.pdf"}
CHOICES = (
    Choice("a", {"en": "First", "ko": "첫째"}),
    Choice("b", {"en": "Second, last", "ko": "둘째"}),
)
#: Texts that a field of the type takes; every type needs one, so that none goes untried.
TAKEN = {
    "offset": "T-30 min",
    "text": "One line",
    "longtext": "Two.\n\nParagraphs.",
    "secret": "402 117",
    "integer": "1,200",
    "decimal": "-0.50",
    "percent": "12.5 %",
    "money": "86,000,000 krw",
    "period": "300",
    "duration": "1일 2시간 30분",
    "date": "2026-11-28",
    "datetime": "2026-11-28 23:00",
    "timezone": "Asia/Seoul",
    "choice": "둘째",
    "multi": "b, a",
    "bool": "예",
    "rag": "노랑",
    "language": "First",
    "url": "https://example.com/a,b",
    "link": "IEM-2540",
    "file_or_link": "https://example.com/drawing.png",
    "file": "plan.pdf @12",
    "email": "sojin.lim@example.com",
    "phone": "010-5550-0142",
    "person": "Lim Sojin",
    "ref": "portal",
    "refs": "Portal, Seats, Seoul, Something new",
    "metric_ref": "AWS/RDS CPUUtilization",
    "aws_account": "1111-2222-3333",
    "aws_region": "AP-NORTHEAST-2",
    "aws_service": "ec2",
    "aws_services": "ec2, rds ec2",
    "aws_zones": "apne2-az1, ap-northeast-2c",
    "cidrs": "203.0.113.0/24, 2001:db8::1",
    "quota_code": "L-1216C47A",
    "arn": "arn:aws:rds:ap-northeast-2:111122223333:db:enrol-db",
    "case_id": "17341234567",
    "alarm_ref": "portal 5xx",
    "statistic": "p99.9",
    "dimensions": "A=1; B=x/y=z",
    "pairs": "env=prod, env=dr",
}  # fmt: skip
TYPED = sorted({kind.key for kind in field_types} - {"formula"})
# The first draw builds tables of characters; on a busy machine that takes seconds.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
LANGUAGES = st.sampled_from(["en", "ko"])


def spec(kind, **options):
    choices = RAG if kind == "rag" else CHOICES
    return Field(
        "x", kind, {"en": "X", "ko": "엑스"}, -1, ("CL",), choices=choices, options={"to": "module"} | options
    )


def test_every_type_is_tried():
    assert set(TYPED) == set(TAKEN)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("kind", TYPED)
def test_a_good_text_is_kept_and_can_be_edited(kind, language):
    with translation.override(language):
        value = types.clean(spec(kind), TAKEN[kind], SEOUL)
        assert value is not None
        assert types.show(spec(kind), value, SEOUL)
        assert types.clean(spec(kind), types.edit(spec(kind), value, SEOUL), SEOUL) == value
        assert types.clean(spec(kind), value, SEOUL) == value, "what the API gives may be sent back"


@PATIENT
@given(kind=st.sampled_from(TYPED), language=LANGUAGES, data=st.data())
def test_what_is_kept_can_be_edited_and_kept_again(kind, language, data):
    piece = st.one_of(
        st.text(max_size=12), st.just(TAKEN[kind]), st.sampled_from(["#1", "#4", ",", ";", "=", "%", " "])
    )
    text = data.draw(st.lists(piece, max_size=5).map("".join))
    with translation.override(language):
        try:
            value = types.clean(spec(kind), text, SEOUL)
        except InvalidValue:
            assume(False)
        assert types.clean(spec(kind), types.edit(spec(kind), value, SEOUL), SEOUL) == value


@PATIENT
@given(
    kind=st.sampled_from(TYPED),
    raw=st.one_of(
        st.text(alphabet=st.characters(), max_size=200),
        st.integers(),
        st.floats(),
        st.booleans(),
        st.lists(st.one_of(st.text(max_size=5), st.integers(), st.none()), max_size=5),
        st.sampled_from(
            ["1e400", "9" * 400, "\x00", "\ud800", "=cmd|' /C calc'!A0", {"a": 1}, [["a"]], [None]]
        ),
    ),
)
def test_hostile_values_are_kept_or_refused_in_words(kind, raw):
    with suppress(InvalidValue):
        value = types.clean(spec(kind), raw, SEOUL)
        assert isinstance(types.show(spec(kind), value, SEOUL), str)


@pytest.mark.parametrize(
    ("kind", "typed", "stored", "shown"),
    [
        ("email", " sojin.lim@example.com ", "sojin.lim@example.com", "sojin.lim@example.com"),
        ("phone", "010-5550-0142", "+821055500142", "+82 10 5550 0142"),
        ("phone", "02) 555-0142", "+8225550142", "+8225550142"),
        ("phone", "+1 (206) 555-0152", "+12065550152", "+12065550152"),
        ("phone", "0044 20 7946 0958", "+442079460958", "+442079460958"),
        ("duration", "90", 90, "1 h 30 min"),
        ("duration", "1.5 h", 90, "1 h 30 min"),
        ("duration", "2 weeks", 20160, "14 d"),
        ("duration", "0", 0, "0 min"),
        ("aws_zones", "apne2-az1 apne2-az3", ["apne2-az1", "apne2-az3"], "apne2-az1, apne2-az3"),
        ("pairs", "KR=92, JP=8", [["KR", "92"], ["JP", "8"]], "KR=92, JP=8"),
        ("rag", "red", "RED", "Red"),
        ("secret", "402 117", "402 117", "••••••"),
        ("refs", "Portal, Portal", ["#1"], "Portal"),
        ("multi", "Second, last, First", ["a", "b"], "First, Second, last"),
    ],
)
def test_the_newer_types_read_what_people_write(kind, typed, stored, shown):
    assert types.clean(spec(kind), typed, SEOUL) == stored
    assert types.show(spec(kind), stored, SEOUL) == shown


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("email", "sojin"), ("email", "a@b"), ("phone", "5550142"), ("phone", "+0123456789"), ("phone", "call me"),
        ("duration", "soon"), ("duration", "3 parsecs"), ("duration", "1 h, and more"), ("duration", "0.3 min"),
        ("duration", "999999 weeks"), ("aws_services", "e c 2!"), ("aws_zones", "Seoul"), ("cidrs", "300.1.1.1"),
        ("cidrs", "10.0.0.0/99"), ("pairs", "KR"), ("pairs", "KR=1, KR=1"), ("rag", "purple"),
        ("arn", "d3.cloudfront.net"),
        ("refs", ", ".join(f"name {number}" for number in range(51))),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_newer_types_is_refused(kind, typed):
    with pytest.raises(InvalidValue, match=r"\w+ \w+"):
        types.clean(spec(kind), typed, SEOUL)


def test_a_dns_name_is_taken_where_the_field_allows_it():
    assert types.clean(spec("arn", allow_name=True), "D3.CloudFront.net", SEOUL) == "d3.cloudfront.net"


def test_abroad_a_number_needs_its_country():
    with pytest.raises(InvalidValue):
        types.clean(spec("phone"), "010-5550-0142", Setting(ZoneInfo("Europe/Berlin")))
