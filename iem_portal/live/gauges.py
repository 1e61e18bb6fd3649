"""How many streams this process holds, for /metrics."""

from datetime import datetime

from iem_portal.live.hub import Hub
from iem_portal.registry import gauges


@gauges.register
class Streams:
    """Open streams of the process that answers /metrics."""

    key = "live_streams"
    help = "Open live streams of this process"

    def read(self, now: datetime) -> int:
        """The number of streams, 0 where no hub runs."""
        return sum(len(hub.subscribers) for hub in Hub.running)


@gauges.register
class Topics:
    """Topics that somebody watches."""

    key = "live_topics"
    help = "Topics with at least one live stream in this process"

    def read(self, now: datetime) -> int:
        """The number of watched topics, 0 where no hub runs."""
        return sum(len(hub.watches) for hub in Hub.running)


@gauges.register
class Silence:
    """How long ago the hub last saw the versions in the database."""

    key = "live_last_look_seconds"
    help = "Seconds since the hub last read the topic versions; pages turn stale after 12"

    def read(self, now: datetime) -> list[tuple[dict, float]]:
        """Seconds, nothing where no hub runs."""
        return [({}, hub.last_look_s()) for hub in Hub.running]
