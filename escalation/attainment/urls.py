"""Addresses of this part; they stand in the `escalation:` namespace."""

urlpatterns: list = []
