"""Sections and tables of a draft: which are asked and in which order, their words, their starter rows."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engagements.access import portal
from iem_portal.numbers import whole
from workbook import catalogue
from workbook.publishing import content as contents
from workbook.publishing import drafts
from workbook.publishing.content import Content
from workbook.publishing.forms import NewTableForm, SectionForm, StarterForm, TableForm
from workbook.publishing.views.shared import Editing, answer, draft_or_404, see, template_or_404
from workbook.publishing.views.templates import WHO

_EDITS = require_http_methods(["GET", "HEAD", "POST"])


def _nothing(_content: Content) -> None:
    """The part of what is new: nobody can have changed it."""


@require_POST
@portal(WHO)
def arrange(request: HttpRequest, key: str) -> HttpResponse:
    """Which sections are asked, and in which order (place-<key>, on)."""
    template = template_or_404(key)
    known = [section["key"] for section in draft_or_404(template).content["sections"]]
    order = _ordered(request, known)
    on = set(request.POST.getlist("on"))
    return _arranged(
        request, template, contents.arrangement, lambda content: contents.arrange(content, order, on),
        see("templates:one", key, anchor="h-sections"),
    )  # fmt: skip


def _ordered(request: HttpRequest, known: list[str]) -> list[str]:
    """Keys by the places that were typed; equal or missing places keep the order they had."""
    places = {key: whole(request.POST.get(f"place-{key}", "")) for key in known}
    return sorted(known, key=lambda key: 10**6 if places[key] is None else places[key])


def _arranged(request, template, part, edit, done) -> HttpResponse:
    try:
        drafts.change(
            template=template, seen=request.POST.get("seen", ""), part=part, edit=edit,
            by=request.user, now=timezone.now(),
        )  # fmt: skip
    except drafts.Changed as changed:
        words = _("%(name)s changed this in the meantime. Look at it again.")
        messages.error(request, words % {"name": changed.by_name})
    except (drafts.NotADraft, LookupError) as error:
        raise Http404 from error
    else:
        messages.success(request, _("Saved."))
    return done


@_EDITS
@portal(WHO)
def add_section(request: HttpRequest, key: str) -> HttpResponse:
    """A new section at the end."""
    made: list[str] = []

    def into(form: SectionForm, content: Content) -> None:
        new = contents.new_section_key(content)
        section = {"key": new, "code": new.upper(), "version": 1, "tables": []}
        form.into(section)
        content["sections"].append(section)
        contents.number(content)
        made[:] = [new]

    editing = Editing(
        template=template_or_404(key),
        part=_nothing,
        make=lambda posted, _part: SectionForm(posted, initial={"owner": "CL", "due": -28}),
        into=into,
        page="workbook/publishing/section.html",
        context=lambda _content: {},
        done=lambda: see("templates:section", key, made[0]),
    )
    return answer(request, editing)


@_EDITS
@portal(WHO)
def section(request: HttpRequest, key: str, section: str) -> HttpResponse:
    """The words of a section, and the way to its tables."""
    editing = Editing(
        template=template_or_404(key),
        part=lambda content: contents.words_of(contents.section(content, section)),
        make=lambda posted, part: SectionForm(posted, initial=SectionForm.initial_of(part)),
        into=lambda form, content: form.into(contents.section(content, section)),
        page="workbook/publishing/section.html",
        at=(section,),
        context=lambda content: {"section": contents.section(content, section)},
        done=lambda: _saved(request, see("templates:section", key, section)),
    )
    return answer(request, editing)


def _saved(request: HttpRequest, to: HttpResponse) -> HttpResponse:
    messages.success(request, _("Saved."))
    return to


@_EDITS
@portal(WHO)
def add_table(request: HttpRequest, key: str, section: str) -> HttpResponse:
    """A new table in a section."""
    made: list[str] = []

    def into(form: NewTableForm, content: Content) -> None:
        home = contents.section(content, section)
        taken = [table["key"] for table in home["tables"]]
        label = form.text("label")
        new = {"key": contents.new_key(label["en"], [*taken, *content.get("used", ())]), "fields": []}
        home["tables"].append(new | {"kind": form.cleaned_data["kind"], "label": label})
        made[:] = [new["key"]]

    editing = Editing(
        template=template_or_404(key),
        part=lambda content: bool(contents.section(content, section)),
        make=lambda posted, _part: NewTableForm(posted),
        into=into,
        page="workbook/publishing/table_new.html",
        context=lambda content: {"section": contents.section(content, section)},
        done=lambda: see("templates:table", key, section, made[0]),
    )
    return answer(request, editing)


@_EDITS
@portal(WHO)
def table(request: HttpRequest, key: str, section: str, table: str) -> HttpResponse:
    """The words of a table, its fields in order, and its starter rows."""
    editing = Editing(
        template=template_or_404(key),
        part=lambda content: contents.words_of(contents.table(content, section, table)),
        make=lambda posted, part: TableForm(
            posted, initial=TableForm.initial_of(part), table=_whole(key, section, table)
        ),
        into=lambda form, content: form.into(contents.table(content, section, table)),
        page="workbook/publishing/table.html",
        at=(section, table),
        context=lambda content: _table_context(content, section, table),
        done=lambda: _saved(request, see("templates:table", key, section, table)),
    )
    return answer(request, editing)


def _whole(key: str, section: str, table: str) -> dict:
    """The table with its fields, which the form offers as columns."""
    draft = draft_or_404(template_or_404(key))
    return contents.table(draft.content, section, table)


def _table_context(content: Content, section: str, table: str) -> dict:
    found = contents.table(content, section, table)
    return {
        "section": contents.section(content, section),
        "table": found,
        "order_seen": contents.digest(contents.field_order(found)),
        "starters": list(enumerate(found.get("starters", ()))),
    }


@require_POST
@portal(WHO)
def arrange_fields(request: HttpRequest, key: str, section: str, table: str) -> HttpResponse:
    """The order of a table's fields (place-<key>)."""
    template = template_or_404(key)
    content = draft_or_404(template).content
    try:
        known = contents.field_order(contents.table(content, section, table))
    except LookupError as error:
        raise Http404 from error
    order = _ordered(request, known)

    def edit(content: Content) -> None:
        fields = contents.table(content, section, table)["fields"]
        fields.sort(key=lambda field: order.index(field["key"]))

    return _arranged(
        request, template, lambda content: contents.field_order(contents.table(content, section, table)), edit,
        see("templates:table", key, section, table, anchor="h-fields"),
    )  # fmt: skip


