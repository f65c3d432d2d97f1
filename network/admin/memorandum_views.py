"""Pages of the admin where a memorandum is prepared, edited while it is a draft, and read before it is locked."""

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.history import LostRace
from accounts.once import once

from ..forms.memorandum import AnnexForm, DraftForm, Organisations, Parties, PrepareForm
from ..memorandum import drafting, locked_text
from ..memorandum.memoranda import hold
from ..models import Memorandum, MemorandumTemplate, OtherOrganisation

TEXTS = [f"text_{code}" for code in settings.LANGUAGE_CODES]
PAGE = "admin:network_memorandum_change"


EDIT, PREPARE = "admin/network/memorandum/edit.html", "admin/network/memorandum/prepare.html"
PREVIEW, LOST = "admin/network/memorandum/preview.html", "admin/network/memorandum/lost.html"


def shown(request, template: str, context: dict, status=200):
    context = {**site.each_context(request), "opts": Memorandum._meta, **context}
    return render(request, template, context, status=status)


def found(request, pk) -> Memorandum:
    if not request.user.is_coordinator:
        raise PermissionDenied
    memorandum = Memorandum.objects.visible_to(request.user).filter(pk=pk).first()
    if memorandum is None:
        raise Http404
    return memorandum


def template_texts(template) -> list[dict]:
    """Each text of a template as it reads, its variables standing in it."""
    named = [(code, name, getattr(template, f"text_{code}")) for code, name in settings.LANGUAGES]
    return [{"code": code, "name": name, "html": locked_text.html(text, below=2)} for code, name, text in named if text]


# --- a new one -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@once
def prepare(request):
    """Choose who signs: the rest of the draft is filled in from what is known."""
    if not request.user.is_coordinator:
        raise PermissionDenied
    if not MemorandumTemplate.objects.exists():
        messages.error(request, _("There is no template yet. Run “manage.py setup”, or add one."))
        return redirect("admin:network_memorandum_changelist")
    looks = "find" in request.POST  # for others to add to those that are ticked
    kept = {"memberships": request.POST.getlist("memberships"), "q": request.POST.get("q", "")} if looks else {}
    sent = None if looks else request.POST or None
    form = PrepareForm(sent, user=request.user, initial=kept, wanted=request.GET.get("authority", ""))
    if form.is_bound and form.is_valid():
        memorandum = drafting.new_draft(form.cleaned_data["memberships"], by=request.user)
        return redirect("admin:network_memorandum_edit", memorandum.pk)
    context = {"title": _("Prepare a memorandum"), "form": form, "looked": looks}
    return shown(request, PREPARE, context, 400 if form.errors else 200)


# --- the draft -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    """Change a draft; 409 when it was locked, or somebody else changed it meanwhile."""
    memorandum = found(request, pk)
    if not memorandum.can_be_made_by(request.user):
        raise PermissionDenied
    if request.method != "POST":
        if memorandum.status != Memorandum.Status.DRAFT:
            return redirect(PAGE, pk)
        return form_page(request, memorandum, forms_of(memorandum))
    try:
        return changed(request, memorandum)
    except LostRace:
        memorandum.refresh_from_db()
        return shown(request, LOST, {"title": _("Somebody else was faster"), "object": memorandum}, 409)


@transaction.atomic
def changed(request, memorandum):
    hold(memorandum, "edit", "draft", while_in=("draft",))
    if request.POST.get("seen") != drafting.fingerprint(memorandum):
        raise LostRace(memorandum, "edit", "draft")
    forms = forms_of(memorandum, request.POST, request.FILES)
    valid = [form.is_valid() for form in forms.values()]  # each of them says what is wrong
    if not all(valid):
        return form_page(request, Memorandum.objects.get(pk=memorandum.pk), forms, 400)
    save(memorandum, forms, request.user)
    taken = take(request, memorandum)
    if taken or "stay" in request.POST:
        messages.success(request, _("Saved."))
        return redirect("admin:network_memorandum_edit", memorandum.pk)
    messages.success(request, _("Saved."))
    return redirect(PAGE, memorandum.pk)


