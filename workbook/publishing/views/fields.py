"""One field of a draft: its words, kind, limits, choices, who fills it and when."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engagements.access import portal
from workbook.publishing import content as contents
from workbook.publishing.content import Content
from workbook.publishing.faults import WITH_CHOICES
from workbook.publishing.fieldforms import ChoiceSet, FieldForm, choices_of
from workbook.publishing.views.sections import _arranged
from workbook.publishing.views.shared import Editing, answer, draft_or_404, part_or_404, see, template_or_404
from workbook.publishing.views.templates import WHO


@require_http_methods(["GET", "HEAD", "POST"])
@portal(WHO)
def field(request: HttpRequest, key: str, section: str, table: str, field: str = "") -> HttpResponse:
    """Edit a field, or add one at the end of its table."""
    template = template_or_404(key)
    home = part_or_404(
        lambda content: contents.table(content, section, table), draft_or_404(template).content
    )

    def part(content: Content):
        return contents.field(content, section, table, field) if field else None

    def make(posted, present) -> FieldForm:
        initial = FieldForm.initial_of(present) if present else {"type": "text", "who": ["CE"], "due": -28}
        return FieldForm(posted, initial=initial, table=home, field=present)

    def into(form: FieldForm, content: Content) -> None:
        if field:
            write(form, contents.field(content, section, table, field))
            return
        new = {"key": contents.new_field_key(content, form.cleaned_data["label_en"])}
        write(form, new)
        contents.table(content, section, table)["fields"].append(new)

    editing = Editing(
        template=template,
        part=part,
        make=make,
        into=into,
        page="workbook/publishing/field.html",
        at=(section, table, field) if field else (),
        context=lambda content: {
            "section": contents.section(content, section),
            "table": home,
            "field": part(content),
            "order_seen": contents.digest(contents.field_order(home)),
        },
        done=lambda: see("templates:table", key, section, table, anchor="h-fields"),
        rows=lambda posted, present: _ChoicesOf(posted, present or {}),
    )
    return answer(request, editing)


def write(form: FieldForm, data: dict) -> None:
    """Write form and choices into the data of a field."""
    before = list(data.get("choices", ()))
    form.into(data)
    if data["type"] in WITH_CHOICES or (data["type"] == "formula" and before):
        data["choices"] = form.rows.chosen(before)


class _ChoicesOf(ChoiceSet):
    """The choices of one field; a list of answers needs two of them at least."""

    def __init__(self, posted, field: dict):
        super().__init__(posted, initial=choices_of(field), prefix="choice")

    def clean(self) -> None:
        """Enough choices for the kind that was chosen; others need none."""
        super().clean()
        kind = self.data.get("type", "")
        given = sum(bool(form.cleaned_data.get("en")) for form in self.forms if hasattr(form, "cleaned_data"))
        if kind in WITH_CHOICES and given < 2:
            raise forms.ValidationError(_("Give at least two choices."))


@require_POST
@portal(WHO)
def remove(request: HttpRequest, key: str, section: str, table: str, field: str) -> HttpResponse:
    """Ask a field no longer; answers that engagements have stay in their history."""
    return _arranged(
        request, template_or_404(key),
        lambda content: contents.field(content, section, table, field),
        lambda content: contents.remove_field(content, section, table, field),
        see("templates:table", key, section, table, anchor="h-fields"),
    )  # fmt: skip
