"""Addresses of support cases; they stand in the `escalation:` namespace."""

from django.urls import path

from escalation.cases import files_views, views

_ONE = "e/<str:reference>/escalations/<int:number>/cases/"
_CASE = f"{_ONE}<int:case>/"
urlpatterns = [
    path(f"{_ONE}new/", views.new, name="case-new"),
    path(f"{_ONE}link/", views.link, name="case-link"),
    path(_CASE, views.talk, name="case-talk"),
    path(f"{_CASE}reply/", views.reply, name="case-reply"),
    path(f"{_CASE}close/", views.close, name="case-close"),
    path(f"{_CASE}files/<int:message>/<int:nth>/", files_views.file, name="case-file"),
    path(f"{_CASE}lead/", views.lead, name="case-lead"),
]