def forms_of(memorandum, *sent) -> dict:
    names = OtherOrganisation.objects.filter(party__memorandum=memorandum).select_related("party__authority")
    return {
        "draft": DraftForm(*sent, instance=memorandum),
        "parties": Parties(*sent, instance=memorandum, prefix="parties"),
        "organisations": Organisations(
            *sent, queryset=names, form_kwargs={"memorandum": memorandum}, prefix="organisations"
        ),
        "annexes": AnnexForm(*sent, memorandum=memorandum),
    }


def form_page(request, memorandum, forms, status=200):
    represented = [party for party in memorandum.parties.all() if party.authority_id]
    context = {
        "title": _("Draft {code}").format(code=memorandum.code),
        "object": memorandum,
        "forms": forms,
        "seen": request.POST.get("seen") or drafting.fingerprint(memorandum),
        "represented": [party for party in represented if party.authority.represents.in_force().exists()],
        "annexes": memorandum.annexes(),
    }
    return shown(request, EDIT, context, status)


def save(memorandum, forms: dict, user) -> None:
    memorandum = forms["draft"].save()
    # Turns are unique in the database at every moment: they step aside before they are given anew.
    memorandum.parties.update(position=F("position") + 1000)
    for form in forms["parties"].deleted_forms:
        form.instance.delete()
    for form in forms["parties"].forms:
        if form not in forms["parties"].deleted_forms:
            form.save()
    organisations = forms["organisations"]
    organisations.save(commit=False)
    for row in organisations.deleted_objects:
        if row.party_id and type(row).objects.filter(pk=row.pk).exists():
            row.delete()
    for form in organisations.forms:
        if form.has_changed() and form not in organisations.deleted_forms and still_there(memorandum, form.instance):
            form.save()
    if membership := forms["draft"].cleaned_data["add_party"]:
        drafting.add_party(memorandum, membership)
    keep_annexes(memorandum, forms["annexes"].cleaned_data, user)


def still_there(memorandum, organisation) -> bool:
    """Whether the party that names it was not taken out with the same form."""
    return memorandum.parties.filter(pk=organisation.party_id).exists()


def keep_annexes(memorandum, data: dict, user) -> None:
    for row in data["remove"]:
        row.delete()
    if checked := data["annex"]:
        checked.file.name = checked.filename
        memorandum.files.create(
            kind="annex",
            title=data["annex_title"],
            file=checked.file,
            filename=checked.filename,
            size=checked.size,
            sha256=checked.sha256,
            uploaded_by=user,
        )


def take(request, memorandum) -> bool:
    """“Take the authorities that this Euroregion represents”, if that was asked for."""
    asked = [party for party in memorandum.parties.exclude(authority=None) if str(party.pk) == request.POST.get("take")]
    if not asked:
        return False
    party = asked[0]
    number = drafting.take_represented(party)
    messages.info(request, _("Authorities added to the other organisations: {number}").format(number=number))
    return True


# --- reading ---------------------------------------------------------------------------------------------------


@require_safe
def preview(request, pk, language):
    """The text in one language: as it would be locked now, or as it was."""
    memorandum = found(request, pk)
    if language not in memorandum.languages:
        raise Http404
    text = memorandum.current_texts().filter(language=language).first()
    draft = memorandum.status == Memorandum.Status.DRAFT or text is None
    context = {
        "title": memorandum.code,
        "object": memorandum,
        "language": language,
        "languages": [(code, name) for code, name in settings.LANGUAGES if code in memorandum.languages],
        "draft": draft,
        "text": None if draft else text,
        "html": locked_text.html(memorandum.filled(language).text if draft else text.text, below=1),
    }
    return shown(request, PREVIEW, context)
