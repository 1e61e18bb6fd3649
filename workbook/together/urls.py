"""Addresses of this part, below /e/<reference>/workbook/."""

urlpatterns: list = []
