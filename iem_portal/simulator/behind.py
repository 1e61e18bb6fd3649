"""What answers the services that are not simulated here? moto, in the same process, with its failures made plain."""

from __future__ import annotations

import threading
from io import BytesIO
from typing import Any

from .operations import SimulatorBug, refuse
from .wire import Reply, Request


class Behind:
    """moto's WSGI application, imported on first use: it costs most of a second that a start need not wait for."""

    def __init__(self) -> None:
        self._app: Any = None
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Import it now (called from a thread after the start)."""
        self._load()

    def answer(self, request: Request, account: str) -> Reply:
        """moto's answer for that account; what moto lacks is a plain 400, never an outage."""
        what = (
            f"{request.scope[2] or 'this service'} {request.form().get('Action', request.target[1])}".strip()
        )
        try:
            status, headers, body = self._run(request, account)
        except NotImplementedError:
            raise refuse(what) from None
        except Exception as error:
            raise SimulatorBug(f"moto failed at {what}: {error!r}") from error
        is_page = headers.get("content-type", "").startswith("text/html")
        if is_page and status >= 400:
            raise refuse(what)
        kept = {
            name: value for name, value in headers.items() if name not in ("content-length", "connection")
        }
        return Reply(status, body, kept)

    def _run(self, request: Request, account: str) -> tuple[int, dict[str, str], bytes]:
        from werkzeug.test import run_wsgi_app  # late, with moto: see the class

        environ = _environ(request, account)
        try:
            app = self._load().get_application(environ)
        except Exception:  # moto knows no such service; how that shows differs from version to version
            raise NotImplementedError from None
        chunks, status, headers = run_wsgi_app(app, environ, buffered=True)
        found = {name.lower(): value for name, value in headers.items()}
        return int(status.split()[0]), found, b"".join(chunks)

    def _load(self) -> Any:
        with self._lock:
            if self._app is None:
                from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

                self._app = DomainDispatcherApplication(create_backend_app)
            return self._app


def _environ(request: Request, account: str) -> dict[str, Any]:
    """A WSGI environment; the account goes in moto's own header, so its map of keys is not needed."""
    environ = {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": request.path,
        "QUERY_STRING": request.query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(request.body)),
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(request.body),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        environ["HTTP_" + name.upper().replace("-", "_")] = value
    environ["HTTP_X_MOTO_ACCOUNT_ID"] = account
    return environ
