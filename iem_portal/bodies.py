"""How much may one request send? Django holds forms to a limit, but neither what it stores first nor the API's JSON."""

from __future__ import annotations

import re


class BodyLimit:
    """Stands in front of an ASGI application: 413 for a body that says it is too long, or that grows so.

    ``uploads`` are longer limits, in bytes, by a pattern that fits a whole path.
    """

    def __init__(self, application, longest: int, uploads: dict[str, int] | None = None):
        self._application = application
        self._longest = longest  # bytes
        self._uploads = [(re.compile(path), size) for path, size in (uploads or {}).items()]

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self._application(scope, receive, send)
        elif _announced(scope) > (longest := self._longest_for(scope)):
            await _refuse(send)
        else:
            await self._counted(scope, receive, send, longest)

    def _longest_for(self, scope) -> int:
        """The limit of this address: some take files."""
        path = scope.get("path", "")
        return next((size for pattern, size in self._uploads if pattern.fullmatch(path)), self._longest)

    async def _counted(self, scope, receive, send, longest: int) -> None:
        """Ends the request for the application when too much has come, and says so to the client."""
        seen, is_answered = 0, False

        async def counting():
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            return message if seen <= longest else {"type": "http.disconnect"}

        async def answering(message):
            nonlocal is_answered
            is_answered = True
            await send(message)

        await self._application(scope, counting, answering)
        if seen > longest and not is_answered:
            await _refuse(send)


async def _refuse(send) -> None:
    await send({"type": "http.response.start", "status": 413, "headers": [(b"connection", b"close")]})
    await send({"type": "http.response.body", "body": b""})


def _announced(scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"")
    return int(length) if length.isdigit() and len(length) < 19 else 0
