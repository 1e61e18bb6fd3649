"""What administrators set outside the pages: the role the portal assumes in a customer's AWS account."""

from django.contrib import admin

from engagements.models import AwsAccount


@admin.register(AwsAccount)
class AwsAccountAdmin(admin.ModelAdmin):
    """The accounts in scope; keys are never stored, only a role to assume and its External ID."""

    list_display = ["account_id", "name", "engagement", "role_arn"]
    list_select_related = ["engagement"]
    search_fields = ["account_id", "name", "engagement__reference"]
    fields = ["engagement", "account_id", "name", "role_arn", "external_id"]
    readonly_fields = ["engagement", "account_id"]

    def has_add_permission(self, request) -> bool:
        """Accounts are added on the engagement's page."""
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        """An account stays part of the engagement's history."""
        return False
