"""The page on which a metric is chosen: where to look, what is there, and which row it fills."""

from __future__ import annotations

import json
from http import HTTPStatus
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements.access import Permission, requires
from warroom.picker import filling, listing
from warroom.scope import HOME_OF_GLOBAL
from workbook.watches import SECTION

MOST_DIGITS = 18
#: Offered beside what is watched already; any other may be typed.
COMMON = (
    "AWS/ApiGateway", "AWS/ApplicationELB", "AWS/AutoScaling", "AWS/CloudFront", "AWS/DMS", "AWS/DynamoDB",
    "AWS/EC2", "AWS/ECS", "AWS/ElastiCache", "AWS/Kinesis", "AWS/Lambda", "AWS/NetworkELB", "AWS/RDS", "AWS/S3",
    "AWS/SNS", "AWS/SQS",
)  # fmt: skip


@requires(Permission.FILL_WORKBOOK)
@require_http_methods(["GET", "POST"])
def pick(request: HttpRequest, reference: str) -> HttpResponse:
    """GET shows what is known, POST asks AWS or takes one into a row."""
    asked = _asked(request)
    errors = _errors(request, asked) if asked["namespace"] or request.method == "POST" else {}
    if errors or request.method == "GET":
        return _page(request, asked, errors)
    if request.POST.get("action") == "take":
        return _take(request, asked)
    place = {key: asked[key] for key in ("account_id", "region", "namespace")}
    try:
        listing.ask(engagement=request.engagement, now=timezone.now(), **place)
    except listing.NotRead as error:
        return _page(request, asked, {"aws": str(error)}, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _see(request, asked)


def _asked(request: HttpRequest) -> dict:
    source = request.POST if request.method == "POST" else request.GET
    found = {
        key: source.get(key, "").strip()[:255] for key in ("account_id", "region", "namespace", "q", "row")
    }
    found["row"] = found["row"] if _number(found["row"]) else ""
    return found


def _places(request: HttpRequest) -> tuple[list[tuple[str, str]], list[str]]:
    accounts = list(request.engagement.aws_accounts.values_list("account_id", "name"))
    return accounts, list(dict.fromkeys([*request.engagement.regions, HOME_OF_GLOBAL]))


def _errors(request: HttpRequest, asked: dict) -> dict[str, str]:
    accounts, regions = _places(request)
    errors = {}
    if asked["account_id"] not in {number for number, _name in accounts}:
        errors["account_id"] = _("Choose an account of the engagement.")
    if asked["region"] not in regions:
        errors["region"] = _("Choose a Region of the engagement.")
    if not asked["namespace"] or not asked["namespace"].isprintable() or not asked["namespace"].isascii():
        errors["namespace"] = _("Name a namespace, such as AWS/RDS.")
    return errors


def _page(request: HttpRequest, asked: dict, errors: dict, status: int = HTTPStatus.OK) -> HttpResponse:
    accounts, regions = _places(request)
    found = None
    if asked["namespace"] and not errors.keys() - {"aws", "take"}:
        place = (asked["account_id"], asked["region"], asked["namespace"])
        found = listing.known(request.engagement, *place)
    shown, count = listing.search(found, asked["q"]) if found else ([], 0)
    rows = [(pk, title, json.dumps(seen)) for pk, title, seen in filling.rows(request.engagement)]
    context = {
        "asked": asked,
        "errors": errors,
        "accounts": accounts,
        "regions": regions,
        "namespaces": COMMON,
        "listing": found,
        "shown": shown,
        "count": count,
        "rows": rows,
        "seen": next((seen for pk, _title, seen in rows if str(pk) == asked["row"]), "{}"),
        "now": timezone.now(),
    }
    if errors and request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "warroom/picker/pick.html", context, status=status)


def _take(request: HttpRequest, asked: dict) -> HttpResponse:
    place = (asked["account_id"], asked["region"], asked["namespace"])
    found = listing.known(request.engagement, *place)
    number, read_at = _number(request.POST.get("place", "")), request.POST.get("read_at", "")
    # A list that was read anew since has other places: what was pressed would be another metric.
    if found is None or number is None or found.read_at.isoformat() != read_at:
        return _page(request, asked, {"take": _("The list was read again meanwhile. Choose once more.")})
    row = _number(asked["row"])
    known = {pk for pk, _title, _seen in filling.rows(request.engagement)}
    if row is not None and row not in known:
        return _page(request, asked, {"take": _("This row is gone. Choose another one.")})
    try:
        outcomes = filling.fill(
            engagement=request.engagement,
            listing=found,
            place=number,
            row=row,
            seen=_seen(request.POST.get("seen", "")),
            by=request.user,
            now=timezone.now(),
        )
    except LookupError:
        return _page(request, asked, {"take": _("The list was read again meanwhile. Choose once more.")})
    refused = [one for one in outcomes if not one.is_taken]
    if refused:
        words = "; ".join(dict.fromkeys(one.message for one in refused if one.message))
        return _page(request, asked, {"take": words or _("Somebody changed this row meanwhile.")})
    address = reverse("workbook:section", args=[request.engagement.reference, SECTION])
    return HttpResponseRedirect(f"{address}#row-{outcomes[0].row_id}", status=HTTPStatus.SEE_OTHER)


def _see(request: HttpRequest, asked: dict) -> HttpResponse:
    place = reverse("warroom:pick", args=[request.engagement.reference])
    return HttpResponseRedirect(f"{place}?{urlencode(asked)}", status=HTTPStatus.SEE_OTHER)


def _seen(text: str) -> dict[str, int]:
    """The versions a page was drawn with; anything else counts as never seen."""
    try:
        found = json.loads(text[:500])
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {key: value for key, value in found.items() if type(value) is int and 0 <= value < 2**31}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
