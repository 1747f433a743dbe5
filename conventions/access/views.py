"""Pages of accesses: the coordinator's list, one's own, and the page of an invitation."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.forms import AccountOpeningForm
from accounts.models import Invitation, User
from conventions.access import events, rights
from conventions.access.capacities import seats_in_words
from conventions.access.files import COLUMNS as ACCESS_COLUMNS
from conventions.access.forms import InvitationForm
from conventions.access.models import Membership, MembershipOffer, Role
from conventions.access.pages import ConventionPage, convention_context, visible_convention
from conventions.access.reading import (
    AccessLine,
    accesses_not_in_full,
    accesses_to_confirm,
    colleagues_of,
    group_by_organisation,
    lines_for,
    undelivered_by_convention,
)
from conventions.access.sentences import SENTENCES
from conventions.legal.convention import Convention
from conventions.lists import ListFile
from conventions.parties.models import Organisation, OrganisationQuerySet
from ctg_portal.forms.revisions import revision_in
from ctg_portal.rules import DoneAlready, Refused
from ctg_portal.templatetags.french import de, enumerate_words, que
from documents.stored_files import StoredFile, format_quota, format_size
from documents.tables import Table

WHAT_IT_ALLOWS = {
    Role.COORDINATOR: "Cette personne conduira la convention et saisira pour {0.the}.",
    Role.REFERENT: "Cette personne dira qui agit et qui siège pour {0.the}.",
    Role.CONTRIBUTOR: "Cette personne saisira les données {0.genitive}, et les lira.",
    Role.READER: "Cette personne lira la convention au titre {0.genitive}.",
}
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def access(request, slug):
    """List accesses and pending invitations, with a form that invites: of the whole convention for
    the coordination, of their organisations for référents; 403 for others."""
    convention = visible_convention(request, slug)
    organisations = _managed_organisations(request.user, convention)
    form = InvitationForm(
        request.POST or None,
        organisations=organisations,
        is_coordinator=rights.coordinates(request.user, convention),
    )
    if request.method == "POST" and form.is_valid():
        earlier = MembershipOffer.objects.offered_again(**form.cleaned_data)
        try:
            events.invite(**form.cleaned_data, by=request.user)
        except Refused as refused:
            form.add_error("email", refused.refusal.reason)
        else:
            email, organisation = form.cleaned_data["email"], form.cleaned_data["organisation"]
            messages.success(request, _describe_sent(request.user, email, organisation, earlier))
            return redirect("conventions:access", slug)
    context = convention_context(request, convention)
    lines = _lines_of(request.user, convention, organisations)
    offers = MembershipOffer.objects.among(organisations)
    return render(request, "conventions/access/access.html", context | {
        "form": form,
        "groups": group_by_organisation(lines),
        "pending_count": sum(line.membership.is_pending for line in lines),
        "offers": list(offers.pending().by_invitation()),
        "undelivered": undelivered_by_convention([convention.pk]).get(convention.pk, []),
        "deposited": format_size(StoredFile.objects.of(convention).weight()),
        "depositable": format_quota(),
        "person_count": len({line.membership.user_id for line in lines}),
        "sentences": SENTENCES,
    })  # fmt: skip


def _managed_organisations(user: User, convention: Convention) -> OrganisationQuerySet:
    """Return the organisations for which a person invites: all of them for the coordination, else
    those whose référent they are. Raises PermissionDenied where there is none."""
    organisations = Organisation.objects.filter(convention=convention)
    if rights.may_manage_access(user, convention) is not None:
        organisations = organisations.among(rights.referred_by(user, convention))
    if not organisations:
        raise PermissionDenied
    return organisations


def _describe_sent(
    user: User, email: str, organisation: Organisation, earlier: list[Invitation]
) -> str:
    """Return the message to who has just invited ``email``: who is to confirm the access once it is
    accepted, if anybody, and which offers of ``earlier`` invitations it has ended."""
    sentences = [f"Invitation envoyée à {email}."]
    if not rights.counts_at_once(user, organisation, None):
        whom = rights.label_confirmers(organisation)
        sentences.append(f"Une fois acceptée, elle sera à confirmer par {whom}.")
    offers = MembershipOffer.objects.revoked_among(earlier).select_related("organisation")
    if offers:
        ended = enumerate_words(offers.order_by("organisation", "role"))
        sentences.append(f"Elle remplace celle qui attendait une réponse : {ended}.")
    return " ".join(sentences)


def _lines_of(
    user: User, convention: Convention, organisations: OrganisationQuerySet
) -> list[AccessLine]:
    """Return the active accesses for these organisations as lines, sorted by organisation."""
    members = Membership.objects.active().among(organisations)
    members = list(members.select_related("confirmed_by").by_organisation())
    for member in members:
        member.organisation.convention = convention
    return lines_for(user, members)


class AccessFile(ConventionPage, ListFile):
    """The list of accesses as a table."""

    name = "acces"

    def tables(self):
        """Return one table: the accesses that the page lists to this person."""
        organisations = _managed_organisations(self.request.user, self.convention)
        lines = _lines_of(self.request.user, self.convention, organisations)
        return [Table.of("Accès au portail", ACCESS_COLUMNS, lines)]


def my_access(request, slug):
    """Show one's own accesses that do not count in full, those to confirm, colleagues and seats."""
    convention = visible_convention(request, slug)
    context = convention_context(request, convention)
    awaiting = accesses_to_confirm(request.user, [convention])
    colleagues = colleagues_of(request.user, convention)
    return render(request, "conventions/access/my_access.html", context | {
        "waiting": accesses_not_in_full(request.user, convention),
        "awaiting": lines_for(request.user, awaiting),
        "colleagues": [line for line in colleagues if line.membership not in awaiting],
        "is_referent": bool(rights.referred_by(request.user, convention)),
        "seats": seats_in_words(request.user, convention),
        "sentences": SENTENCES,
    })  # fmt: skip


