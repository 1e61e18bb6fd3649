"""How do wake-ups travel without Redis: kombu's folder transport, with each file written whole or not at all."""

from __future__ import annotations

import fcntl
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.transport.filesystem import exchange_queue_t
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    """A queue is a folder of messages.

    kombu creates a file first and fills it afterwards. A worker that looks in between reads an
    empty message and ends; a writer killed in between leaves a file that ends every worker from
    then on. Here a file gets its name only when it is complete.
    """

    def _put(self, queue: str, payload: dict, **kwargs) -> None:
        """Add a message; nobody sees it before it is complete."""
        name = f"{time.time_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg"
        _write(Path(self.data_folder_out) / name, dumps(payload))

    def _get(self, queue: str) -> dict:
        """Take the oldest message of a queue, or raise Empty."""
        folder = Path(self.data_folder_in)
        for name in sorted(os.listdir(folder)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = folder / f".taken-{name}"
            try:
                (folder / name).rename(taken)
            except FileNotFoundError:  # another worker was faster
                continue
            payload = taken.read_text()
            taken.unlink()
            return loads(payload)
        raise Empty

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        """Remember that the exchange feeds the queue."""
        entry = exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._alone():
            table = self.get_table(exchange)
            if entry not in table:
                _write(self._exchange_file(exchange), dumps([entry, *table]))

    def _delete(self, queue: str, exchange: str, routing_key: str, pattern: str, *args, **kwargs) -> None:
        """Forget that the exchange feeds the queue, and drop what waits in it."""
        self._purge(queue)
        entry = exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._alone():
            table = self.get_table(exchange)
            if entry in table:
                _write(self._exchange_file(exchange), dumps([other for other in table if other != entry]))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time changes an exchange."""
        self.control_folder.mkdir(exist_ok=True)
        with (self.control_folder / "lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    """Named ``folder://`` in a broker address."""

    Channel = Channel


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".part-{uuid.uuid4()}")
    part.write_text(text)
    part.replace(path)


# An address cannot name the class itself: the underscore of this package is not allowed in a scheme.
TRANSPORT_ALIASES["folder"] = f"{__name__}:Transport"
