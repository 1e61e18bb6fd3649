"""N browsers without a browser: opens streams, and notes when each version arrives at each of them."""

import select
import socket
import time
from dataclasses import dataclass, field

_READ = 262_144
_DEADLINE_S = 30.0


@dataclass
class Viewer:
    """One open stream."""

    socket: socket.socket
    version: int = -1
    is_greeted: bool = False
    has_goodbye: bool = False
    is_open: bool = True
    tail: bytes = b""


@dataclass
class Crowd:
    """Many streams on one epoll."""

    viewers: dict[int, Viewer] = field(default_factory=dict)
    arrivals: dict[int, list[float]] = field(default_factory=dict)
    messages: int = 0

    def __post_init__(self):
        self.epoll = select.epoll()

    def connect(self, port: int, requests: list[bytes]) -> float:
        """Opens one stream for each request, all at once; answers the seconds until the last has its first event."""
        started = time.monotonic()
        for request in requests:
            connection = socket.create_connection(("127.0.0.1", port))
            connection.sendall(request)
            connection.setblocking(False)
            self.viewers[connection.fileno()] = Viewer(connection)
            self.epoll.register(connection, select.EPOLLIN)
        self.read_until(lambda: all(viewer.is_greeted for viewer in self.viewers.values()))
        return time.monotonic() - started

    def read_until(self, is_enough, seconds: float = _DEADLINE_S) -> bool:
        """Reads until `is_enough()` or the time is over; answers which of the two."""
        deadline = time.monotonic() + seconds
        while not is_enough():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            for number, _ in self.epoll.poll(min(left, 0.2)):
                self._read(self.viewers[number])
        return True

    def read_for(self, seconds: float) -> None:
        """Reads whatever comes for so long."""
        self.read_until(lambda: False, seconds)

    def has_all(self, version: int) -> bool:
        """Whether every viewer has got this version or a newer one."""
        return all(viewer.version >= version for viewer in self.viewers.values())

    def _read(self, viewer: Viewer) -> None:
        try:
            data = viewer.socket.recv(_READ)
        except BlockingIOError:
            return
        except ConnectionError:
            data = b""
        at = time.monotonic()
        if not data:
            viewer.is_open = False
            self.epoll.unregister(viewer.socket)
            return
        data = viewer.tail + data
        end = data.rfind(b"\n\n")
        viewer.tail = data[end + 2 :] if end >= 0 else data
        if end >= 0:
            self._note(viewer, data[: end + 2], at)

    def _note(self, viewer: Viewer, data: bytes, at: float) -> None:
        if not viewer.is_greeted and b"event: hello" in data:
            viewer.is_greeted = True
        if b"event: bye" in data:
            viewer.has_goodbye = True
        self.messages += data.count(b"\nid: ")
        place = data.rfind(b"\nid: ")
        if place >= 0:
            version = int(data[place + 5 : data.index(b"\n", place + 5)])
            if version > viewer.version:
                viewer.version = version
                self.arrivals.setdefault(version, []).append(at)

    def close(self) -> None:
        """Hangs up everywhere."""
        for viewer in self.viewers.values():
            viewer.socket.close()
        self.viewers.clear()
        self.epoll.close()
        self.epoll = select.epoll()