def end_membership(request, slug, pk):
    """Ask, then end an access and go back to the list, or home once one has left. Raises
    DoneAlready where it has ended, also for who left the convention by it."""
    try:
        convention = visible_convention(request, slug)
    except Http404:
        left = request.user.memberships.ended().filter(pk=pk).first()
        if request.method == "POST" and left and left.convention.slug == slug:
            raise DoneAlready(rights.ENDED.reason, reverse("conventions:home")) from None
        raise
    membership = _manageable_access(request, convention, pk)
    if request.method == "POST":
        try:
            events.end_membership(membership, by=request.user)
        except Refused:
            # The refusal stands, unless the access has just ended.
            _manageable_access(request, convention, pk)
            raise
        if membership.user == request.user:
            sentence = f"Votre accès « {membership.get_role_display()} » est terminé."
        else:
            sentence = f"L’accès {de(membership.user)} est terminé."
        messages.success(request, sentence)
        still_inside = Membership.objects.active().of(convention).filter(user=request.user).exists()
        return redirect(
            _back_address(membership, request.user, slug) if still_inside else "conventions:home"
        )
    context = convention_context(request, convention)
    return render(request, "conventions/access/end_membership.html", context | {
        "membership": membership,
        "refusal": rights.may_end_membership(request.user, membership),
    })  # fmt: skip


def one_access(request, slug, pk):
    """Show who gave an access, what was done to it since, and what the reader may do about it."""
    convention = visible_convention(request, slug)
    user, access = request.user, _visible_access(request, convention, pk)
    [line] = lines_for(user, [access])
    return render(
        request,
        "conventions/access/one_access.html",
        convention_context(request, convention) | {
            "access": access,
            "line": line,
            "waiting": [
                own for own in accesses_not_in_full(user, convention) if own.membership == access
            ],
            "entries": list(access.transitions.all()),
            "back": _back_address(access, request.user, slug),
        },
    )  # fmt: skip


def moved(request, slug, pk, to):
    """Redirect an access's address in old messages to its page ``to``, for who may see it."""
    access = _visible_access(request, visible_convention(request, slug), pk)
    return redirect(to, slug, access.pk, permanent=True)


def confirm_access(request, slug, pk):
    """Show what an access will allow, with a button or the refusal; a POST confirms it and goes to
    its page. Raises Refused, also where it was changed since it was shown."""
    convention = visible_convention(request, slug)
    access = _visible_access(request, convention, pk)
    whose = de(access.user)
    if request.method == "POST":
        events.confirm_access(access, by=request.user, revision=revision_in(request.POST))
        messages.success(request, f"L’accès {whose} est confirmé.")
        return redirect("conventions:one_access", slug, access.pk)
    return _render_decision(request, access, {
        "question": f"Confirmer l’accès {whose} ?",
        "consequence": f"{WHAT_IT_ALLOWS[access.role].format(access.organisation)} Confirmez si "
        "vous connaissez cette personne et qu’elle est bien désignée par cet organisme."
        f"{_describe_past(access)}",
        "button": "Confirmer l’accès",
        "revision": access.revision,
        "button_class": "btn-primary",
        "refusal": rights.may_confirm(request.user, access),
    })  # fmt: skip


