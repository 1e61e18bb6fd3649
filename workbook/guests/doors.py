"""The address that a guest gets."""

from django.urls import path

from workbook.guests import views

app_name = "guests"
urlpatterns = [path("guest/<str:token>/", views.enter, name="enter")]
