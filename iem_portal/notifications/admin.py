"""Lets administrators read the outbox and what went wrong with it."""

from django.contrib import admin

from iem_portal.notifications.models import Notification


@admin.register(Notification)
class NotificationAdmin(admin.ModelAdmin):
    """Read only: a message is a record of what was said."""

    list_display = ["key", "channel", "address", "created_at", "sent_at", "dead_at", "attempts", "last_error"]
    list_filter = ["channel"]
    search_fields = ["key", "address"]

    def has_add_permission(self, request) -> bool:
        """Messages come from facts only."""
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        """Nobody rewrites what was said."""
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        """Nor unsays it."""
        return False
