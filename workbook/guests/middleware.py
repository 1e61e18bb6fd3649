"""Lets a guest's link stand in for a sign-in, on the pages of its one section and nowhere else."""

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
        "workbook:news",
        "workbook:row",
        "workbook:save-row",
        "workbook:change-row",
        "workbook:add-row",
        "workbook:more-rows",
        "workbook:preview-cells",
        "workbook:save-cells",
    }
)
PERMISSIONS = frozenset({Permission.VIEW, Permission.FILL_WORKBOOK})


class GuestMiddleware:
    """Somebody who is signed in stays who they are; a guest's browser keeps the numbers of its links in its session."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.admission = request.guest_link = None
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Set request.admission for a guest whose link names this section. One query, for guests only."""
        if request.resolver_match.view_name not in OPEN or request.user.is_authenticated:
            return
        numbers = request.session.get(SESSION_KEY)
        if not numbers:
            return
        link = links.admit(
            numbers=numbers,
            reference=kwargs["reference"],
            section=kwargs["section"].lower(),
            now=timezone.now(),
        )
        if link:
            request.guest_link = link
            # What is read and written for this request reaches no further than the section.
            link.engagement.reach = link.section
            request.user = links.Guest(link)
            request.admission = Admission(link.engagement, PERMISSIONS)
