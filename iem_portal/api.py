"""The API of all apps under one roof: wiring, and one shape for every error."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter
from rest_framework.views import exception_handler

import engagements.api
import escalation.api
import warroom.api
import workbook.api

router = SimpleRouter()
for app in (engagements.api, workbook.api, escalation.api, warroom.api):
    for prefix, view_set, basename in app.routes:
        router.register(prefix, view_set, basename=basename)

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("", include(router.urls)),
]


def problem(error, context):
    """Every API error as a problem body (RFC 9457): type, title, status, detail, errors."""
    response = exception_handler(error, context)
    if response is None:
        return None
    fields = response.data if isinstance(response.data, dict) else {"detail": response.data}
    detail = fields.pop("detail", "")
    response.data = {
        "type": "about:blank",
        "title": getattr(error, "default_code", "error"),
        "status": response.status_code,
        "detail": detail,
        "errors": fields,
    }
    response.content_type = "application/problem+json"
    return response
