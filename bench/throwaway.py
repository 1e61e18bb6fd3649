"""A PostgreSQL that lives as long as one benchmark: found on the machine, started in a folder, stopped again."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """The folder of PostgreSQL's server programs, which Debian keeps off the PATH; None when there is none."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((at for at in folders if (at / "initdb").exists() and (at / "pg_ctl").exists()), None)


@contextmanager
def postgres(folder: Path) -> Iterator[str | None]:
    """A server with its shipped settings (fsync on) on a socket in `folder`; yields DATABASE_URL, or None."""
    found = programs()
    if found is None:
        yield None
        return
    folder.mkdir(parents=True)
    prefix: tuple[str, ...] = ()
    if os.geteuid() == 0:  # initdb refuses root
        shutil.chown(folder, "postgres", "postgres")
        for parent in folder.parents[:2]:
            parent.chmod(parent.stat().st_mode | 0o011)
        prefix = ("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "env", f"HOME={folder}")

    def run(program: str, *arguments: str) -> None:
        command = [*prefix, str(found / program), *arguments]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    run("initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--pgdata=data")
    options = f"-k {folder} -c listen_addresses=''"
    try:
        run("pg_ctl", "--pgdata=data", "--log=server.log", "--wait", "start", f"--options={options}")
        yield f"postgres://postgres@/postgres?host={folder}"
    finally:
        run("pg_ctl", "--pgdata=data", "--mode=immediate", "--wait", "stop")
