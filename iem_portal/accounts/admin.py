"""Customers, people and invitations in the administration site."""

from django.contrib import admin

from iem_portal.accounts.models import Customer, Invitation, User


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):
    """Customer organisations."""

    list_display = ["name", "slug", "country", "created_at"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """People; passwords are set by themselves, never here."""

    list_display = ["email", "name", "customer", "portal_role", "is_active"]
    list_filter = ["portal_role", "is_active", "is_demo", "customer"]
    list_select_related = ["customer"]
    search_fields = ["email", "name"]
    fields = [
        "email", "name", "customer", "portal_role", "language", "time_zone",
        "is_active", "is_staff", "is_superuser", "joined_at", "last_login",
    ]  # fmt: skip
    readonly_fields = ["joined_at", "last_login"]


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    """Invitations, to look at only: the pages write and withdraw them."""

    list_display = [
        "email",
        "customer",
        "invited_by",
        "created_at",
        "expires_at",
        "accepted_at",
        "revoked_at",
    ]
    list_select_related = ["customer", "invited_by"]
    search_fields = ["email"]

    def has_add_permission(self, request) -> bool:
        """No: a letter belongs to every invitation."""
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        """No."""
        return False
