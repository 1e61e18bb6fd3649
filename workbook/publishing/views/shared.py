"""What the pages of templates do alike: find the draft, and save a form over what its reader saw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from workbook.models import Template, TemplateVersion
from workbook.publishing import content as contents
from workbook.publishing import drafts, faults
from workbook.publishing.content import Content, Part


def template_or_404(key: str) -> Template:
    """The template of an address."""
    found = Template.objects.filter(key=key).first()
    if found is None:
        raise Http404
    return found


def draft_or_404(template: Template) -> TemplateVersion:
    """The draft of a template."""
    try:
        return drafts.draft_of(template)
    except drafts.NotADraft as error:
        raise Http404 from error


def part_or_404(part: Part, content: Content):
    """A part of the content that an address names."""
    try:
        return part(content)
    except LookupError as error:
        raise Http404 from error


def see(name: str, *args: str, anchor: str = "") -> HttpResponse:
    """The page to look at next; reloading it posts nothing again."""
    place = reverse(name, args=args) + (f"#{anchor}" if anchor else "")
    return HttpResponseRedirect(place, status=HTTPStatus.SEE_OTHER)


@dataclass(frozen=True)
class Editing:
    """One form page: which part it edits, how the form is made and written, and where to go then.

    ``part`` is what the form shows and what must not have changed meanwhile; ``into`` writes into the content.
    """

    template: Template
    part: Part
    make: Callable[[dict | None, dict], forms.Form]  # (posted data or None, present part) -> form
    into: Callable[[forms.Form, Content], None]
    page: str
    context: Callable[[Content], dict]
    done: Callable[[], HttpResponse]
    rows: Callable[[dict | None, dict], forms.BaseFormSet] | None = None
    #: Keys of section, table and field: the faults of this place and below are shown on the page.
    at: tuple[str, ...] = ()


def answer(request: HttpRequest, editing: Editing) -> HttpResponse:
    """Show the form, or save it: 422 for what does not fit, 409 when somebody else changed the same part."""
    draft = draft_or_404(editing.template)
    present = part_or_404(editing.part, draft.content)
    posted = request.POST if request.method == "POST" else None
    form = editing.make(posted, present)
    rows = editing.rows(posted, present) if editing.rows else None
    if posted is None:
        return _page(request, editing, draft, form, rows)
    if not all([form.is_valid(), rows is None or rows.is_valid()]):
        return _page(request, editing, draft, form, rows, seen=posted.get("seen", ""), status=422)
    if rows is not None:
        form.rows = rows
    try:
        drafts.change(
            template=editing.template,
            seen=posted.get("seen", ""),
            part=editing.part,
            edit=lambda content: editing.into(form, content),
            by=request.user,
            now=timezone.now(),
        )
    except drafts.Changed as changed:
        fresh = draft_or_404(editing.template)
        now_there = part_or_404(editing.part, fresh.content)
        return _page(
            request, editing, fresh, form, rows, changed=changed,
            theirs=_theirs(form, editing.make(None, now_there)), status=409,
        )  # fmt: skip
    except (drafts.NotADraft, LookupError) as error:
        raise Http404 from error
    return editing.done()


def _faults(at: tuple[str, ...], content: Content) -> list[faults.Fault]:
    """What has to be put right at this place of the draft."""
    if not at:
        return []
    return [
        fault for fault in faults.of(content) if (fault.section, fault.table, fault.field)[: len(at)] == at
    ]


def _theirs(mine: forms.Form, theirs: forms.Form) -> list[tuple[str, str, str]]:
    """Label, present value and own value of every field that differs."""
    found = []
    for bound in mine:
        if bound.is_hidden or bound.name not in theirs.fields:
            continue
        other = theirs[bound.name]
        if _plain(other.value()) != _plain(bound.value()):
            found.append((bound.label, _plain(other.value()), _plain(bound.value())))
    return found


def _plain(value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")


def _page(request, editing: Editing, draft, form, rows, *, seen=None, status=200, **more) -> HttpResponse:
    present = part_or_404(editing.part, draft.content)
    context = {
        "template": editing.template,
        "draft": draft,
        "form": form,
        "rows": rows,
        "seen": contents.digest(present) if seen is None else seen,
        "faults": _faults(editing.at, draft.content),
        **editing.context(draft.content),
        **more,
    }
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        context["error_count"] = len(form.errors) + sum(len(each) for each in (rows.errors if rows else []))
    return render(request, editing.page, context, status=status)
