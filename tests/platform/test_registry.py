"""Does everybody who asks a registry get all of its parts?"""

import importlib
import threading

from iem_portal.registry import Registry


def test_a_thread_that_asks_during_the_first_look_gets_all_parts(monkeypatch):
    registry = Registry("phrase", "phrases")
    is_under_way, goes_on = threading.Event(), threading.Event()

    def slow(name):
        is_under_way.set()
        goes_on.wait(60)
        registry._parts[name] = type("Part", (), {"key": name})

    monkeypatch.setattr(importlib, "import_module", slow)
    seen = {}
    first = threading.Thread(target=lambda: seen.update(first=len(registry.all())))
    second = threading.Thread(target=lambda: seen.update(second=len(registry.all())))
    first.start()
    assert is_under_way.wait(60)
    second.start()
    second.join(0.05)  # it either waits for the first or has answered too early
    goes_on.set()
    first.join(5)
    second.join(5)
    assert seen["first"] == seen["second"] > 1
