"""Addresses of this part, below /e/<reference>/workbook/."""

from django.urls import path

from workbook.suggestions import views

urlpatterns = [
    path("<str:section>/suggestions/", views.page, name="suggestions"),
    path("<str:section>/suggestions/bar/", views.bar, name="suggestions-bar"),
    path("<str:section>/suggestions/add/", views.add, name="suggest"),
    path("<str:section>/suggestions/decide/", views.decide, name="decide-suggestions"),
    path("<str:section>/suggestions/<int:pk>/withdraw/", views.withdraw, name="withdraw-suggestion"),
    path("<str:section>/suggestions/new/<str:table>/", views.new_row, name="suggest-row"),
]
