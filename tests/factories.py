"""Makes rows for tests; every maker takes what matters to the test and fills in the rest."""

from datetime import UTC, datetime, timedelta
from itertools import count

from engagements.models import AwsAccount, Engagement, Membership, Phase
from iem_portal.accounts.models import Customer, User

_numbers = count(1)
NOW = datetime(2026, 11, 28, 16, 15, tzinfo=UTC)


def customer(name: str = "", **fields) -> Customer:
    """A customer organisation."""
    number = next(_numbers)
    return Customer.objects.create(name=name or f"Customer {number}", slug=f"customer-{number}", **fields)


def user(email: str = "", **fields) -> User:
    """A person; AWS's side unless a customer is given."""
    email = email or f"person{next(_numbers)}@example.com"
    fields.setdefault("name", email.split("@")[0].title())
    return User.objects.create_user(email, fields.pop("password", "correct horse"), **fields)


def engagement(*, now: datetime = NOW, phase: str = Phase.EXECUTE, **fields) -> Engagement:
    """A migration whose T0 was 75 minutes before ``now``."""
    starts_at = fields.pop("starts_at", now - timedelta(minutes=75))
    defaults = {
        "customer": fields.pop("customer", None) or customer(),
        "reference": f"IEM-{next(_numbers)}",
        "name": "Data-centre exit",
        "event_type": "MIG",
        "support_plan": "enterprise",
        "entitlement": "included",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=9),
        "time_zone": "Asia/Seoul",
        "regions": ["ap-northeast-2"],
        "phase": phase,
        "phase_entered_at": now - timedelta(days=1),
        "requested_at": now - timedelta(days=45),
        "opened_by": fields.pop("opened_by", None) or user(portal_role="tam", password=None),
    }
    return Engagement.objects.create(**(defaults | fields))


def member(engagement: Engagement, role: str, **fields) -> User:
    """A new person in this role, on the side that fits the role."""
    is_customer = role.startswith("customer") or role == "viewer"
    if role in {"manager", "administrator"}:
        return user(portal_role=role, **fields)
    person = user(customer=engagement.customer if is_customer else None, **fields)
    Membership.objects.create(engagement=engagement, user=person, role=role, added_at=engagement.requested_at)
    return person


def aws_account(engagement: Engagement, account_id: str = "111122223333", **fields) -> AwsAccount:
    """An AWS account in scope."""
    return AwsAccount.objects.create(engagement=engagement, account_id=account_id, **fields)
