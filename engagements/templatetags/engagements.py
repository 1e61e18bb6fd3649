"""Words of engagements for templates: targets, verdicts, agreements, people."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from engagements import catalog, criteria, team, verdict
from engagements.models import Membership, Role, SuccessCriterion
from iem_portal.accounts.names import initials as initials_of
from iem_portal.templatetags.portal import day_text, status

register = template.Library()


@register.filter
def plain(value) -> str:
    """A decimal without trailing zeros."""
    return verdict.plain(value)


@register.filter
def target(criterion: SuccessCriterion) -> str:
    """The target as people write it: "≤ 600 ms"."""
    return verdict.target_text(criterion.operator, criterion.target, criterion.target_high, criterion.unit)


@register.filter
def baseline(criterion: SuccessCriterion) -> str:
    """The value of a normal day with its unit, or a dash."""
    return verdict.with_unit(verdict.plain(criterion.baseline), criterion.unit) or "—"


@register.filter
def source(criterion: SuccessCriterion) -> str:
    """Where the number comes from, in words."""
    return str(criteria.SOURCES.get(criterion.source, criterion.source))


@register.simple_tag(name="verdict")
def verdict_of(criterion: SuccessCriterion) -> str:
    """The measured value with its verdict as shape and word; a dash before it is measured."""
    is_met = verdict.is_met(criterion.operator, criterion.target, criterion.target_high, criterion.actual)
    if is_met is None:
        return "—"
    value = verdict.with_unit(verdict.plain(criterion.actual), criterion.unit)
    return format_html("{} {}", value, status("ok", _("Met")) if is_met else status("bad", _("Missed")))


@register.simple_tag
def agreement(criterion: SuccessCriterion) -> str:
    """Who agreed: done when both sides did, with their names."""
    names = [name for name in (criterion.agreed_customer_name, criterion.agreed_aws_name) if name]
    if len(names) == 2:
        mark = status("ok", _("Agreed"))
    elif names:
        mark = status("run", _("By AWS") if criterion.agreed_aws_name else _("By the customer"))
    else:
        mark = status("todo", _("Draft"))
    if not names:
        return mark
    return format_html('{}<span class="sub">{}</span>', mark, ", ".join(names))


@register.simple_tag
def agreed_count(all_criteria: list[SuccessCriterion]) -> str:
    """How many both sides agreed to."""
    both = sum(1 for one in all_criteria if one.agreed_customer_at and one.agreed_aws_at)
    return _("%(both)d of %(all)d agreed by both sides") % {"both": both, "all": len(all_criteria)}


@register.filter
def person(member: Membership) -> str:
    """The member's name, or the address their letter went to."""
    if member.user:
        return member.user.name or member.user.email
    return member.invitation.name or member.invitation.email


@register.filter
def address(member: Membership) -> str:
    """The member's e-mail address."""
    return member.user.email if member.user else member.invitation.email


@register.filter
def initials(member: Membership) -> str:
    """Two letters for the round mark."""
    return initials_of(person(member))


@register.filter
def own_title(member: Membership) -> str:
    """The member's title when it says more than the role does in the reader's language or in English."""
    with override("en"):
        role = str(Role(member.role).label)
    return "" if member.title in (role, member.get_role_display()) else member.title


@register.filter
def day(value: date | str | None) -> str:
    """A date of the data files as people write it: "Fri 1 Jan 2027", "2027년 1월 1일(금)"."""
    if not value:
        return ""
    on = date.fromisoformat(value) if isinstance(value, str) else value
    return day_text(datetime.combine(on, time(), tzinfo=UTC))


@register.filter
def side(member: Membership) -> str:
    """Whose side the member is on, as a word."""
    return _("AWS") if team.side_of(member.role) == "aws" else _("Customer")


@register.filter
def region(code: str) -> str:
    """The name of a Region in the reader's language."""
    label = catalog.regions().get(code, {})
    return label.get(get_language() or "en") or label.get("en", "")


@register.filter
def entitlement(key: str) -> str:
    """The entitlement in words."""
    words = {
        "included": _("included in the plan"),
        "paid": _("charged on top"),
        "unknown": _("entitlement not known yet"),
    }
    return words.get(key, key)


@register.simple_tag
def field_errors(errors: dict, name: str) -> str:
    """The error of one field in a fragment that was refused."""
    return format_html_join("", '<span class="err">{}</span>', [(errors[name],)] if name in errors else [])
