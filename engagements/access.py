"""Who may do what in which engagement: the only place where that is decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from rest_framework.permissions import BasePermission

from engagements.models import Engagement, Membership, Role
from iem_portal.accounts.rules import Rule, declare, portal, public, signed_in

__all__ = [
    "portal",
    "public",
    "signed_in",
]  # one address for every page; they live below, where sign-in needs them


class Permission(StrEnum):
    """What can be allowed inside one engagement."""

    VIEW = "view"
    DRIVE = "drive"
    MANAGE_TEAM = "manage_team"
    FILL_WORKBOOK = "fill_workbook"
    REVIEW_WORKBOOK = "review_workbook"
    MOVE_PHASE = "move_phase"
    OVERRIDE_GATE = "override_gate"
    RUN_STEPS = "run_steps"
    POST_UPDATE = "post_update"
    ESCALATE = "escalate"
    HANDLE_ESCALATION = "handle_escalation"
    EDIT_REVIEW = "edit_review"
    SEE_INTERNAL = "see_internal"


_P = Permission
_AWS = {_P.VIEW, _P.SEE_INTERNAL, _P.REVIEW_WORKBOOK, _P.FILL_WORKBOOK, _P.POST_UPDATE, _P.ESCALATE}
_CUSTOMER = {_P.VIEW, _P.FILL_WORKBOOK, _P.ESCALATE, _P.POST_UPDATE, _P.RUN_STEPS}
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.TAM: frozenset(Permission),
    Role.SA: frozenset(_AWS),
    Role.SUPPORT_ENGINEER: frozenset(_AWS | {_P.RUN_STEPS, _P.HANDLE_ESCALATION}),
    Role.CONCIERGE: frozenset(_AWS | {_P.HANDLE_ESCALATION}),
    Role.ACCOUNT_MANAGER: frozenset({_P.VIEW, _P.SEE_INTERNAL, _P.POST_UPDATE}),
    Role.CUSTOMER_LEAD: frozenset(_CUSTOMER | {_P.MANAGE_TEAM, _P.EDIT_REVIEW}),
    Role.CUSTOMER_CONTRIBUTOR: frozenset(_CUSTOMER),
    Role.VIEWER: frozenset({_P.VIEW}),
    Role.MANAGER: frozenset({_P.VIEW, _P.SEE_INTERNAL, _P.EDIT_REVIEW, _P.OVERRIDE_GATE}),
    Role.ADMINISTRATOR: frozenset(Permission),
}
AWS_ROLES = frozenset({Role.TAM, Role.SA, Role.SUPPORT_ENGINEER, Role.CONCIERGE, Role.ACCOUNT_MANAGER})
_OVER_ALL = {"manager": Role.MANAGER, "administrator": Role.ADMINISTRATOR}


@dataclass(frozen=True)
class Admission:
    """What somebody without an account may do in one engagement, such as a guest of the workbook."""

    engagement: Engagement
    permissions: frozenset[Permission]


def requires(permission: Permission) -> Callable[[Callable], Callable]:
    """Only people with this permission in the engagement of the URL's ``reference`` may call this view."""
    return lambda view: declare(view, Rule("engagement", permission=permission))


def role_of(user, engagement: Engagement) -> Role | None:
    """The role of this person in this engagement, or None for a stranger. One query at most."""
    if not user.is_authenticated or not user.is_active:
        return None
    membership = Membership.objects.filter(engagement=engagement, user=user)
    return _role(user, engagement, lambda: membership.values_list("role", flat=True).first())


def _role(user, engagement: Engagement, stored: Callable[[], str | None]) -> Role | None:
    """The role that counts: a portal role over all, else the stored one if it fits the person's side."""
    if user.is_aws and user.portal_role in _OVER_ALL:
        return _OVER_ALL[user.portal_role]
    role = stored()
    return Role(role) if role and _fits(user, engagement, Role(role)) else None


def _fits(user, engagement: Engagement, role: Role) -> bool:
    """Whether the role suits the person's side; a membership of the wrong side opens nothing."""
    if user.is_aws:
        return role in AWS_ROLES or role == Role.VIEWER
    return user.customer_id == engagement.customer_id and role not in AWS_ROLES


def permissions_of(role: Role | None) -> frozenset[Permission]:
    """Everything this role allows; nothing for a stranger."""
    return ROLE_PERMISSIONS.get(role, frozenset())


def audience(user) -> str:
    """Whose eyes a shared fragment is drawn for: "staff" on AWS's side, else "customer"."""
    return "staff" if user.is_aws else "customer"


def visible_engagements(user) -> QuerySet[Engagement]:
    """The engagements this person may see: all for managers, else those they are a member of."""
    if user.is_aws and user.portal_role in _OVER_ALL:
        return Engagement.objects.all()
    if user.is_aws:
        mine = Membership.objects.filter(user=user, role__in=[*AWS_ROLES, Role.VIEWER])
        return Engagement.objects.filter(pk__in=mine.values("engagement"))
    mine = Membership.objects.filter(user=user).exclude(role__in=AWS_ROLES)
    return Engagement.objects.filter(pk__in=mine.values("engagement"), customer=user.customer_id)


def enter(user, reference: str) -> tuple[Engagement, Role]:
    """The engagement behind a reference and the person's role in it, in one query; a stranger gets Http404."""
    mine = Membership.objects.filter(engagement=OuterRef("pk"), user=user).values("role")[:1]
    found = Engagement.objects.select_related("customer").annotate(my_role=Subquery(mine))
    engagement = found.filter(reference=reference).first()
    role = _role(user, engagement, lambda: engagement.my_role) if engagement and user.is_active else None
    if role is None:
        raise Http404
    return engagement, role


def check(user, engagement: Engagement, permission: Permission) -> None:
    """Raise PermissionDenied unless the person has the permission; for verbs that cannot be undone.

    Actors of the portal itself (no primary key) pass: they are named in code, never by a request.
    """
    if user.pk is None and getattr(user, "is_authenticated", None) is None:
        return
    if permission not in permissions_of(role_of(user, engagement)):
        raise PermissionDenied(permission)


def members() -> QuerySet[Membership]:
    """The memberships that count, with their users: of active people, in a role of their own side.

    Somebody who went to another customer is let in nowhere any more, and must not be told anything either.
    """
    fits = Q(user__customer__isnull=True, role__in=[*AWS_ROLES, Role.VIEWER]) | (
        Q(user__customer=F("engagement__customer")) & ~Q(role__in=AWS_ROLES)
    )
    return Membership.objects.filter(fits, user__is_active=True).select_related("user")


class EngagementPermission(BasePermission):
    """API twin of the middleware: wants ``required_permissions`` on the view set, per action.

    A view set or action without a declaration answers 403. The engagement of the URL's
    ``reference`` is put on the request; a stranger gets 404.
    """

    def has_permission(self, request, view) -> bool:
        """Whether the signed-in caller may run this action."""
        declared = getattr(view, "required_permissions", {})
        action = getattr(view, "action", None) or "schema"
        if action not in declared or not request.user.is_authenticated:
            return False
        reference = view.kwargs.get("reference")
        if reference is None:
            return declared[action] is None
        request.engagement, request.role = enter(request.user, reference)
        request.permissions = permissions_of(request.role)
        return declared[action] is not None and declared[action] in request.permissions
