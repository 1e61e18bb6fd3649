"""Rules about what the project is made of: dependencies, locks, vendored files, containers."""

import ast
import hashlib
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import pairwise

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.sources import APPS, ROOT, code, files, place, tree

LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
VERSION_FILES = sorted([*ROOT.glob("static/vendor/*/VERSION"), *ROOT.glob("tests/vendor/*/VERSION")])
OURS = {*APPS, "tests", "bench"}
# Written in two parts, so that this file does not find itself.
FOREIGN = (
    "pypi" + ".org",
    "python" + "hosted",
    "registry." + "npmjs",
    "deb." + "debian.org",
    "--index" + "-url",
)


def pinned(lock):
    return {
        canonicalize_name(match[1]): match[2]
        for match in re.finditer(
            r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;]+)", lock.read_text(), re.MULTILINE
        )
    }


def wanted():
    """Every requirement of pyproject.toml by the part it stands in."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    parts = {"run": project["project"]["dependencies"], **project["project"]["optional-dependencies"]}
    return parts | project["dependency-groups"]


def test_every_dependency_says_what_it_is_for():
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    first = [f'"{requirement}' for part in wanted().values() for requirement in part]
    mute = [
        line
        for before, line in pairwise(lines)
        if line.strip().rstrip(",").rstrip('"') in first and not before.strip().startswith("#")
    ]
    assert mute == []


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("up", ["run", "embedded"]),
        ("dev", ["run", "embedded", "test", "lint"]),
        ("production", ["run", "production"]),
    ],
)
def test_the_lock_answers_pyproject(name, parts):
    have = pinned(ROOT / "requirements" / f"{name}.lock")
    for requirement in [Requirement(text) for part in parts for text in wanted()[part]]:
        version = have.get(canonicalize_name(requirement.name))
        assert version is not None and version in requirement.specifier, (
            f"{requirement}: {version}; run script/lock"
        )


def test_what_is_tested_is_what_runs():
    tested = pinned(ROOT / "requirements" / "dev.lock")
    for lock in LOCKS:
        shared = {name: version for name, version in pinned(lock).items() if name in tested}
        assert shared == {name: tested[name] for name in shared}, lock.name


def test_every_import_is_a_declared_dependency():
    declared = {
        part: {canonicalize_name(Requirement(text).name) for text in wanted()[part]} for part in wanted()
    }
    owners = packages_distributions()
    undeclared = []
    for path in files("*.py"):
        is_product = path in code() or path.name == "manage.py"
        allowed = declared["run"] if is_product else set().union(*declared.values())
        for name, node in imports(path):
            dists = {canonicalize_name(dist) for dist in owners.get(name, [])}
            if name not in OURS | sys.stdlib_module_names and not dists & allowed:
                undeclared.append(f"{place(path, node)} {name}")
    assert undeclared == [], "add it to pyproject.toml with a word on what it is for, then script/lock"


def imports(path):
    """Top-level package names of absolute imports."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0], node


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_file_has_a_hash(lock):
    blocks = re.split(r"\n(?=[A-Za-z0-9])", lock.read_text().strip())
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_no_file_names_a_package_registry():
    naming = []
    for path in files("*"):
        if path.suffix not in {".png", ".woff2", ".xlsx", ".mo"}:
            text = path.read_bytes().replace(b"--no-emit-index-url", b"")
            naming += [f"{path.relative_to(ROOT)}: {word}" for word in FOREIGN if word.encode() in text]
    assert naming == []


@pytest.mark.parametrize("version", VERSION_FILES, ids=lambda path: path.parent.name)
def test_vendored_files_say_what_they_are_and_are_unchanged(version):
    text = version.read_text()
    assert all(f"{word}: " in text for word in ("name", "version", "licence"))
    assert (version.parent / "LICENSE").stat().st_size > 500
    for name, digest in re.findall(r"^sha256 (\S+): (\w{64})$", text, re.MULTILINE):
        assert hashlib.sha256((version.parent / name).read_bytes()).hexdigest() == digest, name


def test_every_vendored_folder_has_a_version():
    folders = {*ROOT.glob("static/vendor/*"), *ROOT.glob("tests/vendor/*")}
    assert {path for path in folders if path.is_dir()} == {path.parent for path in VERSION_FILES}


def test_compose_runs_each_process_of_the_portal():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert {"web", "clock", "relay", "beat", "worker-sla", "worker-default", "worker-aws"} <= set(services)
    ours = {name: service for name, service in services.items() if "build" in service or name == "web"}
    assert all("IEM_DATA_DIR" in service["environment"] for service in ours.values())
    queues = [str(services[name]["command"]) for name in services if name.startswith("worker-")]
    assert all(any(f"-Q {queue}" in command for command in queues) for queue in ("sla", "default", "aws"))


def test_compose_keeps_what_the_broker_was_told():
    command = str(yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_the_scripts_can_be_run():
    for name in ("up", "test", "bench", "lint", "lock", "messages"):
        assert (ROOT / "script" / name).stat().st_mode & 0o100, name
    for path in files("script/*", ".ci/run"):
        if path.read_text().startswith("#!/usr/bin/env bash"):
            subprocess.run(["bash", "-n", path], check=True)
