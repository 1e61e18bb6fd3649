"""Measures a workbook on one database, named by the environment, and prints what it saw as one line of JSON."""

from __future__ import annotations

import io
import json
import statistics
import sys
import time
from collections.abc import Callable

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, reset_queries  # noqa: E402
from django.db.models import QuerySet  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from openpyxl import load_workbook  # noqa: E402

from bench import _plain  # noqa: E402
from tests import factories  # noqa: E402
from tests.escalation.bulk import hash_cheaply  # noqa: E402
from workbook import bulk, editions  # noqa: E402
from workbook.bulk import Edit  # noqa: E402
from workbook.catalogue import SHEET  # noqa: E402
from workbook.models import Cell, CellChange, Import, Row  # noqa: E402

SMALL, LARGE = 500, 5_000
SAVES, READS, WARM = 200, 15, 3
SECTION, TABLE, FIELD = "wb08", "quotas", "q_need"
#: What the texts begin with, and begin with after the import; equally short, for some fields take ten letters.
BEFORE, AFTER = "Words", "Other"


def main() -> None:
    """All figures of this database."""
    settings.ROOT_URLCONF = "bench._plain"
    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    _plain.create_table()
    hash_cheaply()
    small, book = Book(), Book()
    small.fill(SMALL)
    book.fill(SMALL)
    book.fill(LARGE)
    seen: dict = {"sections": len(editions.sections(book.engagement)), "cells": book.filled().count()}
    seen["small"], seen["large"] = read_both(small, book)
    seen["save"], seen["plain"] = book.saves()
    seen["paste"] = book.paste(1_000)
    seen["import"] = book.round_trip()
    sys.stdout.write(json.dumps(seen) + "\n")


