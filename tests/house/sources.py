"""The repository's own files, for tests about the repository."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("iem_portal", "engagements", "workbook", "escalation", "warroom", "review")


@cache
def files(*patterns: str) -> tuple[Path, ...]:
    """What git knows or would add, by patterns such as ``*.py``; vendored files left out."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return tuple(
        ROOT / name for name in sorted(set(names)) if "/vendor/" not in name and (ROOT / name).is_file()
    )


@cache
def code() -> tuple[Path, ...]:
    """Python of the portal itself: no tests, no migrations."""
    return tuple(
        path
        for path in files("*.py")
        if path.relative_to(ROOT).parts[0] in APPS and "migrations" not in path.parts
    )


def migrations() -> list[Path]:
    return [path for path in files("*/migrations/*.py") if path.name != "__init__.py"]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def place(path: Path, node: ast.AST | None = None, line: int = 0) -> str:
    """``engagements/plan.py:12``, as editors like it."""
    return f"{path.relative_to(ROOT)}:{node.lineno if node else line}"


def dotted(node: ast.AST) -> str:
    """``timezone.now`` for the expression of that name; what is not a name becomes ``?``."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"
