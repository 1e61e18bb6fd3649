"""Which metrics does an account publish? Asked when somebody asks, kept, and never polled."""

from __future__ import annotations

from datetime import datetime, timedelta

from engagements.models import Engagement
from iem_portal.aws import cloudwatch, ledger, spending
from iem_portal.aws.errors import AwsError
from warroom import faults
from warroom.models import MetricListing
from warroom.scope import scope_of

DEADLINE_S = 12.0  # somebody is waiting
MOST_METRICS = 5000  # ten requests' worth; what is left out is said
FRESH_FOR = timedelta(minutes=1)  # AWS itself takes up to 15 minutes to list a new metric
SHOWN = 100
IAM = ("cloudwatch:ListMetrics",)


class NotRead(Exception):
    """AWS did not answer; the text says why in the reader's words."""


def known(engagement: Engagement, account_id: str, region: str, namespace: str) -> MetricListing | None:
    """What was answered last, or None. One query."""
    place = {"account_id": account_id, "region": region, "namespace": namespace}
    return MetricListing.objects.filter(engagement=engagement, **place).first()


def ask(
    *, engagement: Engagement, account_id: str, region: str, namespace: str, now: datetime
) -> MetricListing:
    """Ask AWS and keep the answer; within a minute the kept one. The calls are written into the ledger.

    The account that monitors this one is asked, as for reading. Raises NotRead.
    """
    before = known(engagement, account_id, region, namespace)
    if before is not None and now - before.read_at < FRESH_FOR:
        return before
    scope = scope_of(engagement)
    target = scope.aws_target(scope.reader_of(account_id), region)
    error, found = None, []
    with ledger.recording() as recording:
        try:
            found = cloudwatch.list_metrics(target, namespace=namespace, deadline_s=DEADLINE_S)
        except AwsError as raised:
            error = raised
    spending.save(recording, now=now, engagement_id=engagement.pk)
    if error is not None:
        raise NotRead(str(faults.words(error.kind, IAM))) from error
    metrics = sorted({(name, tuple(sorted(dims.items()))) for _namespace, name, dims in found})
    listing, _made = MetricListing.objects.update_or_create(
        engagement=engagement,
        account_id=account_id,
        region=region,
        namespace=namespace,
        defaults={
            "metrics": [[name, [list(pair) for pair in dims]] for name, dims in metrics[:MOST_METRICS]],
            "is_cut": len(metrics) > MOST_METRICS,
            "read_at": now,
        },
    )
    return listing


def search(listing: MetricListing, words: str) -> tuple[list[dict], int]:
    """The first hundred metrics whose name, dimensions or values hold every word, and how many there are."""
    wanted = words.lower().split()
    found = []
    for place, (name, dims) in enumerate(listing.metrics):
        text = " ".join([name, *(f"{key}={value}" for key, value in dims)]).lower()
        if all(word in text for word in wanted):
            found.append({"place": place, "name": name, "dims": dims})
    return found[:SHOWN], len(found)
