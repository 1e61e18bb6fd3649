"""The simulated AWS in a process of its own, so that a client's CPU is its own; `python -m bench._aws FOLDER`.

It also answers GetMetricStatistics, which the portal never asks: the baseline of bench/_polling does.
"""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


class Aws:
    """The admin door of the simulated AWS."""

    def __init__(self, url: str):
        self.url = url

    def ask(self, method: str, path: str, data: Any = None) -> Any:
        """One request to the admin door."""
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(self.url + path, data=body, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def seen(self) -> dict[str, dict[str, int]]:
        """Calls and metrics asked for by operation since the last look, as the far end counted them."""
        found: dict[str, dict[str, int]] = {}
        for call in self.ask("GET", "/_sim/calls")["calls"]:
            one = found.setdefault(call["operation"], {"calls": 0, "metrics": 0})
            one["calls"] += 1
            one["metrics"] += call.get("metrics", 0)
        self.ask("DELETE", "/_sim/calls")
        return found


@contextmanager
def simulated(folder: Path) -> Iterator[Aws]:
    """A simulated AWS on a free port; killed in the end."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-W", "ignore", "-m", "bench._aws", str(folder)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield Aws(child.stdout.readline().strip())
    finally:
        child.kill()
        child.wait()


def main(folder: Path) -> None:
    """Serve until killed; the first line on standard output is the address."""
    # Only here: what it answers is registered when it is imported, and moto asks the environment for credentials.
    from iem_portal.simulator.app import Simulator
    from iem_portal.simulator.clock import SimClock
    from iem_portal.simulator.operations import OPERATIONS, operation
    from iem_portal.simulator.scenario import load
    from iem_portal.simulator.server import HOST, serve
    from iem_portal.simulator.world import World

    @operation("cloudwatch", "GetMetricStatistics")
    def get_metric_statistics(call, request: dict[str, Any]) -> dict[str, Any]:
        stat = request["Statistics"][0]
        metric = {key: request[key] for key in ("Namespace", "MetricName", "Dimensions")}
        query = {"Id": "q0", "MetricStat": {"Metric": metric, "Period": request["Period"], "Stat": stat}}
        asked = {
            "StartTime": request["StartTime"],
            "EndTime": request["EndTime"],
            "MetricDataQueries": [query],
        }
        (found,) = OPERATIONS["cloudwatch", "GetMetricData"](call, asked)["MetricDataResults"]
        points = zip(found["Timestamps"], found["Values"], strict=True)
        return {
            "Label": metric["MetricName"],
            "Datapoints": [{"Timestamp": at, stat: value, "Unit": "Count"} for at, value in points],
        }

    server = serve(Simulator(World(load("cutover"), SimClock(folder))), 0)
    sys.stdout.write(f"http://{HOST}:{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.2)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
