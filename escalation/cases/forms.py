"""What people type about support cases. Codes are AWS's and change, so AWS judges them, not the form."""

from __future__ import annotations

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from escalation import catalog
from escalation.cases.asking import Offer
from escalation.forms import ActForm
from iem_portal.aws.support_writes import LONGEST_BODY
from iem_portal.templatetags.portal import pick

LANGUAGES = [("ko", "한국어"), ("en", "English")]


class Body(forms.CharField):
    """A text that AWS takes: at most 8,000 characters, counted as AWS counts them."""

    def __init__(self, rows: int, **words):
        widget = forms.Textarea(attrs={"rows": rows, "data-count": LONGEST_BODY})
        super().__init__(widget=widget, **words)

    def to_python(self, value):
        """The text with line ends of one character, which is how they are sent and counted."""
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def validate(self, value) -> None:
        """Refuses what AWS would cut."""
        super().validate(value)
        if len(value) > LONGEST_BODY:
            over = len(value) - LONGEST_BODY
            raise forms.ValidationError(
                _("AWS takes at most 8,000 characters; these are %(n)s too many."), params={"n": over}
            )


def accounts_of(engagement) -> list[tuple[str, str]]:
    """The accounts of the event to choose from. One query."""
    return [
        (one.account_id, f"{one.name} ({one.account_id})" if one.name else one.account_id)
        for one in engagement.aws_accounts.all()
    ]


class Files(forms.MultipleChoiceField):
    """Files of the event that go along; which of them AWS takes is judged by the verb."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **words):
        help_text = _("Three at most, 5 MB each: from the workbook, and those put here before.")
        super().__init__(label=_("Attachments"), required=False, help_text=help_text, **words)


class _Several(forms.FileInput):
    allow_multiple_selected = True


class Upload(forms.FileField):
    """Files from one's own machine. The page keeps them before it looks at the form: those then stand among `files`."""

    widget = _Several

    def __init__(self, **words):
        help_text = _("Text, pictures, PDF, Office or zip. What was taken stays with this escalation.")
        super().__init__(label=_("From your device"), required=False, help_text=help_text, **words)
        self.widget.attrs["multiple"] = True


def file_choices(offered) -> list[tuple[str, str]]:
    """Files with their sizes to choose from."""
    return [(one.key, f"{one.name} ({filesizeformat(one.size)})") for one in offered]


# Another service has other categories: only their list is drawn anew, and the focus stays.
_SHOWS_CATEGORIES = {
    "hx-post": "",
    "hx-trigger": "change",
    "hx-include": "closest form",
    "hx-vals": '{"do": "categories"}',
    "hx-select": "#case-category",
    "hx-target": "#case-category",
    "hx-swap": "outerHTML",
}


class NewCaseForm(ActForm):
    """A case as AWS gets it."""

    account_id = forms.ChoiceField(label=_("AWS account"))
    severity = forms.CharField(label=_("Severity"), max_length=20)
    service = forms.CharField(label=_("Service"), max_length=100)
    category = forms.CharField(
        label=pgettext_lazy("support case", "Category"), max_length=100, required=False
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    subject = forms.CharField(
        label=_("Subject"), max_length=160, help_text=_("A short mark is added, by which it is found again.")
    )
    body = Body(18, label=_("Description"))
    files = Files()
    upload = Upload()

    def __init__(self, *args, accounts, offer: Offer, chosen: str = "", files=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["account_id"].choices = accounts
        self.fields["files"].choices = file_choices(files)
        severities = [(code, _severity(code)) for code in offer.severities or catalog.severities()]
        self.fields["severity"].widget = forms.Select(choices=severities)
        if offer.services:
            names = [(one.code, one.name) for one in offer.services]
            self.fields["service"].widget = forms.Select(choices=names, attrs=_SHOWS_CATEGORIES)
            self.fields["category"].widget = forms.Select(choices=offer.categories(chosen))
        else:
            self.fields["service"].help_text = _("AWS's code, such as general-info.")
            self.fields["category"].help_text = _("AWS's code, such as using-aws.")


def _severity(code: str) -> str:
    row = catalog.severities().get(code)
    return f"{pick(row['label'])} ({row['aws']['en']})" if row else code


class LinkForm(ActForm):
    """A case that exists in AWS."""

    account_id = forms.ChoiceField(label=_("AWS account"))
    display_id = forms.CharField(
        label=_("Support case number"), max_length=40, help_text=_("As the Support Center shows it.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=1000,
        help_text=_("Needed when the clock has to follow another case than before."),
    )
    takes_clock = forms.BooleanField(label=_("The clock follows this case"), required=False)

    def __init__(self, *args, accounts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["account_id"].choices = accounts

    def clean_display_id(self) -> str:
        """People copy numbers with blanks in them."""
        return "".join(self.cleaned_data["display_id"].split())


class ReplyForm(forms.Form):
    """A message to AWS in the case."""

    text = Body(5, label=_("Reply to AWS"))
    files = Files()
    upload = Upload()

    def __init__(self, *args, files=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["files"].choices = file_choices(files)


class LeadForm(forms.Form):
    """Let the clock follow another case."""

    reason = forms.CharField(label=_("Reason"), max_length=1000)
