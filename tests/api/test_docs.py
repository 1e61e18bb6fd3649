"""Do the examples of docs/api.md answer what the page says?"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGE = Path(__file__).parents[2] / "docs" / "api.md"
EXAMPLE = re.compile(r"^(curl .*?)\s+# (\d{3})$", re.MULTILINE | re.DOTALL)


def examples() -> list[tuple[str, int]]:
    return [
        (command.replace("\\\n", " "), int(status)) for command, status in EXAMPLE.findall(PAGE.read_text())
    ]


def call(api, engagement, command: str):
    """A curl command as a request of the test client, with or without the TAM's token."""
    words = shlex.split(command)
    [address] = [word for word in words if word.startswith("$PORTAL")]
    method = words[words.index("-X") + 1].lower() if "-X" in words else "get"
    data = words[words.index("-d") + 1] if "-d" in words else None
    program = api.tam if "$AUTH" in words else api.nobody
    path = address.removeprefix("$PORTAL").replace("$REF", engagement.reference)
    if "-F" in words:
        file = SimpleUploadedFile("workbook.xlsx", program("get", "workbook-file/").content)
        return program.client.post(path, {"file": file}, headers=program.headers)
    return program(method, path, data)


def test_every_example_answers_what_the_page_says(api, engagement):
    seen = [(command, status, call(api, engagement, command)) for command, status in examples()]
    assert len(seen) > 15
    wrong = [
        (command, status, answer.content) for command, status, answer in seen if answer.status_code != status
    ]
    assert wrong == []
