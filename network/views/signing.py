"""Signing on the portal, by a link that works once, or with a signed PDF."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import identity, limits
from accounts.links import private
from accounts.once import once

from ..forms.signing import CopyForm, LinkForm, SignForm
from ..memorandum import locked_text, signing
from ..models import Memorandum, SigningLink
from .memoranda import serve

WRITING = ["GET", "HEAD", "POST"]


def visible(request, code) -> Memorandum:
    return get_object_or_404(Memorandum.objects.visible_to(request.user), code=code)


def own_party(memorandum, user, sent=None):
    """The party for which this person may sign: the one in the form that was sent, else the one whose turn it is."""
    parties = [party for party in memorandum.parties.select_related("authority") if party.is_signed_for_by(user)]
    if sent is not None:
        parties = [party for party in parties if str(party.pk) == sent]
    if not parties:
        raise PermissionDenied(_("Only representatives and deputies sign for their authority."))
    turn = memorandum.whose_turn()
    return turn if turn in parties else parties[0]


def to_read(memorandum, wanted: str) -> dict:
    """The text on the page: in the language asked for, else an authentic one, the reader’s own if it is one."""
    texts = list(memorandum.current_texts())
    authentic = [text for text in texts if text.authentic]
    own = [text for text in authentic if text.language == get_language()]
    text = next((text for text in texts if text.language == wanted), None) or (own or authentic or texts)[0]
    return {"texts": texts, "text": text, "html": locked_text.html(text.text)}


def superseded(request, lost, template="network/superseded.html"):
    return render(request, template, {"memorandum": lost.object, "why": lost.why}, status=409)


def not_your_turn(request, memorandum):
    messages.info(request, _("There is nothing for your party to sign now."))
    return redirect(memorandum)


# --- on the portal ---------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(WRITING)
def sign(request, code):
    """Read exactly the locked text, confirm, type name and office; who is there is asked right before it counts."""
    memorandum = visible(request, code)
    party = own_party(memorandum, request.user, request.POST.get("party"))
    form = SignForm(request.POST, party_signing=party) if request.method == "POST" else None
    if form is None and not party.can_be_signed_by(request.user):
        return not_your_turn(request, memorandum)
    if form and form.is_valid():
        answer = _signed(request, memorandum, party, form)
        if answer:
            return answer
    if memorandum.status not in Memorandum.OPEN_TO_SIGN:
        return superseded(request, signing.Superseded(memorandum, "taken_back"))
    read = to_read(memorandum, request.POST.get("language") or request.GET.get("language", ""))
    form = form or SignForm.about(party, read["text"], name=request.user.name, title=_office(party, request.user))
    context = {"memorandum": memorandum, "party": party, "form": form, **read}
    return render(request, "network/sign.html", context)


def _office(party, user) -> str:
    seat = party.acting and party.acting.seats.of_representatives().filter(user=user).first()
    return seat.title if seat else ""


def _signed(request, memorandum, party, form):
    """Where to go after a good form; None when it has to be shown again."""
    proof = identity.proof(request)
    if not proof:
        return identity.ask(request)
    address = limits.address(request)
    try:
        signing.sign(
            party, by=request.user, method="portal", network_address=address, confirmed_with=proof, **form.seen()
        )
    except signing.Superseded as lost:
        own = party.signatures.filter(round=form.cleaned_data["round"], by=request.user)
        if not (lost.why == "signed" and own.exists()):  # sent twice: it is signed
            return superseded(request, lost)
    except ValidationError as wrong:
        form.add_error(None, wrong)
        return None
    messages.success(request, _("You have signed. All parties are told by mail."))
    return redirect(memorandum)


# --- a link that works once ------------------------------------------------------------------------------------


@never_cache
@once
@require_http_methods(WRITING)
def send_link(request, code):
    """Send the person who signs a link; see it, send it again, withdraw it."""
    memorandum = visible(request, code)
    party = own_party(memorandum, request.user)
    if not party.can_be_signed_by(request.user):
        return not_your_turn(request, memorandum)
    open_link = next((link for link in party.links.filter(round=memorandum.round) if link.is_open()), None)
    if request.method == "POST" and request.POST.get("then") == "withdraw":
        if open_link and signing.withdraw_link(open_link, by=request.user):
            messages.success(request, _("The link no longer works."))
        return redirect("network:send_link", memorandum.code)
    initial = {"name": party.signatory_name, "title": party.signatory_title, "language": get_language()}
    if open_link:
        initial = {name: getattr(open_link, name) for name in ("name", "title", "email", "language")}
    form = LinkForm(request.POST or None, initial=initial, languages=memorandum.languages)
    if request.method == "POST" and form.is_valid():
        try:
            signing.send_link(party, by=request.user, **form.cleaned_data)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("The link is sent. You see here when it was used."))
            return redirect(memorandum)
    context = {"memorandum": memorandum, "party": party, "form": form, "open_link": open_link}
    too_often = form.has_error(NON_FIELD_ERRORS, "often")
    return render(request, "network/send_link.html", context, status=429 if too_often else 200)


@login_not_required
@never_cache
@require_http_methods(WRITING)
def sign_by_link(request, token):
    """The named signatory reads and signs, without an account; afterwards the link gives the copy."""
    return private(_by_link(request, _link(token)))


def _link(token) -> SigningLink | None:
    rows = SigningLink.objects.select_related("party__memorandum", "party__authority")
    return rows.filter(pk=signing.key_of(token)).first()


def _by_link(request, link):
    if link is None:
        return render(request, "network/sign_by_link.html", {"link": None}, status=410)
    memorandum = link.party.memorandum
    if link.used_at:
        if "copy" in request.GET and link.round == memorandum.round:
            return serve(memorandum.pdf(get_language()) or memorandum.pdf(memorandum.authentic_languages[0]))
        return render(request, "network/sign_by_link.html", {"link": link, "memorandum": memorandum})
    form = SignForm(request.POST, party_signing=link.party, link=link) if request.method == "POST" else None
    if form and form.is_valid():
        answer = _signed_by_link(request, link, form)
        if answer:
            return answer
    if not link.is_open():
        return render(request, "network/sign_by_link.html", {"link": None}, status=410)
    read = to_read(memorandum, request.POST.get("language") or request.GET.get("language", ""))
    form = form or SignForm.about(link.party, read["text"], link, name=link.name, title=link.title)
    context = {"link": link, "memorandum": memorandum, "party": link.party, "form": form, **read}
    return render(request, "network/sign_by_link.html", context)


def _signed_by_link(request, link, form):
    try:
        signing.sign(
            link.party,
            link=link,
            method="link",
            network_address=limits.address(request),
            confirmed_with="link",
            **form.seen(),
        )
    except signing.Superseded as lost:
        return superseded(request, lost, "network/superseded_link.html")
    except ValidationError as wrong:
        form.add_error(None, wrong)
        return None
    return redirect(request.path)


# --- a signed PDF ----------------------------------------------------------------------------------------------


@never_cache
@once
@require_http_methods(WRITING)
def upload_copy(request, code):
    """Send a signed PDF; a coordinator checks it before it counts."""
    memorandum = visible(request, code)
    party = own_party(memorandum, request.user)
    if not party.can_be_signed_by(request.user):
        return not_your_turn(request, memorandum)
    initial = {"signatory_name": party.signatory_name, "signatory_title": party.signatory_title}
    form = CopyForm(request.POST or None, request.FILES or None, initial=initial, party=party)
    if request.method == "POST" and form.is_valid():
        try:
            signing.upload_copy(party, form.cleaned_data["file"], by=request.user, **form.said())
        except signing.Superseded as lost:
            return superseded(request, lost)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("We received the signed PDF. A coordinator checks it."))
            return redirect(memorandum)
    waiting = party.files.filter(kind="signed", round=memorandum.round, check_state="waiting").first()
    context = {"memorandum": memorandum, "party": party, "form": form, "waiting": waiting}
    return render(request, "network/upload_copy.html", context)
