"""Which parts of the portal have signed up under which key, found on first use without a list to edit."""

from __future__ import annotations

import importlib
import logging
import pkgutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from django.apps import apps

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Retired:
    """Stands in for a key whose part is gone, so that old rows can still be shown."""

    key: str

    @property
    def label(self) -> str:
        """The bare key: better than an error on a page that shows history."""
        return self.key


class Registry:
    """Parts of one kind, keyed by short strings that are kept for ever.

    On first use every installed app is asked for a module (or a package with
    submodules) of the given name; importing it makes the parts register themselves.
    """

    def __init__(self, kind: str, module: str):
        self.kind = kind
        self.module = module
        self._parts: dict[str, Any] = {}
        self._is_loaded = self._is_loading = False
        self._lock = threading.RLock()

    def register(self, part):
        """Add a part that has a ``.key``; works as a class decorator (the class is instantiated).

        Raises ValueError when the key is taken: two parts under one key would hide one of them.
        """
        instance = part() if isinstance(part, type) else part
        if instance.key in self._parts:
            raise ValueError(f"{self.kind} {instance.key!r} is registered twice")
        self._parts[instance.key] = instance
        return part

    def get(self, key: str):
        """The part under this key, or a :class:`Retired` stand-in."""
        self._load()
        return self._parts.get(key) or Retired(key)

    def all(self) -> list[Any]:
        """Every part, by ``order`` (default 100) and then key."""
        self._load()
        return sorted(self._parts.values(), key=lambda part: (getattr(part, "order", 100), part.key))

    def __contains__(self, key: str) -> bool:
        self._load()
        return key in self._parts

    def __iter__(self) -> Iterator[Any]:
        return iter(self.all())

    @contextmanager
    def temporarily(self, part):
        """Register a part for the length of a test, shadowing one of the same key."""
        self._load()
        before = dict(self._parts)
        self._parts[part.key] = part
        try:
            yield part
        finally:
            self._parts = before

    def _load(self) -> None:
        if self._is_loaded:
            return
        # Other threads wait: half of the parts would be taken for all of them.
        with self._lock:
            # A part that looks another part up while loading must not start over.
            if self._is_loaded or self._is_loading:
                return
            self._is_loading = True
            try:
                self._import_parts()
                self._is_loaded = True
            finally:
                self._is_loading = False

    def _import_parts(self) -> None:
        for config in apps.get_app_configs():
            name = f"{config.name}.{self.module}"
            if find_spec(name) is None:
                continue
            module = importlib.import_module(name)
            for info in pkgutil.iter_modules(getattr(module, "__path__", [])):
                importlib.import_module(f"{name}.{info.name}")


@dataclass(frozen=True)
class Phrase:
    """One sentence of the timeline, kept as a key and filled in the reader's language.

    ``text`` is a lazy gettext string with ``%(name)s`` places; ``icon`` and ``status``
    name the shape and colour beside it; ``reads`` puts a param that is kept as a code into words.
    """

    key: str
    text: Any
    icon: str = "s-info"
    status: str = "todo"
    reads: dict[str, Callable[[str], str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Probe:
    """What one readiness check saw: whether it is well, and in words why."""

    ok: bool
    detail: str = ""
    data: dict = field(default_factory=dict)


phrases = Registry("phrase", "phrases")
tiles = Registry("tile", "tiles")
topics = Registry("topic", "topics")
gates = Registry("gate condition", "gate")
probes = Registry("probe", "probes")
gauges = Registry("gauge", "gauges")
channels = Registry("channel", "channels")
sources = Registry("source", "sources")
report_facts = Registry("report fact", "facts")
demo_parts = Registry("demo part", "demo")
figures = Registry("figure", "figures")
openings = Registry("choice at the opening", "opening")
rosters = Registry("roster", "roster")
modules = Registry("list of modules", "modules")
matrices = Registry("escalation matrix", "matrix")
acts = Registry("act from a message", "acts")
destinations = Registry("kind of address", "destinations")
casework = Registry("words and consent for support cases", "casework")
margins = Registry("what is written beside the timeline", "margins")
