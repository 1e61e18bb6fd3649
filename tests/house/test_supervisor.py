"""Children come back when killed, and none survives the supervisor."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from iem_portal.preflight import free_port, is_free, listener
from iem_portal.start import Greeter, portal, with_simulator
from iem_portal.supervisor import Child, Supervisor

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def until(condition, seconds=60.0):
    """Wait for a condition about other processes; False when it never came true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def descendants(pid: int) -> set[int]:
    """Living children, their children and so on."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = entry.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if after_name[0] != "Z":
            parents[int(entry.parent.name)] = int(after_name[1])
    found, frontier = set(), {pid}
    while frontier:
        frontier = {child for child, parent in parents.items() if parent in frontier} - found
        found |= frontier
    return found


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def family(tmp_path):
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "tests.house.family", str(tmp_path)]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
    assert until(lambda: len(descendants(process.pid)) == 3)
    everybody = descendants(process.pid)
    yield process
    left = everybody | descendants(process.pid)
    process.kill()
    process.wait()
    process.stdout.close()
    for pid in left:
        if is_alive(pid):
            os.kill(pid, signal.SIGKILL)


def test_a_killed_child_comes_back_and_leaves_no_grandchild(family):
    before = descendants(family.pid)
    direct = [pid for pid in before if descendants(pid)]  # the one with a grandchild
    os.kill(direct[0], signal.SIGKILL)
    assert "sleeper was stopped by SIGKILL" in family.stdout.readline()
    assert until(lambda: len(descendants(family.pid)) == 3 and direct[0] not in descendants(family.pid))
    assert sum(is_alive(pid) for pid in before) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopping_ends_everybody_with_code_zero(family, number):
    everybody = descendants(family.pid)
    family.send_signal(number)
    assert family.wait(60) == 0
    assert until(lambda: not any(is_alive(pid) for pid in everybody))


def test_killing_the_supervisor_leaves_no_child(family):
    direct = {pid for pid in descendants(family.pid) if os.getsid(pid) == pid}
    family.kill()
    assert until(lambda: not any(is_alive(pid) for pid in direct))


def test_back_off_doubles_up_to_its_limit(tmp_path):
    child = Child("brief", (sys.executable, "-c", "pass"))
    supervisor = Supervisor([child], tmp_path, say=lambda text: None)
    waits = []
    for _ in range(7):
        supervisor._start(child)
        child.process.wait()
        supervisor._note_death(child, now=child.started_at + 1)
        waits.append(round(child.start_again_at - child.started_at - 1, 3))
    assert waits == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]


def test_a_web_process_that_cannot_start_ends_the_portal_with_its_last_words(tmp_path, capfd):
    web = Child("web", (sys.executable, "-c", "print('no such module')"))
    supervisor = Supervisor([web], tmp_path, say=lambda text: None)
    greeter = Greeter(supervisor, port=free_port("127.0.0.1", 21300), is_demo=False)
    assert supervisor.run(on_pass=greeter.look) == 1
    assert "no such module" in capfd.readouterr().out


def test_a_taken_port_names_its_holder():
    port = free_port("127.0.0.1", 21300)
    server = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    holder = subprocess.Popen(server, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        assert until(lambda: not is_free("127.0.0.1", port))
        assert f"process {holder.pid}" in listener(port)
    finally:
        holder.kill()
        holder.wait()


def test_the_simulator_is_started_only_when_nobody_named_an_aws(tmp_path):
    options = {"web_fd": 3, "data_dir": tmp_path}
    simulated, port = with_simulator({"AWS_PROFILE": "prod"}, 21300)
    names = [child.name for child in portal(simulated, simulator_port=port, **options)]
    assert names == ["simulator", "web", "worker", "beat", "clock", "relay"]
    assert "AWS_PROFILE" not in simulated
    assert with_simulator({"IEM_REAL_AWS": "1"}, 21300) == ({"IEM_REAL_AWS": "1"}, None)
    assert "simulator" not in [child.name for child in portal({}, simulator_port=None, **options)]
