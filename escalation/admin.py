"""Lets administrators edit AWS's promise table, which is data: AWS changes its plans."""

from django.contrib import admin

from escalation.models import ResponseTarget


@admin.register(ResponseTarget)
class ResponseTargetAdmin(admin.ModelAdmin):
    """A change holds for escalations that open from then on; running ones keep their copy."""

    list_display = ["plan", "severity", "minutes", "calendar", "checked_on"]
    list_filter = ["plan"]
    list_editable = ["minutes", "calendar", "checked_on"]
