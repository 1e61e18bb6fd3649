"""The addresses that stakeholders get."""

from django.urls import path

from warroom.words import stakeholder_views as views

app_name = "stakeholder"
urlpatterns = [
    path("stakeholder/<str:token>/", views.enter, name="enter"),
    path("stakeholders/<int:number>/", views.page, name="page"),
]
