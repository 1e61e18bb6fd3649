"""Puts the one-click sign-in of the demo on the sign-in page, while there is a demo."""

from django import template
from django.conf import settings

from iem_portal.accounts.models import User
from iem_portal.demo.people import PASSWORD, WITH_BUTTON

register = template.Library()


@register.inclusion_tag("demo/_people.html", takes_context=True)
def demo_people(context) -> dict:
    """The seeded people with a button, in the order of the story; nobody outside a demo."""
    request = context["request"]
    seeded = seeded_emails() if settings.DEMO else set()
    people = [person for person in WITH_BUTTON if person.email in seeded]
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "people": people,
        "password": PASSWORD,
        "next": request.GET.get("next", ""),
    }


def seeded_emails() -> set[str]:
    """Who of them exists. One query."""
    emails = [person.email for person in WITH_BUTTON]
    return set(User.objects.filter(is_demo=True, email__in=emails).values_list("email", flat=True))
