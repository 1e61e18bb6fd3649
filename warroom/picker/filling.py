"""Writing a chosen metric into its row of the monitoring sheet, by the workbook's own verbs."""

from __future__ import annotations

from datetime import datetime

from engagements.models import Engagement
from warroom.models import MetricListing
from workbook import bulk, editions
from workbook.edits import Edit, Outcome
from workbook.models import Cell, CellChange, Row
from workbook.watches import SECTION

TABLE = "metrics"
FIELDS = ("mt_account", "mt_region", "mt_namespace", "mt_metric", "mt_dims")


def rows(engagement: Engagement) -> list[tuple[int, str, dict[str, int]]]:
    """The rows that can be filled: number, what they are called, and the versions of their cells. Two queries."""
    live = Row.objects.filter(engagement=engagement, section=SECTION, table=TABLE, deleted_at=None)
    found: dict[int, tuple[int, str, dict[str, int]]] = {
        pk: (pk, "", {}) for pk in live.order_by("position", "pk").values_list("pk", flat=True)
    }
    cells = Cell.objects.filter(row_id__in=list(found), field__in=["mt_title", *FIELDS])
    for row, field, value, version in cells.values_list("row_id", "field", "value", "version"):
        pk, title, versions = found[row]
        found[row] = (pk, str(value or "") if field == "mt_title" else title, versions | {field: version})
    return list(found.values())


def fill(
    *,
    engagement: Engagement,
    listing: MetricListing,
    place: int,
    row: int | None,
    seen: dict[str, int],
    by,
    now: datetime,
) -> list[Outcome]:
    """Write the metric at this place of the listing, all of it or nothing; ``row`` None adds a row named after it.

    ``seen`` has the versions of the cells as the page showed them, so that nobody's newer word is overwritten.
    Raises LookupError when the workbook has no such sheet or the listing no such place.
    """
    section = editions.section(engagement, SECTION)
    table = section.table(TABLE) if section else None
    if table is None or not 0 <= place < len(listing.metrics):
        raise LookupError(place)
    name, dims = listing.metrics[place]
    values = dict(
        zip(FIELDS, (listing.account_id, listing.region, listing.namespace, name, dims), strict=True)
    )
    if row is None:
        values["mt_title"] = name[:60]
        if not dims:
            del values["mt_dims"]
    edits = [
        Edit(field, value, row=row, new_row="" if row else "1", base_version=seen.get(field, 0))
        for field, value in values.items()
    ]
    where = {"engagement": engagement, "section": section, "table": table}
    # Half a metric beside half of somebody else's would be watched as a third one.
    planned = bulk.plan(**where, edits=edits)
    if not all(one.is_taken for one in planned):
        return planned
    return bulk.save(**where, edits=edits, by=by, now=now, how=CellChange.How.AWS)
