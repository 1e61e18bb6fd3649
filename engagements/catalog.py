"""The texts of the trade that engagements are built from: milestones, event types, plans, Regions.

They are data files in both languages, so that a change of wording or of an AWS plan is a
change of data. An engagement keeps the milestone version it started with.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
MILESTONES_VERSION = "2026.1"
#: Free labels, suggested only: AWS renamed IEM to Countdown, and partners run their own.
PROGRAMMES = ("IEM", "Countdown", "Countdown Premium", "Partner-run")


def _read(name: str):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@cache
def milestone_set(version: str = MILESTONES_VERSION) -> list[dict]:
    """The milestones of one version, in order; an unknown version raises FileNotFoundError."""
    return _read(f"milestones.{version.replace('.', '-')}.json")["milestones"]


@cache
def milestone_titles(version: str) -> dict[str, dict]:
    """Title in both languages by milestone code; empty for a version that is gone."""
    try:
        return {row["code"]: row["title"] for row in milestone_set(version)}
    except FileNotFoundError:
        return {}


@cache
def event_types() -> dict[str, dict]:
    """The eight event types by code, each with its plan length in days."""
    return {row["code"]: row for row in _read("event_types.json")}


@cache
def support_plans() -> dict[str, dict]:
    """AWS Support plans by code: entitlement to an IEM and, for plans that end, the date."""
    return {row["code"]: row for row in _read("support_plans.json")["plans"]}


@cache
def support_plans_checked_on() -> date:
    """The day somebody last compared the plan table with AWS's own pages."""
    return date.fromisoformat(_read("support_plans.json")["checked_on"])


@cache
def regions() -> dict[str, dict]:
    """Names of AWS Regions by code."""
    return {row["code"]: row["label"] for row in _read("regions.json")}


def plan_ends_before(plan: str, on: date) -> date | None:
    """The day the support plan ends when that is not after ``on``; else None."""
    ends_on = support_plans().get(plan, {}).get("ends_on")
    if not ends_on:
        return None
    ends = date.fromisoformat(ends_on)
    return ends if ends <= on else None
