"""What a view demands before it runs: declared by a decorator, enforced by the engagement middleware."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One demand; kept on the view as ``view.access``. ``permission`` belongs to kind "engagement"."""

    kind: str  # "public", "signed-in", "portal" or "engagement"
    permission: str | None = None
    portal_roles: tuple[str, ...] = ()


def declare(view: Callable, rule: Rule) -> Callable:
    """Put the rule on the view."""
    view.access = rule
    # Django's own net asks only views without this mark for a sign-in.
    view.login_required = rule.kind != "public"
    return view


def public(view: Callable) -> Callable:
    """Anyone may call this view, signed in or not."""
    return declare(view, Rule("public"))


def signed_in(view: Callable) -> Callable:
    """Every signed-in person may call this view; it must show them only their own."""
    return declare(view, Rule("signed-in"))


def portal(*roles: str) -> Callable[[Callable], Callable]:
    """Only people with one of these portal roles may call this view."""
    return lambda view: declare(view, Rule("portal", portal_roles=roles))