def _describe_past(access: Membership) -> str:
    """Return the sentence on other organisations for which the person coordinates or has, or ""."""
    accesses = Membership.objects.of(access.convention).coordinators().filter(user=access.user)
    elsewhere = accesses.elsewhere(access.organisation).select_related("organisation")
    names = list(dict.fromkeys(former.organisation.the for former in elsewhere.order_by("pk")))
    return f" Elle a coordonné la convention pour {enumerate_words(names)}." if names else ""


def suspend_access(request, slug, pk):
    """Show what a suspension means; a POST suspends all that the holder has there."""
    convention = visible_convention(request, slug)
    access = _visible_access(request, convention, pk)
    user, organisation = access.user, access.organisation
    if request.method == "POST":
        events.suspend_person(user, organisation, by=request.user)
        messages.success(request, f"Les droits {de(user)} pour {organisation.the} sont suspendus.")
        return redirect("conventions:one_access", slug, access.pk)
    appointments = rights.appointments_in(user, organisation)
    return _render_decision(request, access, {
        "question": f"Suspendre {user} pour {organisation.the} ?",
        "consequence": "Dès maintenant, cette personne pourra seulement lire la convention, sans "
        f"saisir ni répondre, jusqu’à ce {que(rights.label_confirmers(organisation))} la confirme "
        "de nouveau. Elle et les personnes de l’organisme en sont averties.",
        "button": "Suspendre",
        "button_class": "btn-danger",
        "refusal": rights.may_suspend(request.user, organisation, appointments),
    })  # fmt: skip


def _render_decision(request, access: Membership, texts: dict[str, Any]):
    """Render the page that asks to confirm or suspend an access, with these ``texts``."""
    convention = access.convention
    context = convention_context(request, convention)
    back = _back_address(access, request.user, convention.slug)
    [line] = lines_for(request.user, [access])
    return render(
        request,
        "conventions/access/decide_access.html",
        context | texts | {"access": access, "line": line, "back": back},
    )


@require_POST
def renew_offer(request, slug, pk):
    """Send the invitation of an offer again, and go back to the list."""
    offer = _offer(request, slug, pk)
    events.renew_offer(offer, by=request.user)
    messages.success(request, f"Nouvelle invitation envoyée à {offer.invitation.email}.")
    return redirect("conventions:access", slug)


@require_POST
def revoke_offer(request, slug, pk):
    """Withdraw the invitation of an offer, and name all that it offered."""
    offer = _offer(request, slug, pk)
    events.revoke_offer(offer, by=request.user)
    offers = offer.invitation.offers.select_related("organisation").order_by("organisation", "role")
    messages.success(
        request,
        f"L’invitation envoyée à {offer.invitation.email} est annulée : {enumerate_words(offers)}.",
    )
    return redirect("conventions:access", slug)


def _manageable_access(request, convention, pk) -> Membership:
    """Return an access of one's own, of an organisation whose référent one is or, for the
    coordination, any; 404 otherwise. Raises DoneAlready where it has ended."""
    memberships = Membership.objects.of(convention).select_related("user", "organisation")
    if rights.may_manage_access(request.user, convention) is not None:
        referred = rights.referred_by(request.user, convention)
        memberships = memberships.theirs_or_among(request.user, referred)
    membership = get_object_or_404(memberships, pk=pk)
    membership.organisation.convention = convention
    _refuse_ended(membership, request.user)
    return membership


def _visible_access(request, convention, pk) -> Membership:
    """Return an access that the person may see (``may_see_access``); 404 otherwise. Raises
    DoneAlready where it has ended."""
    accesses = Membership.objects.of(convention)
    accesses = accesses.select_related("user", "given_by", "confirmed_by", "organisation__party")
    access = get_object_or_404(accesses, pk=pk)
    access.organisation.convention = convention
    if rights.may_see_access(request.user, access) is not None:
        raise Http404
    _refuse_ended(access, request.user)
    return access


