"""Is the portal pointed at the right AWS? Refuses a start that would mix the simulated and the real one."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register

from .sessions import is_loopback

PER_SERVICE = "AWS_ENDPOINT_URL_"


@register(Tags.security)
def endpoint_stays_here(app_configs: Any = None, **rest: Any) -> list[Error]:
    """In simulation every endpoint is on this machine."""
    if not settings.SIMULATED_AWS:
        return []
    problems = []
    for name, url in _endpoints().items():
        if not is_loopback(url):
            problems.append(
                Error(
                    f"AWS is simulated, but {name} points to {url}, which is not this machine.",
                    hint="Use a loopback address such as http://127.0.0.1:8001, or unset it to use the real AWS.",
                    id="iem.E101",
                )
            )
    if os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        problems.append(
            Error(
                "AWS is simulated, but AWS_IGNORE_CONFIGURED_ENDPOINT_URLS makes boto3 ignore the endpoint.",
                hint="Unset AWS_IGNORE_CONFIGURED_ENDPOINT_URLS.",
                id="iem.E102",
            )
        )
    return problems


@register(Tags.security)
def no_stray_endpoint(app_configs: Any = None, **rest: Any) -> list[Error]:
    """Against the real AWS no single service is sent somewhere else without the board saying so."""
    if settings.SIMULATED_AWS:
        return []
    return [
        Error(
            f"{name} sends one AWS service to {url}, while the portal shows the real AWS.",
            hint="Set AWS_ENDPOINT_URL to simulate all of AWS, or unset the variable.",
            id="iem.E103",
        )
        for name, url in _endpoints().items()
    ]


@register(Tags.security, deploy=True)
def production_uses_the_real_aws(app_configs: Any = None, **rest: Any) -> list[Error]:
    """`check --deploy`: a production portal must not show a simulation."""
    if not settings.SIMULATED_AWS or settings.DEMO:
        return []
    return [
        Error(
            "AWS_ENDPOINT_URL is set, so a production portal would show a simulated AWS.",
            hint="Unset AWS_ENDPOINT_URL, or set DEMO=1 if this is a demo.",
            id="iem.E104",
        )
    ]


def _endpoints() -> dict[str, str]:
    found = {name: url for name, url in os.environ.items() if name.startswith(PER_SERVICE) and url}
    if settings.AWS_ENDPOINT_URL:
        found["AWS_ENDPOINT_URL"] = settings.AWS_ENDPOINT_URL
    return dict(sorted(found.items()))
