"""Tells Django about the aws app."""

from django.apps import AppConfig


class AwsConfig(AppConfig):
    """The aws part of the platform."""

    name = "iem_portal.aws"
    label = "aws"
