"""The demo's way to readiness: believable colours, one set by hand, freezes that differ, and a trend."""

import pytest

from engagements.models import Engagement
from iem_portal.demo import world as story
from tests.factories import NOW
from workbook.demo import WorkbookPart
from workbook.demo.readiness import ReadinessPart
from workbook.models import Freeze, Override, Reading
from workbook.readiness import outline
from workbook.scorecard import board, comparing, freezing, signing

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_the_demo_tells_how_the_cutover_became_ready():
    world = story.build(NOW)
    WorkbookPart().seed(world, NOW)
    ReadinessPart().seed(world, NOW)
    engagement = Engagement.objects.select_related("customer").get(pk=world.engagement.pk)
    lines = {line.key: line for line in board.lines(engagement, outline(engagement), NOW)}
    counts = board.counts(list(lines.values()))
    assert counts["GREEN"] >= 5 and counts["YELLOW"] >= 3 and 1 <= counts["RED"] <= 3 and not counts["GREY"]
    assert Override.objects.get().line == "stability"
    assert lines["stability"].override
    first, second = Freeze.objects.filter(engagement=engagement).order_by("number")
    found = comparing.compare(engagement, first.number, second.number).lines
    assert {line.kind for line in found} >= {"cell", "row_added"}
    assert all(line.before != line.after or line.kind != "cell" for line in found)
    assert signing.standing(engagement).is_go
    today = freezing.day_of(engagement, NOW)
    trends = board.trends(engagement, {key: line.colour for key, line in lines.items()}, today)
    assert sum(len(trend.steps) > 2 for trend in trends.values()) > 8
    assert Reading.objects.filter(engagement=engagement, freeze=None).count() == 42
