"""The address at which pushed events come in: public, signed, and small."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from engagements.access import public
from warroom.models import EventDoor
from warroom.setup import inbound


@public
@csrf_exempt
@require_POST
def door(request: HttpRequest, address: UUID) -> JsonResponse:
    """Take one event: 202 with what became of it; 404 for an unknown door, 401, 413, 422 or 429 with the reason."""
    now = timezone.now()
    found = EventDoor.objects.select_related("engagement").filter(address=address).first()
    if found is None:
        return JsonResponse({"error": "no such door"}, status=404)
    if request.content_type != "application/json":
        return JsonResponse({"error": "application/json is wanted"}, status=415)
    if int(request.META.get("CONTENT_LENGTH") or 0) > inbound.LONGEST_BODY:
        return JsonResponse({"error": "longer than an event of EventBridge can be"}, status=413)
    try:
        signed = request.headers.get("x-iem-signature", "")
        at = request.headers.get("x-iem-timestamp", "")
        inbound.check(found, at=at, signed=signed, body=request.body, now=now)
        became = inbound.receive(door=found, body=request.body, now=now)
    except inbound.Refused as refused:
        return JsonResponse({"error": str(refused)}, status=refused.status)
    return JsonResponse({"event": became}, status=202)


urlpatterns = [path("inbound/aws/<uuid:address>/", door, name="aws-door")]
