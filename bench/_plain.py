"""The baseline of bench/workbook: a form of Django's own that saves one row, behind the same middleware and access."""

from django import forms
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import include, path

from engagements.access import Permission, requires


class Line(models.Model):
    """One line of a plain table."""

    title = models.CharField(max_length=200)
    need = models.DecimalField(max_digits=20, decimal_places=4, null=True)

    class Meta:
        app_label = "bench"


class LineForm(forms.ModelForm):
    """Both columns."""

    class Meta:
        model = Line
        fields = ("title", "need")


@requires(Permission.FILL_WORKBOOK)
def save(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Save the line, for whoever may fill the engagement's workbook: no version, no history, nobody told."""
    form = LineForm(request.POST, instance=get_object_or_404(Line, pk=pk))
    if not form.is_valid():
        return HttpResponse(form.errors.as_json(), status=422)
    form.save()
    return HttpResponse("saved")


def create_table() -> None:
    """Outside the migrations: this table exists in the benchmark's own database only."""
    with connection.schema_editor() as editor:
        editor.create_model(Line)


urlpatterns = [path("e/<str:reference>/plain/<int:pk>/", save), path("", include("iem_portal.urls"))]
