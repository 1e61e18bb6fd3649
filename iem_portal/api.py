"""The API of all apps under one roof: wiring only."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

import engagements.api
import escalation.api
import escalation.api_attainment
import escalation.api_case_files
import escalation.api_cases
import warroom.api
import workbook.api
from iem_portal.api_schema import OnceGenerator

router = SimpleRouter()
ESCALATION = (
    escalation.api,
    escalation.api_attainment,
    escalation.api_cases,
    escalation.api_case_files,
)
for app in (engagements.api, workbook.api, *ESCALATION, warroom.api):
    for prefix, view_set, basename in app.routes:
        router.register(prefix, view_set, basename=basename)

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(generator_class=OnceGenerator), name="api-schema"),
    path("", include(router.urls)),
]
