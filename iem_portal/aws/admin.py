"""Lets administrators read the ledger of AWS calls."""

from django.contrib import admin

from iem_portal.aws.models import AwsCall


@admin.register(AwsCall)
class AwsCallAdmin(admin.ModelAdmin):
    """Read only: the ledger is a record of what was asked."""

    list_display = [
        "at",
        "account_id",
        "region",
        "service",
        "operation",
        "outcome",
        "calls",
        "attempts",
        "metrics",
        "usd",
    ]
    list_filter = ["service", "operation", "outcome"]
    search_fields = ["account_id"]
    date_hierarchy = "at"

    def has_add_permission(self, request) -> bool:
        """Rows come from calls only."""
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        """Nobody rewrites what was asked."""
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        """Old rows are pruned by age, not picked."""
        return False
