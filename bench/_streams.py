"""Can one web process keep a war room's browsers fresh? The real server beside the floor, in the same run.

With Redis (REDIS_URL or a redis-server on the PATH) the production feed is measured, and always the polling feed of
the embedded mode. Latency runs from the publish, after the commit, to the read at the browser's end.
"""

import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench import process
from bench._stages import ROOT, Writer, environment, product, redis_address, running
from bench.crowd import Crowd
from bench.report import Figure, against, at_most

SIZES = (100, 500, 1000, 2000)
HELD = 1000  # from so many on the goals are held to without slack, and so many come back at once
POLLED = 200
FEW = 10
EVENTS = 20
INTERVAL_S = 0.4
STREAMS_PER_USER = 20
DATABASE = "portal.sqlite3"


@dataclass
class Run:
    """What one crowd saw of one server."""

    latencies: list[float] = field(default_factory=list)
    cpu_us: float = 0.0
    lost: int = 0
    announce_ms: float = 0.0
    queries: float = 0.0

    def ms(self, share: float) -> float:
        """The latency that this share of all messages stayed within, in milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


def request(path: str, session: str = "", last_id: str = "") -> bytes:
    """What a browser sends to open a stream."""
    last = f"Last-Event-ID: {last_id}\r\n" if last_id else ""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={session}\r\n{last}\r\n".encode()


def fire(crowd: Crowd, writer: Writer, orders: list[str], pid: int) -> Run:
    """Gives the orders one by one and notes when each change has reached every viewer."""
    run, told = Run(), []
    crowd.read_for(0.5)
    crowd.arrivals.clear()
    before, messages = process.cpu_s(pid), crowd.messages
    for order in orders:
        writer.ask(order)
        crowd.read_for(INTERVAL_S)
        told.append(writer.answer())
    crowd.read_until(lambda: crowd.has_all(told[-1]["version"]), 5)
    run.cpu_us = (process.cpu_s(pid) - before) / max(1, crowd.messages - messages) * 1e6
    for change in told:
        run.latencies += [at - change["at"] for at in crowd.arrivals.get(change["version"], [])]
    run.lost = sum(viewer.version != told[-1]["version"] for viewer in crowd.viewers.values())
    run.announce_ms = statistics.median(change.get("cost_s", 0) for change in told) * 1000
    return run


def floor_run(size: int, writer: Writer, env: dict[str, str]) -> Run:
    """The floor with `size` sockets."""
    port, crowd = process.free_port(), Crowd()
    with running(["bench.floor", str(port), env["REDIS_URL"] or "-"], port, env) as server:
        crowd.connect(port, [request("/")] * size)
        run = fire(crowd, writer, [f"floor {port} {number}" for number in range(1, EVENTS + 1)], server.pid)
        crowd.close()
    return run


def measure(writer: Writer, env: dict[str, str], seeded: dict, floors: dict[int, Run]) -> list[Figure]:
    """All figures of the production feed: growing crowds, coming back, the end."""
    figures: list[Figure] = []
    path = f"/live/{seeded['topic'].replace(':', '/')}/?tiles=bench"
    sessions = [session for session in seeded["sessions"] for _ in range(STREAMS_PER_USER)]
    with product(env) as (server, port):
        crowd, counted = Crowd(), {}
        for size in (FEW, *SIZES):
            memory, known = process.memory_kb(server.pid), len(crowd.viewers)
            crowd.connect(port, [request(path, session) for session in sessions[known:size]])
            orders = [f"product {seeded['topic']}"] * (3 if size == FEW else EVENTS)
            grown = (process.memory_kb(server.pid) - memory) / (size - known)
            asked = queries(port)
            run = fire(crowd, writer, orders, server.pid)
            run.queries = (queries(port) - asked) / len(orders)
            counted[size] = process.threads(server.pid), process.open_files(server.pid, DATABASE), run.queries
            if size != FEW:
                figures += crowd_figures(size, run, floors[size], grown, is_goal=size >= HELD)
        figures += count_figures(counted)
        writer.ask(f"admit {seeded['topic']} {sessions[0]}")
        figures += return_figures(crowd, server.pid, port, path, sessions, writer.answer()["ms"])
        figures += end_figures(crowd, server)
    return figures


def crowd_figures(size: int, run: Run, floor: Run, grown_kb: float, *, is_goal: bool) -> list[Figure]:
    """One crowd beside the floor; a small one pays each change for too few, so it has double slack."""
    at, slack = f"N={size}", 1 if is_goal else 2
    return [
        against(f"CPU per message, {at}", run.cpu_us, floor.cpu_us, "floor", 2.5 * slack, "µs"),
        against(f"publish to receive p50, {at}", run.ms(0.5), floor.ms(0.5), "floor", 2.5 * slack, "ms"),
        Figure(
            f"publish to receive p95, {at}",
            run.ms(0.95),
            "ms",
            floor.ms(0.95),
            "floor",
            run.ms(0.95) / floor.ms(0.95),
        ),
        against(f"publish to receive p99, {at}", run.ms(0.99), floor.ms(0.99), "floor", 4 * slack, "ms"),
        at_most(f"publish to receive p99, {at}", run.ms(0.99), 250, "ms"),
        at_most(f"memory per stream, {at}", grown_kb, 25, "kB"),
        at_most(f"streams without the last state, {at}", run.lost, 0),
        Figure(f"announce() with its commit, {at}", run.announce_ms, "ms"),
    ]


def count_figures(counted: dict[int, tuple[int, int, float]]) -> list[Figure]:
    """Threads, database connections and queries for a change must not depend on the number of viewers."""
    figures = []
    for place, name in enumerate(("threads", "database connections")):
        few, many = counted[FEW][place], counted[max(SIZES)][place]
        label, ratio = f"{name}, N={max(SIZES)}", many / few if few else None
        figures.append(Figure(label, many, "", few, f"at N={FEW}", ratio, "the same", many == few))
    # Two changes in one push cost less, a look in the middle of a push costs one more.
    few = counted[FEW][2]
    return figures + [
        against(f"queries for a change, N={size}", counted[size][2], few, f"at N={FEW}", 1.1)
        for size in SIZES
    ]


def queries(port: int) -> int:
    """How many statements changes have cost the server so far, see bench/app.py."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/bench/queries") as answer:
        return int(answer.read())


