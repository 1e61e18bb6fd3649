"""Lets a guest's link stand in for a sign-in, on the pages of its one section and nowhere else."""

from http import HTTPStatus

from django.shortcuts import render
from django.utils import timezone

from engagements.access import Admission, Permission
from workbook.guests import links

SESSION_KEY = "guest_links"
#: Everything a guest can reach. A page that is not named here asks them to sign in.
OPEN = frozenset(
    {
        "workbook:section",
        "workbook:save-cell",
        "workbook:changes",
        "workbook:history",
        "workbook:restore-cell",
        "workbook:row",
        "workbook:save-row",
        "workbook:change-row",
        "workbook:add-row",
        "workbook:more-rows",
        "workbook:preview-cells",
        "workbook:save-cells",
    }
)
#: Where somebody looks, and is told in words when their link has ended; a script keeps its text and asks again.
PAGES = frozenset({"workbook:section", "workbook:row"})
PERMISSIONS = frozenset({Permission.VIEW, Permission.FILL_WORKBOOK})


class GuestMiddleware:
    """Somebody who is signed in stays who they are; a guest's browser keeps the numbers of its links in its session."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.admission = request.guest_link = None
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Set request.admission for a guest whose link names this section; say on a page that it has ended.

        One query, for guests only, and one more when the link opens no more.
        """
        name, numbers = request.resolver_match.view_name, None
        if name in OPEN and not request.user.is_authenticated:
            numbers = request.session.get(SESSION_KEY)
        if not numbers:
            return None
        place = {"reference": kwargs["reference"], "section": kwargs["section"].lower()}
        now = timezone.now()
        if link := links.admit(numbers=numbers, now=now, **place):
            self._let_in(request, link)
        elif name in PAGES and (closed := links.why_closed(numbers=numbers, now=now, **place)):
            words = {"reason": closed.text}
            return render(request, "workbook/guests/closed.html", words, status=HTTPStatus.GONE)
        return None

    def _let_in(self, request, link) -> None:
        request.guest_link = link
        # What is read and written for this request reaches no further than the section.
        link.engagement.reach = link.section
        request.user = links.Guest(link)
        request.admission = Admission(link.engagement, PERMISSIONS)
