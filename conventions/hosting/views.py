"""The host's page « Référents à désigner », and where the link that it sends leads."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import User
from conventions.access.organisations import confirm_address, give_address
from conventions.hosting import events, reading, rights
from conventions.hosting.forms import LetterForm, NewcomerForm, OfficialAddressForm
from conventions.hosting.models import Designation
from conventions.parties.models import Organisation
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import plural
from documents.models import store


def referents(request):
    """Show guarded organisations with their référents and links; 404 but for a superuser, 403
    without double verification."""
    if not request.user.is_superuser:
        raise Http404
    if refusal := rights.may_host(request.user):
        return render(request, "conventions/hosting/refused.html", {"refusal": refusal}, status=403)
    lines = reading.read_lines()
    return render(request, "conventions/hosting/referents.html", {
        "lines": lines,
        "missing": sum(not line.has_referent for line in lines),
        "sendable": sum(line.can_be_sent and line.link is None for line in lines),
    })  # fmt: skip


@require_POST
def send_all(request):
    """Send a link to each organisation that lacks a référent and can be sent one."""
    _require_host(request)
    sent = events.send_all(operator=request.user)
    sentence = plural(len(sent), "lien envoyé,liens envoyés") if sent else "Aucun lien à envoyer"
    messages.success(request, f"{sentence}.")
    return redirect("conventions:referents")


@require_POST
def send_link(request, pk):
    """Send a link for one organisation and the equals in other conventions that are ticked."""
    _require_host(request)
    organisation = _guarded_organisation(pk)
    same = Organisation.objects.guarded().same_as(organisation)
    ticked = [row for row in same if str(row.pk) in request.POST.getlist("aussi")]
    events.send_link([organisation, *ticked], operator=request.user)
    messages.success(request, f"Lien envoyé à {organisation.email}.")
    return redirect("conventions:referents")


@require_POST
def confirm(request, pk):
    """Confirm that the address which was shown (``email``) is the organisation's own, and go back.
    Raises Refused, also where the address has changed since."""
    _require_host(request)
    organisation = _guarded_organisation(pk)
    email = request.POST.get("email", "")
    confirm_address(organisation, email=email, by=request.user)
    messages.success(request, f"L’adresse {email} est confirmée.")
    return redirect("conventions:referents")


def correct(request, pk):
    """Show the form of an official address; a POST gives and confirms it, as the host."""
    _require_host(request)
    organisation = _guarded_organisation(pk)
    proposed = {"email": request.GET["adresse"]} if "adresse" in request.GET else {}
    form = OfficialAddressForm(request.POST or None, instance=organisation, initial=proposed)
    if request.method == "POST" and form.is_valid():
        email, revision = form.cleaned_data["email"], form.cleaned_data["revision"]
        try:
            given = give_address(organisation, email=email, by=None, revision=revision)
        except Refused as refused:
            organisation.refresh_from_db()
            form.show_both(refused.refusal, organisation)
        else:
            confirm_address(given, email=given.email, by=request.user)
            messages.success(request, "L’adresse officielle est enregistrée et confirmée.")
            return redirect("conventions:referents")
    heading = f"L’adresse électronique officielle {organisation.genitive}"
    return _render_form(request, form, organisation, heading, "Enregistrer")


def designate(request, pk):
    """Show the form of a designation on a signed letter; a POST stores the letter and makes the
    owner of an account a référent."""
    _require_host(request)
    organisation = _guarded_organisation(pk)
    form = LetterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].lower()
        user = User.objects.filter(email=email).first()
        if user is None or not user.is_active:
            form.add_error("email", "Aucun compte n’a cette adresse : envoyez plutôt un lien.")
        else:
            try:
                letter = store(form.cleaned_data["letter"], by=request.user)
                events.designate(user, [organisation], operator=request.user, letter=letter)
            except Refused as refused:
                form.add_error(None, refused.refusal.reason)
            else:
                done = f"{user} est référent des accès {organisation.genitive}."
                messages.success(request, done)
                return redirect("conventions:referents")
    heading = f"Désigner un référent des accès {organisation.genitive} sur une lettre signée"
    return _render_form(request, form, organisation, heading, "Désigner")


def _render_form(request, form, organisation, heading: str, button: str):
    """Render the page of a form about ``organisation``. ``button``: the label of its button."""
    return render(request, "conventions/hosting/form.html", {
        "form": form, "organisation": organisation, "heading": heading, "button": button,
    })  # fmt: skip


def _require_host(request) -> None:
    """Raise Http404 but for a superuser, PermissionDenied without double verification."""
    if not request.user.is_superuser:
        raise Http404
    if rights.may_host(request.user) is not None:
        raise PermissionDenied


def _guarded_organisation(pk) -> Organisation:
    return get_object_or_404(Organisation.objects.guarded().select_related("convention"), pk=pk)


@never_cache
@login_not_required
def designation(request, token):
    """Show what a designation's link offers; a POST accepts it for who is logged in, or invites the
    address of who has no account (mail scanners open links, so a GET changes nothing)."""
    row = Designation.objects.for_token(token).first()
    if row is None:
        return render(request, "conventions/access/invitation_unknown.html", status=404)
    organisations = list(row.organisations.select_related("convention").order_by("pk"))
    user = request.user if request.user.is_authenticated else None
    context = {"designation": row, "organisations": organisations, "form": NewcomerForm()}
    context["refusal"] = rights.may_accept(user or User(), row)
    if request.method == "POST" and not context["refusal"]:
        if user:
            events.accept(row, by=user)
            messages.success(request, f"Vous êtes référent des accès {organisations[0].genitive}.")
            return redirect("conventions:access", organisations[0].convention.slug)
        form = context["form"] = NewcomerForm(request.POST)
        if form.is_valid():
            email = form.cleaned_data["email"]
            if User.objects.filter(email=email.lower()).exists():
                form.add_error("email", "Cette adresse a un compte : connectez-vous d’abord.")
            else:
                events.accept_as_newcomer(row, email=email)
                context["sent_to"] = email
    return render(request, "conventions/hosting/designation.html", context)
