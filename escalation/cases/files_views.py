"""Files that came with a message of a case: AWS keeps them, and they are fetched when somebody asks."""

from __future__ import annotations

import io

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from engagements.access import Permission, requires
from escalation.cases import asking, words
from escalation.cases.views import case_of, talk_page
from escalation.models import CaseMessage
from iem_portal.aws.errors import AwsError


@requires(Permission.VIEW)
@require_GET
def file(
    request: HttpRequest, reference: str, number: int, case: int, message: int, nth: int
) -> HttpResponse:
    """A file that came with a message of the case, fetched from AWS now; `nth` counts from 1."""
    found = case_of(request, number, case)
    said = get_object_or_404(CaseMessage, pk=message, case=found)
    if not 1 <= nth <= len(said.files):
        raise Http404
    one = said.files[nth - 1]
    try:
        data = asking.read_file(
            asking.target_of(request.engagement, found.account_id), one["id"], now=timezone.now()
        )
    except AwsError as error:
        return talk_page(
            request, found, refused=words.fault(error.kind, error.message, error.code), status=502
        )
    # Never shown by the browser itself, whatever it claims to be.
    return FileResponse(
        io.BytesIO(data), as_attachment=True, filename=one["name"], content_type="application/octet-stream"
    )
