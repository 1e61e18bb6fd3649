"""Where the pages of review live."""

from django.urls import path

from review import views

app_name = "review"
urlpatterns = [
    path("reports/", views.index, name="index"),
    path("e/<str:reference>/report/", views.report, name="report"),
    path("e/<str:reference>/report/words/", views.words, name="words"),
    path("e/<str:reference>/report/measure/<int:pk>/", views.measure, name="measure"),
]
