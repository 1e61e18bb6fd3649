"""Pages of support cases: open one, follow one that exists, read and answer it. What is sent goes out by a worker."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagements.access import Permission, requires
from escalation import actions, inside
from escalation.cases import asking, consent, draft, files, linking, panel, words, writing
from escalation.cases.forms import LeadForm, LinkForm, NewCaseForm, ReplyForm, accounts_of
from escalation.models import Escalation, SupportCase
from iem_portal.aws.errors import AwsError


@requires(Permission.ESCALATE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The draft of a case. Posting (``do``) shows categories, drafts anew, checks with AWS, or sends."""
    escalation, now = _one(request, number), timezone.now()
    do = request.POST.get("do", "") if request.method == "POST" else ""
    kept, problems = _kept(request, escalation, "upload", now)
    form, offer, target, length = _draft(request, escalation, do, now, kept, is_bound=bool(problems))
    for problem in problems:
        form.add_error("upload", problem)
    verdict, status = None, 200
    if form.is_bound:
        verdict = _verdict(escalation, form, target, now)
        is_ready = verdict is not None and not (verdict.problem and verdict.is_refused)
        if do == "send" and is_ready and _opened(request, escalation, form, now):
            return _back(request, escalation)
        status = 422 if form.errors or not is_ready else 200
    context = {
        "escalation": escalation,
        "form": form,
        "offer": offer,
        "verdict": verdict,
        "hindrance": _hindrance(request),
        "length": length,
        "now": now,
    }
    return render(request, "escalation/cases/new.html", context, status=status)


def _kept(request: HttpRequest, escalation: Escalation, name: str, now) -> tuple[list[str], list[str]]:
    """The keys of the files that came with the form, kept from now on, and what is wrong with the others."""
    uploads = request.FILES.getlist(name)
    if not uploads:
        return [], []
    kept, problems = files.keep(escalation=escalation, uploads=uploads, by=request.user, now=now)
    return [one.key for one in kept], problems


def _draft(request: HttpRequest, escalation: Escalation, do: str, now, kept: list[str], *, is_bound: bool):
    """The form as typed or as drafted, what AWS offers, whom to ask, and how long the body is."""
    accounts = accounts_of(request.engagement)
    typed = _typed(request) if do else _first_guess(escalation, accounts, now)
    if kept:
        typed["files"] = [*typed["files"], *kept]
    target = asking.target_of(request.engagement, typed["account_id"])
    if target:
        offer = asking.offer(target, language=typed["language"], now=now)
    else:
        offer = asking.Offer(problem=_("Add an AWS account to the event first."))
    if not typed["service"] and offer.services:
        typed |= _guessed_service(escalation, offer)
    if do == "draft":
        typed["body"] = draft.body(
            escalation,
            draft.known(escalation, now=now),
            language=typed["language"],
            account_id=typed["account_id"],
        )
    offered = files.offered(escalation)
    fields = {"accounts": accounts, "offer": offer, "chosen": typed["service"], "files": offered}
    is_bound = is_bound or do in ("check", "send")
    form = NewCaseForm(typed, **fields) if is_bound else NewCaseForm(initial=typed, **fields)
    return form, offer, target, len(typed["body"].replace("\r\n", "\n"))


def _verdict(escalation: Escalation, form: NewCaseForm, target, now) -> asking.Verdict | None:
    """What AWS says of the case as typed; None when there is nothing to ask yet."""
    if not form.is_valid() or target is None:
        return None
    typed = form.cleaned_data
    case = writing.new_case(
        escalation,
        typed["subject"],
        typed["body"],
        typed["service"],
        typed["category"],
        typed["severity"],
        typed["language"],
    )
    return asking.probe(target, case, now=now)


def _opened(request: HttpRequest, escalation: Escalation, form: NewCaseForm, now) -> bool:
    typed = {name: value for name, value in form.cleaned_data.items() if name != "upload"}
    try:
        writing.open_case(escalation=escalation, by=request.user, now=now, **typed)
    except ValidationError as error:
        _put(form, error)
    except actions.StaleWrite:
        form.add_error(None, _("Somebody changed the escalation meanwhile. Look at it, then send again."))
    return not form.errors


def _typed(request: HttpRequest) -> dict:
    names = ("base_version", "account_id", "severity", "service", "category", "language", "subject", "body")
    typed = {name: request.POST.get(name, "") for name in names} | {"files": request.POST.getlist("files")}
    if typed["language"] not in draft.LANGUAGES:
        typed["language"] = "en"
    return typed


def _first_guess(escalation: Escalation, accounts: list[tuple[str, str]], now) -> dict:
    known = draft.known(escalation, now=now)
    ids = [one for one, _name in accounts]
    language = get_language() if get_language() in draft.LANGUAGES else "en"
    account_id = escalation.account_id if escalation.account_id in ids else (ids[0] if ids else "")
    return {
        "base_version": escalation.version,
        "account_id": account_id,
        "severity": escalation.severity,
        "service": "",
        "category": "",
        "language": language,
        "subject": draft.subject(escalation, known.prefix),
        "body": draft.body(escalation, known, language=language, account_id=account_id),
    }


def _guessed_service(escalation: Escalation, offer: asking.Offer) -> dict:
    """The service whose name or code holds what the escalation says, else the general one, else the first."""
    wanted = escalation.service.strip().lower()
    alike = [one for one in offer.services if wanted and wanted in f"{one.name} {one.code}".lower()]
    general = [one for one in offer.services if one.code == "general-info"]
    chosen = (alike or general or offer.services)[0]
    return {"service": chosen.code, "category": chosen.categories[0][0] if chosen.categories else ""}


