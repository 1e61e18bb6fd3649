"""The escalation matrix of the planning workbook (WB22): who stands at a level, and how long it may take."""

import pytest

from escalation import faces, lanes, matrix
from escalation.models import Escalation
from iem_portal.registry import matrices
from tests.escalation.conftest import MIN
from workbook.matrix import Node
from workbook.models import Cell, Row

pytestmark = pytest.mark.once


class Written:
    """A matrix as the workbook answers it."""

    key = "workbook"
    rows: tuple = ()

    def of(self, engagement):
        return list(self.rows)


@pytest.fixture
def written():
    part = Written()
    part.rows = (
        Node("tech", 0, "tam", "Kim Minji", "Bridge 1", "", {"critical": 7}),
        Node("tech", 2, "cse", "AWS Support", "In the case", "", {}),
        Node("customer-management", 0, "executive", "The boss", "+82 2", "", {"critical": 1}),
    )
    with matrices.temporarily(part):
        yield part


def write(engagement, by, now, section, table, **values):
    """A row of the workbook with these answers; its number."""
    row = Row.objects.create(
        engagement=engagement, section=section, table=table, position=1, created_at=now, created_by_name="x"
    )
    for field, value in values.items():
        Cell.objects.create(row=row, field=field, value=value, updated_at=now, updated_by_name=by.name)
    return row.pk


def test_rows_of_the_workbook_are_read_with_the_names_of_their_contacts(engagement, people, now):
    place = (engagement, people["tam"], now)
    person = write(*place, "wb03", "people", ct_name="Kim Minji")
    words = {"es_lane": "tech", "es_level": 1, "es_when": 20, "es_when_low": 10**12, "es_contact": "Bridge 1"}
    write(*place, "wb22", "levels", es_who=f"#{person}", **words)
    write(*place, "wb22", "levels", es_who="#999999", **words)
    [node] = matrices.get("workbook").of(engagement.pk)
    assert (node.lane, node.level, node.who, node.contact) == ("tech", 1, "Kim Minji", "Bridge 1")
    assert matrix.read(engagement.pk).minutes == {("technical", 1): {"critical": 20}}


def test_a_template_that_asks_otherwise_breaks_no_opening(engagement, people, now):
    place = (engagement, people["tam"], now)
    first = write(*place, "wb03", "people", ct_name="Kim Minji")
    words = {"es_level": 1, "es_when": [20], "es_contact": {"any": "thing"}}
    write(*place, "wb22", "levels", es_who=[f"#{first}", "The desk"], es_lane="tech", **words)
    write(*place, "wb22", "levels", es_who="Nobody", es_lane=["tech"], **words)
    found = matrix.read(engagement.pk)
    assert found.at("technical", 1) == [matrix.Contact("Kim Minji, The desk")]
    assert matrix.frozen(found) == {}


def test_what_was_agreed_for_the_event_goes_before_the_table(written, open_it, now):
    found = faces.with_clocks(Escalation.objects.filter(pk=open_it().pk)).get()
    level = faces.clock_face(found, "level", now)
    assert (level.target_min, level.due_at) == (7, now + 6 * MIN)
    assert found.policy["objectives"]["matrix"] == {"technical": {"0": {"critical": 7}}}
    written.rows = ()
    plain = faces.with_clocks(Escalation.objects.filter(pk=open_it().pk)).get()
    assert faces.clock_face(plain, "level", now).target_min == 15


def test_the_path_names_who_was_written_down_and_how_to_reach_them(written, escalation, now):
    found = faces.with_clocks(Escalation.objects.filter(pk=escalation.pk)).get()
    picture = lanes.picture(found, lanes.read(found, audience="customer", now=now), now=now)
    support = picture.lanes[0].levels[2]
    assert (support.who, support.contacts, support.is_roster) == (["AWS Support"], ["In the case"], False)


def test_opening_proposes_the_first_level_s_person(written, as_user, people, engagement):
    page = as_user(people["customer_lead"]).get(f"/e/{engagement.reference}/escalations/new/")
    assert 'value="Kim Minji"' in page.content.decode()
