"""Which promises does the reader want to see, and in which rows?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.access import visible_engagements
from escalation import catalog
from escalation.models import Clock, Escalation

# Without dates a year is shown: long enough for a trend, short enough to be read in one pass.
USUAL = timedelta(days=365)
ROWS = {
    "severity": _("Severity"),
    "lane": _("Lane"),
    "customer": _("Customer"),
    "tam": _("TAM"),
    "month": _("Month"),
}
EARLIEST, LATEST = date(2000, 1, 1), date(9000, 1, 1)


@dataclass(frozen=True)
class Choice:
    """What was chosen; empty means all."""

    clock: str
    by: str
    since: date
    until: date
    severity: str = ""
    lane: str = ""
    customer: int | None = None
    customers: list[tuple[int, str]] = field(default_factory=list)


def _any(label: str, pairs) -> list[tuple[str, str]]:
    return [("", label), *pairs]


def _severities() -> list[tuple[str, str]]:
    return [(code, catalog.in_words(row["label"])) for code, row in catalog.severities().items()]


def _lanes() -> list[tuple[str, str]]:
    return [(code, catalog.in_words(row["label"])) for code, row in catalog.lanes().items()]


class Filters(forms.Form):
    """Every field may be empty; the page then shows what is usual."""

    clock = forms.ChoiceField(label=_("Clock"), choices=Clock.Kind.choices, required=False)
    by = forms.ChoiceField(
        label=pgettext_lazy("rows of a table", "Rows by"), choices=list(ROWS.items()), required=False
    )
    since = forms.DateField(
        label=_("Declared from"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    until = forms.DateField(
        label=_("Declared to"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    severity = forms.ChoiceField(
        label=_("Severity"), choices=lambda: _any(_("All severities"), _severities()), required=False
    )
    lane = forms.ChoiceField(label=_("Lane"), choices=lambda: _any(_("Both lanes"), _lanes()), required=False)
    customer = forms.TypedChoiceField(label=_("Customer"), coerce=int, empty_value=None, required=False)

    def __init__(self, data, *, user, today: date):
        self.customers = customers_of(user)
        self.today = today
        super().__init__(data)
        self.fields["customer"].choices = _any(_("All customers"), self.customers)
        if not user.is_aws:
            del self.fields["customer"]
            shown = {key: label for key, label in ROWS.items() if key != "customer"}
            self.fields["by"].choices = list(shown.items())
        for field_ in self.fields.values():
            field_.widget.is_required = False

    def clean(self) -> dict:
        """Dates stay within the years that calendars know, and in order."""
        found = super().clean()
        since, until = found.get("since"), found.get("until")
        for name, day in (("since", since), ("until", until)):
            if day and not EARLIEST <= day <= LATEST:
                self.add_error(name, _("Choose a day of this century."))
        if since and until and until < since:
            self.add_error("until", _("This day lies before the first one."))
        return found

    def choice(self) -> Choice:
        """What was chosen, with what is usual in the place of what was not; only after `is_valid`."""
        found = self.cleaned_data
        until = found["until"] or max(self.today, found["since"] or self.today)
        since = found["since"] or until - USUAL
        # The fields show the days that the page is about.
        self.data = self.data.copy()
        self.data["since"], self.data["until"] = since.isoformat(), until.isoformat()
        return Choice(
            clock=found["clock"] or Clock.Kind.FIRST_RESPONSE,
            by=found["by"] or "severity",
            since=since,
            until=until,
            severity=found["severity"],
            lane=found["lane"],
            customer=found.get("customer"),
            customers=self.customers,
        )


def customers_of(user) -> list[tuple[int, str]]:
    """The customers whose engagements this person may see, by name. One query; none for a customer."""
    if not user.is_aws:
        return []
    seen = visible_engagements(user).order_by("customer__name").values_list("customer_id", "customer__name")
    return list(seen.distinct())


def escalations(user, choice: Choice) -> QuerySet[Escalation]:
    """The escalations that were chosen among those this person may see. Days are those of the person's zone."""
    zone = ZoneInfo(user.time_zone)
    first = datetime.combine(choice.since, time(), zone)
    last = datetime.combine(choice.until + timedelta(days=1), time(), zone)
    found = Escalation.objects.filter(
        engagement__in=visible_engagements(user), declared_at__gte=first, declared_at__lt=last
    )
    if choice.lane:
        found = found.filter(lane=choice.lane)
    if choice.customer is not None:
        found = found.filter(engagement__customer=choice.customer)
    return found
