"""Lets administrators edit the promise tables, which are data: AWS changes its plans, teams their objectives."""

from django.contrib import admin

from escalation.models import Objective, ResponseTarget, WorkingHours
from escalation.models.targets import AgeRule


@admin.register(ResponseTarget)
class ResponseTargetAdmin(admin.ModelAdmin):
    """A change holds for escalations that open from then on; running ones keep their copy."""

    list_display = ["plan", "severity", "minutes", "calendar", "checked_on"]
    list_filter = ["plan"]
    list_editable = ["minutes", "calendar", "checked_on"]


@admin.register(Objective)
class ObjectiveAdmin(admin.ModelAdmin):
    """The team's own promises; a change holds for escalations that open from then on."""

    list_display = ["kind", "level", "severity", "minutes", "is_held_while_waiting"]
    list_filter = ["kind", "severity"]
    list_editable = ["minutes", "is_held_while_waiting"]


@admin.register(WorkingHours)
class WorkingHoursAdmin(admin.ModelAdmin):
    """Hours of countries that do not work 08:00 to 18:00, lunch breaks included."""

    list_display = ["country", "segments"]
    list_editable = ["segments"]


@admin.register(AgeRule)
class AgeRuleAdmin(admin.ModelAdmin):
    """A severity without a row keeps the shipped rule; a change holds for escalations that open from then on."""

    list_display = ["severity", "minutes", "is_automatic"]
    list_editable = ["minutes", "is_automatic"]