def _refuse_ended(membership: Membership, user: User) -> None:
    """Raise DoneAlready, with the list to go back to, where the access has ended."""
    if not membership.is_active:
        slug = membership.convention.slug
        raise DoneAlready(rights.ENDED.reason, _back_address(membership, user, slug))


def _offer(request, slug, pk) -> MembershipOffer:
    """Return a pending offer that the person may revoke; 403 where they may not. Raises DoneAlready
    where its invitation was accepted or revoked."""
    convention = visible_convention(request, slug)
    offers = MembershipOffer.objects.of(convention).with_convention()
    offer = get_object_or_404(offers, pk=pk)
    if rights.may_revoke_offer(request.user, offer) is not None:
        raise PermissionDenied
    invitation = offer.invitation
    if invitation.accepted_at or invitation.revoked_at:
        became = "acceptée" if invitation.accepted_at else "annulée"
        sentence = f"L’invitation envoyée à {invitation.email} est déjà {became}."
        raise DoneAlready(sentence, reverse("conventions:access", args=[slug]))
    return offer


def _back_address(membership: Membership, user: User, slug) -> str:
    """Return the address of the list of all accesses for another's where the user may invite for
    its organisation, else that of one's own."""
    others = membership.user != user and rights.may_propose(user, membership.organisation) is None
    page = "access" if others else "my_access"
    return reverse(f"conventions:{page}", args=[slug])


# Where the link of an invitation leads -----------------------------------------------------------


@never_cache
@login_not_required
def invitation(request, token):
    """Show what an invitation's link offers; only a button accepts it, since mail scanners open
    links. Who has an account logs in first, others open one."""
    row = Invitation.objects.for_token(token).first()
    offers = list(row.offers.with_convention()) if row else []
    if row is None or not (offers or row.opens_conventions):
        return render(request, "conventions/access/invitation_unknown.html", status=404)
    convention = offers[0].organisation.convention if offers else None
    context = {"invitation": row, "offers": offers, "convention": convention}
    if not row.is_open:
        inside = request.user.is_authenticated and Convention.objects.visible_to(request.user)
        return render(request, "conventions/access/invitation_closed.html", context | {
            "is_inside": inside and convention and inside.filter(pk=convention.pk).exists(),
        })  # fmt: skip
    if request.user.is_authenticated:
        return _accept_as_user(request, row, context)
    if User.objects.filter(email=row.email).exists():
        return render(request, "conventions/access/invitation_login.html", context)
    return _accept_as_newcomer(request, row, context)


def _accept_as_user(request, row, context):
    """Show the invitation to who is logged in, or why they may not accept it; a POST accepts it."""
    refusal = rights.may_accept(request.user, row)
    if refusal:
        context["refusal"] = refusal
        return render(request, "conventions/access/invitation_for_another.html", context)
    if request.method == "POST":
        convention = events.accept(row, by=request.user)
        messages.success(request, _describe_opened(request.user, convention))
        return redirect(convention or "conventions:projects")
    return render(request, "conventions/access/invitation_accept.html", context)


def _describe_opened(user: User, convention: Convention | None) -> str:
    """Return the message to who has just accepted: the access is open, or who is to confirm it;
    without a convention, that they may open some."""
    if convention is None:
        return "Vous pouvez ouvrir une convention."
    pending = Membership.objects.pending().of(convention).filter(user=user)
    for access in pending.select_related("organisation").order_by("-pk")[:1]:
        return (
            "Votre invitation est acceptée, à confirmer par "
            f"{rights.label_confirmers(access.organisation)}. D’ici là, vous lisez la convention."
        )
    return "Votre accès est ouvert."


def _accept_as_newcomer(request, row, context):
    """Show the form that opens an account; a valid POST opens it, accepts and logs in."""
    form = AccountOpeningForm(request.POST or None, email=row.email)
    if request.method == "POST" and form.is_valid():
        try:
            user, convention = events.accept_as_newcomer(row, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
        else:
            login(request, user, backend=BACKEND)
            messages.success(
                request, f"Bienvenue, {user.full_name}. {_describe_opened(user, convention)}"
            )
            return redirect(convention or "conventions:projects")
    return render(
        request, "conventions/access/invitation_open_account.html", context | {"form": form}
    )
