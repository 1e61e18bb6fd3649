"""Makes templates, edits their drafts by what the editor saw, publishes them for good, and retires them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from workbook.models import Template, TemplateVersion
from workbook.publishing import content as contents
from workbook.publishing import faults, loading
from workbook.publishing.content import Content, Part
from workbook.publishing.loading import Reference

#: How often a save is tried again when others save other parts of the same draft first.
MAX_TRIES = 20


class Changed(Exception):
    """Somebody else changed this part since the editor saw it; ``by_name`` and ``at`` say who and when."""

    def __init__(self, by_name: str, at: datetime):
        super().__init__(by_name)
        self.by_name, self.at = by_name, at


class NotADraft(LookupError):
    """The version is published, which never changes, or the draft was thrown away."""


class HasFaults(ValueError):
    """A draft that cannot be published yet; ``found`` are its faults."""

    def __init__(self, found: list[faults.Fault]):
        super().__init__(f"{len(found)} faults")
        self.found = found


def copy(*, name: dict, source: Reference, by, now: datetime) -> Template:
    """A new template whose draft begins as a copy. Raises LookupError when there is nothing to copy."""
    content = content_of(source)
    for _attempt in range(MAX_TRIES):
        key = contents.new_template_key(name["en"], Template.objects.values_list("key", flat=True))
        try:
            with transaction.atomic():
                template = Template.objects.create(
                    key=key, name=name, copied_from=str(source), created_at=now, created_by_name=by.name
                )
                _draft(template, 1, content, by, now)
        except IntegrityError:
            continue
        return template
    raise LookupError(name["en"])


def content_of(source: Reference) -> Content:
    """What a published version asks, as data that may be changed. Raises LookupError."""
    if source.template == loading.STANDARD:
        return contents.standard()
    versions = TemplateVersion.objects.filter(
        template__key=source.template, number=source.number, published_at__isnull=False
    )
    found = versions.values_list("content", flat=True).first()
    if found is None:
        raise LookupError(str(source))
    return found


def _draft(template: Template, number: int, content: Content, by, now: datetime) -> TemplateVersion:
    contents.number(content)
    return TemplateVersion.objects.create(
        template=template, number=number, content=content, edited_at=now, edited_by_name=by.name
    )


def new_version(*, template: Template, by, now: datetime) -> TemplateVersion:
    """A draft of the next version, beginning as the newest published one; an open draft is given back."""
    newest = template.versions.first()
    if newest.published_at is None:
        return newest
    try:
        with transaction.atomic():
            return _draft(template, newest.number + 1, newest.content, by, now)
    except IntegrityError:  # somebody else began it at the same moment
        return template.versions.get(number=newest.number + 1)


def draft_of(template: Template) -> TemplateVersion:
    """The draft of a template. Raises NotADraft."""
    found = template.versions.filter(published_at=None).first()
    if found is None:
        raise NotADraft(template.key)
    return found


def change(
    *, template: Template, seen: str, part: Part, edit: Callable[[Content], None], by, now: datetime
) -> TemplateVersion:
    """Edit one part of the draft, if it is still what the editor saw (``seen`` is its digest).

    Saves of other parts at the same time are kept. Raises Changed, NotADraft, or LookupError when the part is gone.
    """
    for _attempt in range(MAX_TRIES):
        draft = draft_of(template)
        if contents.digest(part(draft.content)) != seen:
            raise Changed(draft.edited_by_name, draft.edited_at)
        edit(draft.content)
        if _write(draft, by, now):
            return draft
    raise Changed(draft.edited_by_name, draft.edited_at)


def replace(*, template: Template, seen: int | None, content: Content, by, now: datetime) -> TemplateVersion:
    """Give the draft another content as a whole, as it stood after ``seen`` edits. Raises Changed, NotADraft."""
    draft = draft_of(template)
    kept = {*draft.content.get("used", ()), *content.get("used", ())}
    draft.content = content | {"used": sorted(kept)}
    contents.number(draft.content)
    if draft.edits != seen or not _write(draft, by, now):
        raise Changed(draft.edited_by_name, draft.edited_at)
    return draft


def _write(draft: TemplateVersion, by, now: datetime) -> bool:
    """Save a draft over the state it was read in; false when somebody was quicker."""
    same = TemplateVersion.objects.filter(pk=draft.pk, edits=draft.edits, published_at=None)
    return bool(
        same.update(content=draft.content, edits=draft.edits + 1, edited_at=now, edited_by_name=by.name)
    )


def publish(*, template: Template, seen: int, note: str, by, now: datetime) -> TemplateVersion:
    """Publish the draft for good, as it stood after ``seen`` edits.

    Raises HasFaults, Changed when somebody edited it meanwhile, NotADraft when it is published already.
    """
    draft = draft_of(template)
    if draft.edits != seen:
        raise Changed(draft.edited_by_name, draft.edited_at)
    newest = template.versions.filter(published_at__isnull=False).first()
    before = newest.content if newest else None
    found = faults.of(draft.content, before)
    if found:
        raise HasFaults(found)
    content = contents.versioned(draft.content, before, draft.number)
    written = TemplateVersion.objects.filter(pk=draft.pk, edits=seen, published_at=None).update(
        content=content, note=note, published_at=now, published_by_name=by.name
    )
    if not written:
        raise Changed(draft.edited_by_name, draft.edited_at)
    draft.refresh_from_db()
    return draft


def discard(*, template: Template) -> bool:
    """Throw the draft away, and the template with it when nothing of it was ever published. Whether it is gone."""
    with transaction.atomic():
        template.versions.filter(published_at=None).delete()
        if template.versions.exists():
            return False
        template.delete()
        return True


def rename(*, template: Template, name: dict) -> None:
    """Call the template by another name; its key stays."""
    Template.objects.filter(pk=template.pk).update(name=name)


def retire(*, template: Template, is_retired: bool, by, now: datetime) -> None:
    """Offer the template to new engagements no longer, or again; engagements that have it go on."""
    words = {"retired_at": now, "retired_by_name": by.name} if is_retired else {}
    Template.objects.filter(pk=template.pk, retired_at__isnull=is_retired).update(
        **({"retired_at": None, "retired_by_name": ""} | words)
    )


def on_offer() -> list[tuple[Reference, dict]]:
    """What a new engagement may begin with: the standard template first, then ours. One query."""
    own = (
        Template.objects.filter(retired_at=None, versions__published_at__isnull=False)
        .annotate(newest=Max("versions__number"))
        .order_by("created_at")
    )
    return [
        (loading.standard(), loading.STANDARD_NAME),
        *((Reference(template.key, template.newest), template.name) for template in own),
    ]
