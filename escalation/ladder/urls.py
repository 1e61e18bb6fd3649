"""Addresses of this part; they stand in the `escalation:` namespace."""

from django.urls import path

from escalation.ladder import views

_ALL = "e/<str:reference>/escalations/"
urlpatterns = [
    path("escalations/ladder/", views.of_portal, name="ladder-portal"),
    path(f"{_ALL}ladder/", views.rules_page, name="ladder"),
    path(f"{_ALL}ladder/edit/", views.edit, name="ladder-edit"),
    path(f"{_ALL}ladder/withdraw/", views.withdraw, name="ladder-withdraw"),
    path(f"{_ALL}ladder/mute/", views.mute, name="ladder-mute"),
    path(f"{_ALL}ladder/mute/<int:pk>/end/", views.end_mute, name="ladder-mute-end"),
    path(f"{_ALL}drills/", views.drill_list, name="drills"),
    path(f"{_ALL}drills/start/", views.drill_start, name="drill-start"),
    path(f"{_ALL}drills/latest/", views.drill_facts, name="drill-facts"),
    path(f"{_ALL}drills/<int:number>/", views.drill, name="drill"),
]