@require_POST
@portal(WHO)
def remove_table(request: HttpRequest, key: str, section: str, table: str) -> HttpResponse:
    """Ask a table no longer; answers that engagements have stay in their history."""
    return _arranged(
        request, template_or_404(key),
        lambda content: contents.field_order(contents.table(content, section, table)),
        lambda content: contents.remove_table(content, section, table),
        see("templates:section", key, section),
    )  # fmt: skip


@_EDITS
@portal(WHO)
def starter(
    request: HttpRequest, key: str, section: str, table: str, place: int | None = None
) -> HttpResponse:
    """A starter row: a new one, or the one at this place."""

    def part(content: Content):
        starters = contents.table(content, section, table).get("starters", [])
        return None if place is None else starters[place]

    def into(form: StarterForm, content: Content) -> None:
        found = contents.table(content, section, table).setdefault("starters", [])
        if place is None:
            found.append({})
        form.into(found[-1 if place is None else place])

    def make(posted, present):
        draft = draft_or_404(template_or_404(key))
        parsed = catalogue.parse(contents.section(draft.content, section)).table(table)
        return StarterForm(posted, initial=StarterForm.initial_of(present or {}), table=parsed)

    editing = Editing(
        template=template_or_404(key),
        part=part,
        make=make,
        into=into,
        page="workbook/publishing/starter.html",
        context=lambda content: _table_context(content, section, table) | {"place": place},
        done=lambda: see("templates:table", key, section, table, anchor="h-starters"),
    )
    return answer(request, editing)


@require_POST
@portal(WHO)
def remove_starter(request: HttpRequest, key: str, section: str, table: str, place: int) -> HttpResponse:
    """Offer a starter row no longer."""
    return _arranged(
        request, template_or_404(key),
        lambda content: contents.table(content, section, table).get("starters", [])[place],
        lambda content: contents.table(content, section, table)["starters"].pop(place),
        see("templates:table", key, section, table, anchor="h-starters"),
    )  # fmt: skip
