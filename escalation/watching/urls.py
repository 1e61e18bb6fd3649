"""Addresses of this part; they stand in the `escalation:` namespace."""

from django.urls import path

from escalation.watching import views

urlpatterns = [path("escalations/engine/", views.engine, name="engine")]
