"""How much may one request send? Django holds forms to a limit, but neither what it stores first nor the API's JSON."""

from __future__ import annotations


class BodyLimit:
    """Stands in front of an ASGI application: 413 for a body that says it is too long, or that grows so."""

    def __init__(self, application, longest: int):
        self._application = application
        self._longest = longest  # bytes

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self._application(scope, receive, send)
        elif _announced(scope) > self._longest:
            await _refuse(send)
        else:
            await self._counted(scope, receive, send)

    async def _counted(self, scope, receive, send) -> None:
        """Ends the request for the application when too much has come, and says so to the client."""
        seen, is_answered = 0, False

        async def counting():
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            return message if seen <= self._longest else {"type": "http.disconnect"}

        async def answering(message):
            nonlocal is_answered
            is_answered = True
            await send(message)

        await self._application(scope, counting, answering)
        if seen > self._longest and not is_answered:
            await _refuse(send)


async def _refuse(send) -> None:
    await send({"type": "http.response.start", "status": 413, "headers": [(b"connection", b"close")]})
    await send({"type": "http.response.body", "body": b""})


def _announced(scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"")
    return int(length) if length.isdigit() and len(length) < 19 else 0
