"""Who lives in the demo: five people with a one-click sign-in and the others of the two events."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

PASSWORD = "iem-demo"  # noqa: S105  (public on purpose; such accounts open in a demo only)
DOMAIN = "demo.example"


@dataclass(frozen=True)
class DemoPerson:
    """One person; ``customer`` is a customer's slug, empty for AWS. ``lands_on`` is a URL name."""

    key: str
    name: str
    role: str  # the membership role in the engagement of the person's side
    title: object = ""
    customer: str = ""
    portal_role: str = ""
    language: str = "en"
    lands_on: str = ""  # only the five with a button have one

    @property
    def email(self) -> str:
        """The address the person signs in with."""
        return f"{self.key}@{DOMAIN}"

    @property
    def initials(self) -> str:
        """Two letters for the round mark beside the name."""
        return "".join(word[0] for word in self.name.split()[:2])

    @property
    def has_button(self) -> bool:
        """Whether the sign-in page offers this person with one click."""
        return bool(self.lands_on)


PEOPLE = (
    DemoPerson("tam", "Seo Yuna", "tam", _("Technical account manager, AWS"), portal_role="tam",
               lands_on="engagements:portfolio"),
    DemoPerson("customer", "Baek Jihun", "customer_lead", _("Infrastructure lead, Garamsoop Learning"),
               customer="garamsoop", language="ko", lands_on="engagements:overview"),
    DemoPerson("warroom", "Priya Raman", "support_engineer", _("Support engineer on the night, AWS"),
               lands_on="warroom:board"),
    DemoPerson("manager", "Mina Cho", "manager", _("Manager over all engagements, AWS"), portal_role="manager",
               lands_on="engagements:portfolio"),
    DemoPerson("rival", "Han Doyun", "customer_lead", _("Lead of another customer, Haneul Tickets"),
               customer="haneul", language="ko", lands_on="engagements:portfolio"),
    DemoPerson("sa", "Daniel Okafor", "sa", "Solutions architect"),
    DemoPerson("concierge", "Hong Areum", "concierge", "Concierge"),
    DemoPerson("account", "Yoon Seri", "account_manager", "Account manager"),
    DemoPerson("database", "Lim Sojin", "customer_contributor", "Database lead", customer="garamsoop"),
    DemoPerson("application", "Noh Taemin", "customer_contributor", "Application lead", customer="garamsoop"),
    DemoPerson("network", "Kang Mirae", "customer_contributor", "Network lead", customer="garamsoop"),
    DemoPerson("director", "Moon Jaeho", "viewer", "Head of IT", customer="garamsoop"),
)  # fmt: skip
WITH_BUTTON = tuple(person for person in PEOPLE if person.has_button)
CUSTOMERS = (("garamsoop", "Garamsoop Learning", "KR"), ("haneul", "Haneul Tickets", "KR"))
