"""May the portal start here: is the port free, is the data directory unused; standard library only."""

from __future__ import annotations

import argparse
import fcntl
import os
import socket
import sys
from pathlib import Path


def main() -> int:
    """Say what is wrong in words and return 1, or return 0 with the lock held on the given descriptor.

    The lock belongs to the open file, not to this process: the shell that passed the descriptor
    keeps it, and so does the supervisor that the shell becomes.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--lock-fd", type=int, required=True)
    parser.add_argument("--lock-path", type=Path, required=True)
    parser.add_argument("--pid", type=int, required=True, help="the process that will hold the lock")
    options = parser.parse_args()

    if not take_lock(options.lock_fd):
        holder = options.lock_path.read_text().strip() or "another process"
        print(f"IEM Portal is already running on this data directory: {holder}.", file=sys.stderr)
        print(
            f"Stop it first, or choose another directory: IEM_DATA_DIR=… ({options.lock_path.parent})",
            file=sys.stderr,
        )
        return 1
    if not is_free(options.host, options.port):
        print(f"Port {options.port} is taken by {listener(options.port)}.", file=sys.stderr)
        print(f"Choose another: PORT={free_port(options.host, options.port + 1)} script/up", file=sys.stderr)
        return 1
    options.lock_path.write_text(f"process {options.pid}, http://localhost:{options.port}\n")
    return 0


def take_lock(descriptor: int) -> bool:
    """True when nobody else holds the lock; it ends with the last process that has the file open."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_free(host: str, port: int) -> bool:
    """True when a server could listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def free_port(host: str, start: int) -> int:
    """The first port from ``start`` on that a server could take.

    Counted up instead of asked from the kernel: its own choices lie where outgoing connections
    also take theirs, and one of those may hold the port at the next restart.
    """
    for port in range(start, min(start + 200, 65536)):
        if is_free(host, port):
            return port
    raise SystemExit(f"No free port between {start} and {start + 199}.")


def listener(port: int) -> str:
    """Who listens on the port, as far as this system lets us see."""
    inodes = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        if not table.exists():
            continue
        for line in table.read_text().splitlines()[1:]:
            columns = line.split()
            if columns[3] == "0A" and int(columns[1].rsplit(":", 1)[1], 16) == port:
                inodes.add(f"socket:[{columns[9]}]")
    for folder in Path("/proc").glob("[0-9]*"):
        if inodes & _open_files(folder):
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
            return f"process {folder.name} ({command[:80]})"
    return "another program"


def _open_files(folder: Path) -> set[str]:
    try:
        return {os.readlink(entry) for entry in (folder / "fd").iterdir()}
    except OSError:  # not ours to look into, or gone meanwhile
        return set()


if __name__ == "__main__":
    sys.exit(main())
