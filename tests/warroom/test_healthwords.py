"""AWS's event codes in words a person reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom import healthwords

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("AWS_DIRECTCONNECT_OPERATIONAL_ISSUE", "Direct Connect operational issue"),
        ("AWS_EC2_PERSISTENT_INSTANCE_RETIREMENT_SCHEDULED", "EC2 instance retirement scheduled"),
        ("AWS_MULTIPLE_SERVICES_OPERATIONAL_ISSUE", "Multiple services operational issue"),
        ("AWS_NEWTHING_ODD_STATE", "NEWTHING odd state"),
        ("AWS_STRANGE", "strange"),
    ],
)
def test_a_code_reads_as_service_and_kind(code, words):
    assert healthwords.title(code) == words


def test_codes_inside_a_kept_text_are_read_out():
    kept = "(AWS_RDS_OPERATIONAL_ISSUE, AWS_EC2_MAINTENANCE_SCHEDULED, +2)"
    assert healthwords.read_out(kept) == "(RDS operational issue, EC2 scheduled maintenance, +2)"


@given(st.text(alphabet="ABCDE_0123456789", max_size=60))
def test_no_code_is_lost_or_refused(rest):
    words = healthwords.title(f"AWS_{rest}")
    assert words.replace(" ", "").lower() == rest.replace("_", "").lower()
