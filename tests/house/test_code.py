"""Rules about the Python of this project, each a mistake that somebody else has already made for us."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.house.sources import ROOT, code, dotted, files, place, tree

# Only edges read the clock; everything below is told `now`, so that each rule of time can be tested at any minute.
EDGES = {"views", "api", "tasks", "admin", "management", "middleware", "context", "templatetags", "demo"}
# Processes of their own with their own time: the simulator, the live hub, the calls to AWS, the loops.
OWN_TIME = ("iem_portal/simulator/", "iem_portal/live/", "iem_portal/aws/", "iem_portal/views.py")
# A message without a given instant may leave at once.
ALLOWED_CLOCK = {"iem_portal/notifications/outbox.py"}

# A constant of our own, tiles that templates have drawn and escaped, and a door that other systems sign for.
ALLOWED_SAFE = {"workbook/drawing.py", "warroom/views.py", "warroom/setup/door_views.py"}


def calls(path: Path):
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))


def functions(path: Path):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return (node for node in ast.walk(tree(path)) if isinstance(node, kinds))


def body_lines(function) -> int:
    """Lines of the body, without the docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def is_edge(path: Path) -> bool:
    name = str(path.relative_to(ROOT))
    words = {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
    if name in ALLOWED_CLOCK:
        return True
    is_part = path.stem.endswith(("_views", "_api")) or path.stem.startswith("api_")
    return bool(words & EDGES) or is_part or name.startswith(OWN_TIME)


def test_the_import_contracts_hold():
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_no_deadline_is_kept_in_the_broker():
    kept = [
        place(path, call)
        for path in code()
        for call in calls(path)
        if {keyword.arg for keyword in call.keywords} & {"eta", "countdown"}
    ]
    assert kept == [], "a deadline is a row in the database; a broker loses or repeats it"


def test_nothing_is_done_by_signals():
    used = [
        place(path, node)
        for path in code()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(("django.dispatch", ".signals"))
    ]
    assert used == [], "a verb calls a verb, so that the reader sees what happens"


def test_no_model_overrides_save():
    overrides = [
        place(path, member)
        for path in code()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and any(dotted(base).endswith("Model") for base in node.bases)
        for member in node.body
        if isinstance(member, ast.FunctionDef) and member.name in {"save", "delete"}
    ]
    assert overrides == [], "update() and bulk_create() pass by an overridden save()"


def test_tasks_only_call_a_verb():
    fat = [
        place(path, function)
        for path in code()
        for function in functions(path)
        if any("task" in ast.unparse(decorator) for decorator in function.decorator_list)
        and body_lines(function) > 8
    ]
    assert fat == [], "a task is an edge: it reads the clock and calls a verb (8 lines)"


def test_only_edges_read_the_clock():
    readers = [
        place(path, call)
        for path in code()
        if not is_edge(path)
        for call in calls(path)
        if dotted(call.func) in {"timezone.now", "datetime.now", "datetime.utcnow", "date.today", "time.time"}
    ]
    assert readers == [], "take `now` as an argument"


def test_every_module_opens_with_a_sentence():
    silent = [
        str(path.relative_to(ROOT))
        for path in files("*.py")
        if path.read_text().strip() and "migrations" not in path.parts and not ast.get_docstring(tree(path))
    ]
    assert silent == [], "say in one sentence what the module answers"


def test_no_module_grows_long():
    long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in code()
        if (lines := path.read_text().count("\n")) > 350
    ]
    assert long == [], "a file answers one question; split it"


def test_no_function_grows_long():
    long = [
        f"{place(path, function)} {function.name}: {lines} lines"
        for path in code()
        for function in functions(path)
        if (lines := body_lines(function)) > 40
    ]
    assert long == [], "a function does one thing; name its parts"


def test_nothing_is_called_utils():
    vague = [
        str(path) for path in code() if path.stem in {"utils", "util", "helpers", "misc", "common", "signals"}
    ]
    assert vague == [], "name a module after what it answers"


def test_escaping_is_switched_off_nowhere():
    switched_off = [
        place(path, node)
        for path in code()
        if str(path.relative_to(ROOT)) not in ALLOWED_SAFE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Name | ast.Attribute)
        and dotted(node).rsplit(".", 1)[-1] in {"mark_safe", "SafeString", "csrf_exempt"}
    ]
    assert switched_off == [], "format_html escapes; forms carry a token"


def test_words_are_marked_by_names_that_the_extraction_knows():
    strange = [
        place(path, node)
        for path in code()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        if any(alias.asname not in (None, "_") for alias in node.names)
    ]
    strange += [
        place(path, node)
        for path in code()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assign)
        and dotted(node.value).rpartition(".")[2].endswith(("gettext", "gettext_lazy"))
    ]
    assert strange == [], "a word marked by another name stands in no catalogue"
