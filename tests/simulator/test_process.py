"""The simulator as its own process: it says where it listens, follows the demo's T0, and ends when told."""

import json
import subprocess
import sys
import urllib.request


def start(tmp_path, *arguments):
    command = [
        sys.executable,
        "-m",
        "iem_portal.simulator",
        "--port",
        "0",
        "--data-dir",
        str(tmp_path),
        *arguments,
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_it_starts_answers_and_ends_cleanly(tmp_path):
    (tmp_path / "demo.json").write_text(json.dumps({"t0": "2026-11-28T15:00:00+00:00"}))
    with start(tmp_path) as process:
        try:
            url = process.stdout.readline().split()[3].rstrip(",")
            with urllib.request.urlopen(url + "/_sim/clock", timeout=30) as answer:
                assert json.load(answer)["t0"] == 1_795_878_000
        finally:
            process.terminate()
    assert process.returncode == 0


def test_an_unknown_scenario_is_refused(tmp_path):
    with start(tmp_path, "--scenario", "nosuch") as process:
        assert "cutover" in process.stderr.read()
    assert process.returncode == 2