def return_figures(
    crowd: Crowd, pid: int, port: int, path: str, sessions: list[str], check_ms: float
) -> list[Figure]:
    """Everybody leaves and comes back at once, as after a restart, with session and right checked."""
    versions = [viewer.version for viewer in crowd.viewers.values()][:HELD]
    crowd.close()
    time.sleep(0.5)
    before = process.cpu_s(pid)
    requests = [
        request(path, session, str(version)) for session, version in zip(sessions, versions, strict=False)
    ]
    seconds = crowd.connect(port, requests)
    each = (process.cpu_s(pid) - before) / len(requests) * 1000
    greeted = sum(viewer.is_greeted for viewer in crowd.viewers.values())
    return [
        at_most(f"{len(requests)} browsers come back", seconds, 5, "s"),
        Figure(
            "CPU of coming back, each",
            each,
            "ms",
            check_ms,
            "check alone",
            each / check_ms,
            "<= 5 ms",
            each <= 5,
        ),
        at_most("browsers that could not come back", len(requests) - greeted, 0),
    ]


def end_figures(crowd: Crowd, server: subprocess.Popen) -> list[Figure]:
    """SIGTERM with everybody connected."""
    started = time.monotonic()
    server.send_signal(signal.SIGTERM)
    crowd.read_until(lambda: not any(viewer.is_open for viewer in crowd.viewers.values()), 10)
    ended = time.monotonic() - started
    missed = sum(not viewer.has_goodbye for viewer in crowd.viewers.values())
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        pass
    gone = time.monotonic() - started
    return [
        at_most("SIGTERM until all streams have ended", ended, 0.5, "s"),
        at_most("streams that got no goodbye", missed, 0),
        at_most("SIGTERM until the process is gone", gone, 1, "s"),
    ]


def polled(writer: Writer, env: dict[str, str], seeded: dict) -> list[Figure]:
    """The embedded mode: no Redis, a look at the version rows every 250 ms."""
    size = POLLED
    path = f"/live/{seeded['topic'].replace(':', '/')}/?tiles=bench"
    sessions = [session for session in seeded["sessions"] for _ in range(STREAMS_PER_USER)]
    with product(env) as (server, port):
        crowd = Crowd()
        asleep = idle_share(crowd, server.pid)
        crowd.connect(port, [request(path, sessions[0])])
        idle = idle_share(crowd, server.pid)
        crowd.connect(port, [request(path, session) for session in sessions[1:size]])
        run = fire(crowd, writer, [f"product {seeded['topic']}"] * EVENTS, server.pid)
        crowd.close()
    return [
        at_most(f"polling: publish to receive p99, N={size}", run.ms(0.99), 250 + 150, "ms"),
        at_most(f"polling: streams without the last state, N={size}", run.lost, 0),
        Figure(
            "polling: a quiet board, share of a core",
            idle,
            "%",
            asleep,
            "no board",
            None,
            "<= 0.5 % more",
            idle - asleep <= 0.5,
        ),
    ]


def idle_share(crowd: Crowd, pid: int, seconds: float = 4) -> float:
    """How much of a core the server takes while nothing changes, in percent."""
    before, started = process.cpu_s(pid), time.monotonic()
    crowd.read_for(seconds)
    return (process.cpu_s(pid) - before) / (time.monotonic() - started) * 100


def streams() -> list[Figure]:
    """All figures about viewers; about a minute."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(65536, hard) if hard > 0 else 65536, hard))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis_url = stack.enter_context(redis_address())
        env, alone = environment(folder, redis_url), environment(folder, "")
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0", "--skip-checks"]
        subprocess.run(migrate, cwd=ROOT, env=env, check=True)
        writer = Writer(env)
        stack.callback(writer.process.kill)
        writer.ask(f"seed {max(SIZES) // STREAMS_PER_USER}")
        seeded = writer.answer()
        figures = []
        if redis_url:
            floors = {size: floor_run(size, writer, env) for size in SIZES}
            figures += measure(writer, env, seeded, floors)
        figures += polled(writer, alone, seeded)
    return figures