class Book:
    """One engagement's workbook and the browser of somebody who fills it."""

    def __init__(self):
        self.now = timezone.now()
        self.engagement = factories.engagement(now=self.now)
        self.person = factories.member(self.engagement, "tam", name="Writer")
        self.client = Client()
        self.client.force_login(self.person)
        self.base = f"/e/{self.engagement.reference}/workbook/"
        self.plain = f"/e/{self.engagement.reference}/plain/"

    def pages(self) -> dict[str, str]:
        """The list of sections, and one section that stays the same while the others grow."""
        return {"index": self.base, "section": f"{self.base}{SECTION}/"}

    def filled(self) -> QuerySet[Cell]:
        """The cells of this workbook."""
        return Cell.objects.filter(row__engagement=self.engagement)

    def fill(self, cells: int) -> None:
        """Texts and numbers in every sheet, the measured one only at first, until there are so many cells."""
        sheets = [
            (section, table)
            for section in editions.sections(self.engagement)
            for table in section.tables
            if table.kind == SHEET and (section.key != SECTION or not self.filled().exists())
        ]
        number = 0
        while (missing := cells - self.filled().count()) > 0:
            section, table = sheets[number % len(sheets)]
            number += 1
            self._add_rows(section, table, min(5, missing))

    def _add_rows(self, section, table, count: int) -> None:
        asked = editions.asked_fields(table, self.engagement.event_type)
        fields = [field for field in asked if field.type in {"text", "longtext"} and not field.bound][:6]
        edits = [
            Edit(field.key, f"{BEFORE} {row}", None, f"n{row}", None)
            for row in range(count)
            for field in fields
        ]
        bulk.save(
            engagement=self.engagement, section=section, table=table, edits=edits, by=self.person, now=self.now,
            how=CellChange.How.PASTED,
        )  # fmt: skip

    def look(self, name: str) -> dict:
        """The queries and the bytes of a page."""
        settings.DEBUG = True
        reset_queries()
        page = self.client.get(self.pages()[name])
        queries = len(connection.queries)
        settings.DEBUG = False
        if page.status_code != 200:
            raise RuntimeError(f"{name} answered {page.status_code}")
        return {"queries": queries, "bytes": len(page.content)}

    def saves(self) -> tuple[dict, dict]:
        """Saving one cell, and the baseline's form, in turns, so that both meet the same moment of the machine."""
        row = Row.objects.filter(engagement=self.engagement, section=SECTION, table=TABLE, key="").first()
        line = _plain.Line.objects.create(title="Line", need=1)
        version, ours, theirs = 0, [], []
        for number in range(SAVES):
            cell = {"row": row.pk, "field": FIELD, "value": str(number + 1), "base_version": version}
            ms, answer = _timed(lambda cell=cell: self.client.post(f"{self.base}{SECTION}/cells/", cell))
            version = answer.json()["version"]
            ours.append(ms)
            form = {"title": f"Line {number}", "need": str(number + 1)}
            ms, answer = _timed(lambda form=form: self.client.post(f"{self.plain}{line.pk}/", form))
            if answer.status_code != 200:
                raise RuntimeError(answer.content.decode())
            theirs.append(ms)
        return _percentiles(ours[WARM:]), _percentiles(theirs[WARM:])

    def paste(self, count: int) -> dict:
        """New rows of numbers and words in one request: server time (ms) and queries."""
        fields = (
            "q_name",
            "q_unit",
            "q_need",
            "q_margin",
            "q_usage",
            "q_code",
            "q_service",
            "q_region",
            "q_note",
            "q_applied",
        )
        known = editions.section(self.engagement, SECTION).table(TABLE).by_key
        fields = [name for name in fields if name in known]
        value = {
            "q_code": "L-1216C47A",
            "q_service": "ec2",
            "q_region": "ap-northeast-2",
            "q_name": BEFORE,
            "q_unit": "vCPU",
        }
        edits = [
            {"row": None, "new_row": f"n{row}", "field": name, "value": value.get(name, "12")}
            for row in range(count // len(fields) + 1)
            for name in fields
        ][:count]
        address = f"{self.base}{SECTION}/tables/{TABLE}/cells/"
        settings.DEBUG = True
        reset_queries()
        ms, answer = _timed(
            lambda: self.client.post(
                address, json.dumps({"edits": edits, "how": "pasted"}), content_type="application/json"
            )
        )
        queries = len(connection.queries)
        settings.DEBUG = False
        saved = answer.json()["counts"].get("changed", 0)
        return {"ms": ms, "queries": queries, "saved": saved, "asked": count}

    def round_trip(self) -> dict:
        """Export everything, change every text, import, review and apply: seconds and cells."""
        export_ms, answer = _timed(lambda: self.client.get(f"{self.base}export/?language=en"))
        content = answer.content if not answer.streaming else b"".join(answer.streaming_content)
        changed, count = _edited(content)
        import_ms, _page = _timed(
            lambda: self.client.post(f"{self.base}import/", {"file": _upload(changed)}, follow=True)
        )
        before = CellChange.objects.filter(how="imported").count()
        found = Import.objects.order_by("-pk").first()
        apply_ms, _page = _timed(
            lambda: self.client.post(f"{self.base}import/{found.pk}/apply/", {"act": "all"}, follow=True)
        )
        applied = CellChange.objects.filter(how="imported").count() - before
        return {
            "export_ms": export_ms, "bytes": len(content), "import_ms": import_ms, "apply_ms": apply_ms,
            "changed": count, "applied": applied,
        }  # fmt: skip


def read_both(small: Book, large: Book) -> tuple[dict, dict]:
    """Server time (median, ms), queries and bytes of each page of two workbooks.

    They are read in turns, so that both meet the same moments of the machine.
    """
    found: tuple[dict, dict] = {}, {}
    for name in small.pages():
        times: tuple[list, list] = [], []
        for _ in range(WARM + READS):
            for book, kept in zip((small, large), times, strict=True):
                kept.append(_timed(lambda book=book, name=name: book.client.get(book.pages()[name]))[0])
        for book, kept, seen in zip((small, large), times, found, strict=True):
            seen[name] = {"ms": statistics.median(kept[WARM:])} | book.look(name)
    return found


def _edited(content: bytes) -> tuple[bytes, int]:
    """The file with every one of our texts changed, and how many."""
    book, count = load_workbook(io.BytesIO(content)), 0
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        for line in sheet.iter_rows():
            for cell in line:
                if isinstance(cell.value, str) and cell.value.startswith(BEFORE):
                    cell.value = cell.value.replace(BEFORE, AFTER)
                    count += 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), count


def _upload(content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = "workbook.xlsx"
    return file


def _timed(run: Callable) -> tuple[float, object]:
    started = time.perf_counter()
    answer = run()
    return (time.perf_counter() - started) * 1000, answer


def _percentiles(values: list[float]) -> dict[str, float]:
    values = sorted(values)
    return {"p50": values[len(values) // 2], "p95": values[int(len(values) * 0.95)]}


if __name__ == "__main__":
    main()
