"""Lets administrators look at how AWS is read."""

from django.contrib import admin

from warroom.models import PollTarget


@admin.register(PollTarget)
class PollTargetAdmin(admin.ModelAdmin):
    """Read-only: targets are derived from the workbook on every round."""

    list_display = [
        "source",
        "engagement",
        "account_id",
        "region",
        "is_active",
        "last_ok_at",
        "last_error_kind",
    ]
    list_filter = ["source", "is_active", "last_error_kind"]

    def has_add_permission(self, request) -> bool:
        """Never: the poller makes them."""
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        """Never."""
        return False
