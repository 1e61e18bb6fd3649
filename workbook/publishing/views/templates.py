"""Templates as a whole: the list, one template with its versions, copying, publishing, retiring, files."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements.access import portal
from engagements.models import Engagement
from iem_portal.numbers import whole
from workbook.models import Template, TemplateVersion
from workbook.publishing import content as contents
from workbook.publishing import drafts, faults, files, loading, offers
from workbook.publishing.forms import NameForm, PublishForm
from workbook.publishing.loading import Reference
from workbook.publishing.views.shared import draft_or_404, see, template_or_404

WHO = "administrator"


@require_safe
@portal(WHO)
def listing(request: HttpRequest) -> HttpResponse:
    """The standard template and ours, with their versions and how many engagements have them."""
    used = _used()
    versions: dict[int, list[TemplateVersion]] = {}
    for version in TemplateVersion.objects.defer("content"):
        versions.setdefault(version.template_id, []).append(version)
    context = {
        "standard": loading.standard(),
        "standard_name": loading.STANDARD_NAME,
        "standard_sections": len(loading.sections(loading.standard())),
        "standard_used": used.get(loading.STANDARD, 0),
        "templates": [
            _Row(template, versions.get(template.pk, []), used.get(template.key, 0))
            for template in Template.objects.all()
        ],
    }
    return render(request, "workbook/publishing/list.html", context)


def _used() -> dict[str, int]:
    """How many engagements have each template. One query."""
    counts: dict[str, int] = {}
    every = Engagement.objects.values_list("workbook_version").annotate(count=Count("pk")).order_by()
    for text, count in every:
        key = text.partition("@")[0] or loading.STANDARD
        counts[key] = counts.get(key, 0) + count
    return counts


class _Row:
    """One template in the list."""

    def __init__(self, template: Template, versions: list[TemplateVersion], used: int):
        self.template, self.used = template, used
        self.draft = next((version for version in versions if version.published_at is None), None)
        self.newest = next((version for version in versions if version.published_at), None)


@portal(WHO)
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest) -> HttpResponse:
    """Name a copy of a published version (?from=standard@1) and begin its draft."""
    source = Reference.read(request.GET.get("from", "")) or loading.standard()
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = drafts.copy(name=form.text("name"), source=source, by=request.user, now=timezone.now())
        except LookupError as error:
            raise Http404 from error
        messages.success(
            request, _("The draft is ready. Nothing reaches an engagement before it is published.")
        )
        return see("templates:one", made.key)
    name = _name_of(source)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "source": source, "source_name": name}
    return render(request, "workbook/publishing/copy.html", context, status=status)


def _name_of(source: Reference) -> dict:
    """What the copied template is called; 404 for one that is not there."""
    if source.template == loading.STANDARD:
        return loading.STANDARD_NAME
    return template_or_404(source.template).name


@require_safe
@portal(WHO)
def one(request: HttpRequest, key: str) -> HttpResponse:
    """One template: its draft with what has to be put right, and its versions."""
    return _one(request, template_or_404(key))


def _one(request: HttpRequest, template: Template, form: PublishForm | None = None, status: int = 200):
    versions = list(template.versions.defer("content"))
    draft = template.versions.filter(published_at=None).first()
    context = {
        "template": template,
        "draft": draft,
        "published": [version for version in versions if version.published_at],
        "name_form": NameForm(initial=NameForm.texts_of({"name": template.name})),
    }
    if draft:
        off = set(draft.content.get("off", ()))
        context |= {
            "sections": [(section, section["key"] not in off) for section in draft.content["sections"]],
            "seen": contents.digest(contents.arrangement(draft.content)),
            "faults": faults.of(draft.content, _before(template)),
            "changes": _changes(template, draft, context["published"]),
            "form": form or PublishForm(initial={"edits": draft.edits}),
        }
    return render(request, "workbook/publishing/template.html", context, status=status)


def _before(template: Template) -> dict | None:
    """The content of the newest published version."""
    published = template.versions.filter(published_at__isnull=False)
    return published.values_list("content", flat=True).first()


def _changes(template: Template, draft: TemplateVersion, published: list[TemplateVersion]) -> list:
    """The sections that differ from the newest published version, each with its changes in words."""
    if not published:
        return []
    newest = Reference(template.key, published[0].number)
    try:
        found = offers.between(loading.sections(newest), loading.parse(draft.content), newest)
    except (KeyError, TypeError, ValueError):  # the draft cannot be read, which its faults say
        return []
    return [(offer, offers.told(offer)) for offer in found]


@require_POST
@portal(WHO)
def rename(request: HttpRequest, key: str) -> HttpResponse:
    """Call the template by another name."""
    template, form = template_or_404(key), NameForm(request.POST)
    if form.is_valid():
        drafts.rename(template=template, name=form.text("name"))
        messages.success(request, _("Renamed."))
    else:
        messages.error(request, _("The name is needed in both languages."))
    return see("templates:one", key)


@require_POST
@portal(WHO)
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Begin the next version as a copy of the newest."""
    drafts.new_version(template=template_or_404(key), by=request.user, now=timezone.now())
    return see("templates:one", key)