@requires(Permission.ESCALATE)
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Follow a case that exists; AWS is asked for it by its number."""
    escalation, now = _one(request, number), timezone.now()
    accounts = accounts_of(request.engagement)
    first = {"base_version": escalation.version, "display_id": escalation.case_id}
    form = LinkForm(request.POST or None, initial=first, accounts=accounts)
    if request.method == "POST" and form.is_valid() and _linked(request, escalation, form, now):
        return _back(request, escalation)
    context = {"escalation": escalation, "form": form, "now": now}
    status = 422 if form.errors else 200
    return render(request, "escalation/cases/link.html", context, status=status)


def _linked(request: HttpRequest, escalation: Escalation, form: LinkForm, now) -> bool:
    typed = dict(form.cleaned_data)
    number = typed.pop("display_id")
    try:
        found = asking.find(asking.target_of(request.engagement, typed["account_id"]), number, now=now)
        if found is None:
            form.add_error("display_id", _("AWS knows no such case in this account."))
        else:
            linking.link_case(escalation=escalation, found=found, by=request.user, now=now, **typed)
    except AwsError as error:
        said = words.fault(error.kind, error.message, error.code)
        form.add_error(None, _("%(problem)s Note the case by hand on the escalation.") % {"problem": said})
    except ValidationError as error:
        _put(form, error)
    except actions.StaleWrite:
        form.add_error(None, _("Somebody changed the escalation meanwhile. Look at it, then send again."))
    return not form.errors


@requires(Permission.VIEW)
@require_GET
def talk(request: HttpRequest, reference: str, number: int, case: int) -> HttpResponse:
    """What was written in a case, both ways."""
    return talk_page(request, case_of(request, number, case))


@requires(Permission.ESCALATE)
@require_POST
def reply(request: HttpRequest, reference: str, number: int, case: int) -> HttpResponse:
    """Answer AWS in the case."""
    found, typed = case_of(request, number, case), request.POST.copy()
    kept, problems = _kept(request, found.escalation, "reply-upload", timezone.now())
    for key in kept:
        typed.appendlist("reply-files", key)
    form = ReplyForm(typed, prefix="reply", files=files.offered(found.escalation))
    for problem in problems:
        form.add_error("upload", problem)
    return _act(request, found, form, "reply", writing.reply)


@requires(Permission.HANDLE_ESCALATION)
@require_POST
def close(request: HttpRequest, reference: str, number: int, case: int) -> HttpResponse:
    """Close the case; the escalation stays open."""
    return _act(request, case_of(request, number, case), None, "close", writing.resolve_case)


@requires(Permission.ESCALATE)
@require_POST
def lead(request: HttpRequest, reference: str, number: int, case: int) -> HttpResponse:
    """Let the clock follow this case."""
    form = LeadForm(request.POST, prefix="lead")
    return _act(request, case_of(request, number, case), form, "lead", linking.follow_case)


def _act(request: HttpRequest, case: SupportCase, form, name: str, verb) -> HttpResponse:
    refused = ""
    if form is None or form.is_valid():
        try:
            typed = {
                key: value for key, value in (form.cleaned_data if form else {}).items() if key != "upload"
            }
            verb(case=case, by=request.user, now=timezone.now(), **typed)
        except ValidationError as error:
            if form:
                _put(form, error)
            refused = " ".join(error.messages)
        else:
            address = reverse("escalation:case-talk", args=[request.engagement.reference, *_ids(case)])
            return HttpResponseRedirect(address, status=303)
    return talk_page(request, case, {name: form}, refused="" if form else refused, status=422)


def _ids(case: SupportCase) -> tuple[int, int]:
    return case.escalation.number, case.pk


def talk_page(
    request: HttpRequest,
    case: SupportCase,
    bound: dict | None = None,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a case, with forms as they were typed and what was refused."""
    escalation = case.escalation
    fresh = ReplyForm(prefix="reply", files=files.offered(escalation))
    forms = {"reply": fresh, "lead": LeadForm(prefix="lead")} | (bound or {})
    context = {
        "escalation": escalation,
        "case": case,
        "card": panel.card(case, escalation),
        "messages_of_case": list(case.messages.order_by("-at", "-pk")),
        "case_notes": panel.notes(escalation),
        "forms": forms,
        "bound": set(bound or ()),
        "refused": refused,
        "hindrance": _hindrance(request),
        "now": timezone.now(),
        "zone": request.engagement.time_zone,
    }
    return render(request, "escalation/cases/talk.html", context, status=status)


def _hindrance(request: HttpRequest) -> str:
    return words.fault(consent.hindrance(request.engagement))


def _one(request: HttpRequest, number: int) -> Escalation:
    found = Escalation.objects.select_related("engagement__customer")
    escalation = get_object_or_404(found, engagement=request.engagement, number=number)
    return inside.seen(escalation, is_staff=Permission.SEE_INTERNAL in request.permissions)


def case_of(request: HttpRequest, number: int, case: int) -> SupportCase:
    """A case of the engagement that is looked at, or 404."""
    found = SupportCase.objects.select_related("escalation__engagement__customer")
    return get_object_or_404(
        found, pk=case, escalation__engagement=request.engagement, escalation__number=number
    )


def _back(request: HttpRequest, escalation: Escalation) -> HttpResponse:
    address = reverse("escalation:detail", args=[request.engagement.reference, escalation.number])
    return HttpResponseRedirect(f"{address}#cases", status=303)


def _put(form, error: ValidationError) -> None:
    """A verb's refusal beside the fields it speaks of; what speaks of none goes on top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, found in error.error_dict.items():
        form.add_error(name if name in form.fields else None, found)
