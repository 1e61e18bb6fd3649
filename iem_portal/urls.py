"""Where every page lives: wiring only."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from iem_portal import api, views

handler400 = "iem_portal.views.bad_request"
handler403 = "iem_portal.views.forbidden"
handler404 = "iem_portal.views.not_found"
handler500 = "iem_portal.views.server_error"

# One way in for everybody: the rate limits and the second factor hold for administrators too.
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("api/v1/", include(api.urlpatterns)),
    path("", include("iem_portal.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("engagements.urls")),
    path("", include("escalation.urls")),
    path("", include("review.urls")),
    path("templates/", include("workbook.publishing.admin_urls")),
    path("e/<str:reference>/tabs/", views.tabs, name="engagement-tabs"),
    path("", include("workbook.guests.doors")),
    path("", include("warroom.setup.door_views")),
    path("", include("warroom.wall.door_views")),
    path("", include("warroom.words.doors")),
    path("e/<str:reference>/workbook/", include("workbook.urls")),
    path("e/<str:reference>/", include("warroom.urls")),
    path("e/<str:reference>/", include("warroom.setup.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("iem_portal.demo.urls")))
