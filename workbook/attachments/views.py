"""Takes a file for a cell or a row, hands it out as a download, and takes it away again."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.core.files.storage import FileSystemStorage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from engagements.access import Permission, requires
from workbook.attachments import files
from workbook.rows import RowMissing
from workbook.talk.places import Place
from workbook.talk.views import place_or_404, posted_place
from workbook.types import InvalidValue
from workbook.views.finding import section_or_404


@require_POST
@requires(Permission.FILL_WORKBOOK)
def attach(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """Keep an uploaded file; 422 with the reason beside the button for one that is not taken."""
    place = posted_place(request, section)
    if not place.row:
        raise Http404
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise InvalidValue(_("Choose a file first."))
        files.attach(
            engagement=request.engagement,
            section=place.section,
            table=place.table,
            row=place.row,
            field=place.field_key,
            upload=upload,
            by=request.user,
            now=timezone.now(),
        )
    except InvalidValue as error:
        return _answer(request, place, str(error))
    return _answer(request, place)


@require_POST
@requires(Permission.FILL_WORKBOOK)
def remove(request: HttpRequest, reference: str, section: str, file: int) -> HttpResponse:
    """Take a file out of its place."""
    found = section_or_404(request.engagement, section)
    try:
        gone = files.remove(
            engagement=request.engagement, section=found, file=file, by=request.user, now=timezone.now()
        )
    except (files.FileMissing, RowMissing):
        raise Http404 from None
    return _answer(request, place_or_404(request, found.key, gone.row.key or str(gone.row_id), gone.field))


def _answer(request: HttpRequest, place: Place, error: str = "") -> HttpResponse:
    """The list of files for htmx; else the way back, with the reason as a message."""
    if request.headers.get("HX-Request") == "true":
        status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
        return render(
            request, "workbook/attachments/_files.html", context_of(request, place, error), status=status
        )
    if error:
        messages.error(request, error)
    return HttpResponseRedirect(place.panel_path, status=HTTPStatus.SEE_OTHER)


def context_of(request: HttpRequest, place: Place, error: str = "") -> dict:
    """What the list of files needs. One query."""
    return {
        "files": files.of_place(request.engagement, place.row_id, place.field_key) if place.row_id else [],
        "place": place,
        "error": error,
        "endings": ",".join(f".{ending}" for ending in files.kinds.KINDS),
        "engagement": request.engagement,
        "can_fill": Permission.FILL_WORKBOOK in request.permissions,
    }


@require_GET
@requires(Permission.VIEW)
@never_cache
def download(request: HttpRequest, reference: str, file: int) -> HttpResponse:
    """The file as a download, never shown in the page: from disk, or from S3 by an address that soon expires."""
    try:
        found = files.find(request.engagement, file)
    except files.FileMissing:
        raise Http404 from None
    return handed_out(found.stored_as, found.name, found.media_type)


def handed_out(stored_as: str, name: str, media_type: str) -> HttpResponse:
    """A stored file as a download; who may have it is the caller's to say."""
    store = files.store()
    if isinstance(store, FileSystemStorage):
        return _from_disk(store, stored_as, name, media_type)
    words = {
        "ResponseContentDisposition": content_disposition_header(True, name),
        "ResponseContentType": media_type,
    }
    return HttpResponseRedirect(store.url(stored_as, parameters=words))


def _from_disk(store: FileSystemStorage, stored_as: str, name: str, media_type: str) -> HttpResponse:
    # Read whole: an ASGI server would gather a stream of blocks all the same, and files are short.
    with store.open(stored_as) as kept:
        answer = HttpResponse(kept.read(), content_type=media_type)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name)
    # Should a browser open it after all, nothing in it runs.
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
