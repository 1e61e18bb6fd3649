"""How figures are written for Prometheus: its text format, and nothing more.

Source: Prometheus documentation, "Exposition formats", text format 0.0.4.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PREFIX = "iem_"
logger = logging.getLogger(__name__)


def page(gauges: Iterable, now: datetime) -> str:
    """All gauges. A gauge has key, help and ``read(now)``: a number, or (labels, number) pairs.

    A gauge that raises is left out and counted in iem_gauges_failed: one broken figure hides no other.
    """
    blocks, failed = [], 0
    for gauge in gauges:
        try:
            blocks.append(block(gauge.key, getattr(gauge, "help", ""), gauge.read(now)))
        except Exception:
            failed += 1
            logger.exception("gauge %s failed", gauge.key)
    blocks.append(block("gauges_failed", "Figures that could not be read just now", failed))
    return "".join(blocks)


def block(key: str, help_text: str, value) -> str:
    """One figure with its two comment lines."""
    name = PREFIX + key.replace(".", "_").replace("-", "_")
    samples = value if isinstance(value, list | tuple) else [({}, value)]
    lines = [f"# HELP {name} {help_text}", f"# TYPE {name} gauge"]
    lines += [f"{name}{label_text(labels)} {float(number)!r}" for labels, number in samples]
    return "\n".join(lines) + "\n"


def label_text(labels: dict) -> str:
    """Labels in braces, with the three characters escaped that must be."""
    if not labels:
        return ""
    pairs = ",".join(f'{key}="{escaped(str(value))}"' for key, value in labels.items())
    return "{" + pairs + "}"


def escaped(value: str) -> str:
    """A label value with backslash, quote and line feed escaped."""
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
