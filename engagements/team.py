"""Who is in the engagement: added, invited, given another role, removed, and joined by a letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.access import AWS_ROLES
from engagements.errors import InvalidValue, Refused
from engagements.models import Engagement, Membership, Role
from engagements.timeline import record
from iem_portal.accounts import invitations
from iem_portal.accounts.models import Invitation, User

CUSTOMER_ROLES = (Role.CUSTOMER_LEAD, Role.CUSTOMER_CONTRIBUTOR, Role.VIEWER)
#: Roles that are given per engagement; manager and administrator come with the person.
GIVEN_ROLES = (*CUSTOMER_ROLES, *(role for role in Role if role in AWS_ROLES))
LONGEST_TITLE = Membership._meta.get_field("title").max_length


@dataclass(frozen=True)
class NewMember:
    """Somebody to be in the team: by e-mail address, with or without an account."""

    email: str
    role: str
    name: str = ""
    title: str = ""
    language: str = ""


def side_of(role: str) -> str:
    """ "aws" or "customer": whose side people of this role are on."""
    return "aws" if role in AWS_ROLES else "customer"


def roles_for(manager_role: Role | None) -> tuple[Role, ...]:
    """The roles somebody may give away: AWS's side all, the customer's lead only the customer's."""
    if manager_role == Role.CUSTOMER_LEAD:
        return CUSTOMER_ROLES
    return GIVEN_ROLES if manager_role in (Role.TAM, Role.ADMINISTRATOR) else ()


def problem_with(new: NewMember, engagement_customer) -> dict[str, str]:
    """Errors per field that adding this person would meet; empty when they fit.

    An account of another side or another customer gets one and the same answer, so that the
    form does not tell who has an account where.
    """
    if new.role not in GIVEN_ROLES:
        return {"role": _("Choose a role of the list.")}
    user = User.objects.filter(email__iexact=new.email).first()
    if user is None:
        return {}
    is_staff_role = side_of(new.role) == "aws"
    is_theirs = engagement_customer is not None and user.customer_id == engagement_customer.pk
    fits = user.is_aws if is_staff_role else is_theirs
    if new.role == Role.VIEWER and user.is_aws:
        fits = True
    return {} if fits and user.is_active else {"email": _("This address cannot take this role.")}


def add_member(
    *, engagement: Engagement, new: NewMember, by: User, now: datetime, is_opening: bool = False
) -> Membership:
    """Put a person into the team; without an account they get a letter and join by its link.

    Raises InvalidValue with the field. ``is_opening`` leaves the timeline quiet while a whole
    team is written down.
    """
    errors = problem_with(new, engagement.customer)
    if errors:
        raise InvalidValue(errors)
    email = new.email.strip().lower()
    with transaction.atomic():
        user = User.objects.filter(email__iexact=email).first()
        taken = Membership.objects.filter(engagement=engagement)
        if (user and taken.filter(user=user).exists()) or _open_invitation(taken, email, now):
            raise InvalidValue({"email": _("This person is in the team already.")})
        invitation = None if user else _invite(engagement, new, email, by, now)
        member = Membership.objects.create(
            engagement=engagement, user=user, invitation=invitation, role=new.role,
            title=new.title.strip(), added_at=now,
        )  # fmt: skip
        if not is_opening:
            _told(member, "member.added" if user else "member.invited", by, now)
    return member


def _open_invitation(members, email: str, now: datetime) -> bool:
    return members.filter(
        user=None,
        invitation__email=email,
        invitation__accepted_at=None,
        invitation__revoked_at=None,
        invitation__expires_at__gt=now,
    ).exists()


def _invite(engagement: Engagement, new: NewMember, email: str, by: User, now: datetime) -> Invitation:
    is_customer = side_of(new.role) == "customer"
    language = new.language or ("ko" if is_customer and engagement.customer.country == "KR" else by.language)
    invitation, _token = invitations.invite(
        email=email,
        name=new.name.strip(),
        customer=engagement.customer if is_customer else None,
        language=language,
        by=by,
        now=now,
    )
    return invitation


def change_role(*, member: Membership, role: str, title: str, by, by_role: Role, now: datetime) -> Membership:
    """Give a member another role or title on their own side. Raises InvalidValue, Refused, PermissionDenied."""
    _may_touch(member, by_role)
    if role not in roles_for(by_role) or side_of(role) != side_of(member.role):
        raise InvalidValue({"role": _("Choose a role of the list.")})
    if len(title.strip()) > LONGEST_TITLE:
        raise InvalidValue({"title": _("At most %(limit)d characters.") % {"limit": LONGEST_TITLE}})
    if (member.role, member.title) == (role, title.strip()):
        return member
    old = member.role
    with transaction.atomic():
        if member.role == Role.TAM and role != Role.TAM:
            _keep_a_tam(member)
        member.role, member.title = role, title.strip()
        member.save(update_fields=["role", "title"])
        _told(member, "member.role_changed", by, now, old=old)
    return member


def remove_member(*, member: Membership, by, by_role: Role, now: datetime) -> None:
    """Take a person out of the team and withdraw an open letter; the timeline keeps that they were in it."""
    _may_touch(member, by_role)
    with transaction.atomic():
        if member.role == Role.TAM:
            _keep_a_tam(member)
        _told(member, "member.removed", by, now)
        if member.user_id is None:
            invitations.revoke(invitation=member.invitation, by=by, now=now)
        member.delete()


def _may_touch(member: Membership, by_role: Role) -> None:
    if member.role not in roles_for(by_role):
        raise PermissionDenied("manage_team")


def _keep_a_tam(member: Membership) -> None:
    # The engagement is held: of two TAMs who leave at the same instant, the second must see the first gone.
    Engagement.objects.select_for_update(no_key=True).get(pk=member.engagement_id)
    others = Membership.objects.filter(engagement=member.engagement, role=Role.TAM).exclude(pk=member.pk)
    if not others.filter(user__isnull=False).exists():
        raise Refused(_("An engagement needs a TAM. Name another one first."))


def join(*, token: str, name: str, password: str, language: str, now: datetime) -> User:
    """Accept a letter: makes the account and turns the invited memberships into the person's own.

    Raises invitations.InvitationError.
    """
    with transaction.atomic():
        invitation = invitations.find(token=token, now=now)
        user = invitations.accept(token=token, name=name, password=password, now=now)
        if language and language != user.language:
            user.language = language
            user.save(update_fields=["language"])
        invited = Membership.objects.filter(
            user=None, invitation__email=invitation.email, invitation__customer=invitation.customer,
            invitation__revoked_at=None,
        ).select_related("engagement", "invitation")  # fmt: skip
        for member in invited:
            if not Membership.objects.filter(engagement=member.engagement, user=user).exists():
                member.user = user
                member.save(update_fields=["user"])
                _told(member, "member.joined", user, now)
    return user


def _told(member: Membership, phrase: str, by, now: datetime, **params) -> None:
    person = member.user.name if member.user else member.invitation.name or member.invitation.email
    record(
        member.engagement, phrase, by=by, now=now,
        params={"person": person, "role": member.role, **params},
        subject_type="membership", subject_id=member.pk,
    )  # fmt: skip