@require_POST
@portal(WHO)
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Throw the draft away; a template of which nothing was published goes with it."""
    template = template_or_404(key)
    draft_or_404(template)
    is_gone = drafts.discard(template=template)
    messages.success(request, _("The draft was thrown away."))
    return see("templates:list") if is_gone else see("templates:one", key)


@require_POST
@portal(WHO)
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """Publish the draft for good; 422 with what has to be put right."""
    template, form = template_or_404(key), PublishForm(request.POST)
    draft_or_404(template)
    if not form.is_valid():
        return _one(request, template, form, 422)
    data = form.cleaned_data
    try:
        version = drafts.publish(
            template=template, seen=data["edits"], note=data["note"], by=request.user, now=timezone.now()
        )
    except drafts.HasFaults:
        messages.error(request, _("This cannot be published yet. See what has to be put right."))
        return _one(request, template, form, 422)
    except drafts.Changed as changed:
        words = _("%(name)s changed the draft in the meantime. Look at it again, then publish.")
        messages.error(request, words % {"name": changed.by_name})
        return _one(
            request, template, PublishForm(initial={"note": data["note"], "edits": _edits(template)}), 409
        )
    messages.success(
        request, _("Version %(n)s is published. Engagements are offered it.") % {"n": version.number}
    )
    return see("templates:one", key)


def _edits(template: Template) -> int:
    return template.versions.filter(published_at=None).values_list("edits", flat=True).first() or 0


@require_POST
@portal(WHO)
def retire(request: HttpRequest, key: str) -> HttpResponse:
    """Stop offering the template to new engagements, or offer it again (?again)."""
    template = template_or_404(key)
    drafts.retire(
        template=template, is_retired="again" not in request.POST, by=request.user, now=timezone.now()
    )
    return see("templates:one", key)


@require_safe
@portal(WHO)
def read(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A published version as it was published; the standard one under "standard"."""
    reference = Reference.read(f"{key}@{number}")
    sections = list(loading.sections(reference).values()) if reference else []
    if not sections or (key == loading.STANDARD and number > loading.standard().number):
        raise Http404
    template = None if key == loading.STANDARD else template_or_404(key)
    context = {
        "template": template,
        "reference": reference,
        "sections": sections,
        "name": _name_of(reference),
    }
    return render(request, "workbook/publishing/read.html", context)


@require_safe
@portal(WHO)
def download(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A version, published or not, as a JSON file that can be uploaded into a draft."""
    name, content = _content(key, number)
    response = JsonResponse(
        files.exported(content, name), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    response["Content-Disposition"] = f'attachment; filename="template-{key}-{number}.json"'
    return response


def _content(key: str, number: int) -> tuple[dict, dict]:
    if key == loading.STANDARD and number == loading.standard().number:
        return loading.STANDARD_NAME, contents.standard()
    template = template_or_404(key)
    if number > loading.MOST_VERSIONS:
        raise Http404
    found = template.versions.filter(number=number).values_list("content", flat=True).first()
    if found is None:
        raise Http404
    return template.name, found


@require_POST
@portal(WHO)
def upload(request: HttpRequest, key: str) -> HttpResponse:
    """Replace the draft's content by that of a file; 422 with every reason why it cannot be read."""
    template = template_or_404(key)
    draft_or_404(template)
    try:
        content = files.imported(request.FILES.get("file"))
    except files.Unreadable as error:
        for words in error.reasons:
            messages.error(request, words)
        return _one(request, template, status=422)
    try:
        drafts.replace(
            template=template, seen=whole(request.POST.get("edits", "")), content=content,
            by=request.user, now=timezone.now(),
        )  # fmt: skip
    except drafts.Changed as changed:
        messages.error(request, _("%(name)s changed the draft in the meantime.") % {"name": changed.by_name})
        return _one(request, template, status=409)
    messages.success(request, _("The draft has the content of the file."))
    return see("templates:one", key)
