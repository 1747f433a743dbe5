"""Who has access: the coordinator's page, one's own accesses, where an invitation leads."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.forms import AccountOpeningForm
from accounts.models import Invitation, User
from conventions.access import events, rights
from conventions.access.files import COLUMNS as ACCESS_COLUMNS
from conventions.access.forms import HandingOverForm, InvitationForm
from conventions.access.reading import (
    AccessLine,
    by_organisation,
    colleagues_of,
    lines_for,
    to_confirm,
    undelivered_in,
    waiting_of,
)
from conventions.lists import ListFile
from conventions.models import Convention, Membership, MembershipOffer
from conventions.pages import ConventionPage, convention_context, visible_convention
from ctg_portal.rules import DoneAlready, Refused
from ctg_portal.templatetags.french import de, enumerate_words
from documents.models import StoredFile, told_most, told_size
from documents.tables import Table

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def access(request, slug):
    """For the coordinator: who has access, who is invited, a form to invite somebody."""
    convention = visible_convention(request, slug)
    if rights.may_manage_access(request.user, convention):
        raise PermissionDenied
    form = InvitationForm(request.POST or None, convention=convention)
    if request.method == "POST" and form.is_valid():
        earlier = MembershipOffer.objects.offered_again(**form.cleaned_data)
        try:
            events.invite(**form.cleaned_data, by=request.user)
        except Refused as refused:
            form.add_error("email", refused.refusal.reason)
        else:
            sent = f"Invitation envoyée à {form.cleaned_data['email']}."
            messages.success(request, f"{sent} {_replaced_among(earlier)}".strip())
            return redirect("conventions:access", slug)
    context = convention_context(request, convention)
    lines = _lines_of(request.user, convention)
    return render(request, "conventions/access/access.html", context | {
        "form": form,
        "groups": by_organisation(lines),
        "pending_count": sum(line.membership.is_pending for line in lines),
        "offers": list(MembershipOffer.objects.of(convention).pending().by_invitation()),
        "undelivered": undelivered_in([convention.pk]).get(convention.pk, []),
        "deposited": told_size(StoredFile.objects.of(convention).weight()),
        "depositable": told_most(),
        "person_count": len({line.membership.user_id for line in lines}),
    })  # fmt: skip


def _replaced_among(earlier: list[Invitation]) -> str:
    """Which of these a new invitation has ended."""
    offers = MembershipOffer.objects.revoked_among(earlier).select_related("organisation")
    if not offers:
        return ""
    ended = enumerate_words(offers.order_by("organisation", "role"))
    return f"Elle remplace celle qui attendait une réponse : {ended}."


def _lines_of(user, convention) -> list[AccessLine]:
    """Who has access, by organisation."""
    members = list(Membership.objects.active().of(convention).by_organisation())
    for member in members:
        member.organisation.convention = convention
    return lines_for(user, members)


class AccessFile(ConventionPage, ListFile):
    """The same people as a table, for the coordinator alone."""

    name = "acces"

    def tables(self):
        if rights.may_manage_access(self.request.user, self.convention):
            raise PermissionDenied
        lines = _lines_of(self.request.user, self.convention)
        return [Table.of("Accès au portail", ACCESS_COLUMNS, lines)]


def my_access(request, slug):
    """One's own accesses to a convention: hand over, leave; those of one's organisations: confirm,
    object."""
    convention = visible_convention(request, slug)
    context = convention_context(request, convention)
    prefetch_related_objects(context["memberships"], MembershipOffer.objects.as_handings_over())
    awaiting = to_confirm(request.user, [convention])
    known = {line.membership for line in awaiting}
    colleagues = colleagues_of(request.user, convention)
    return render(request, "conventions/access/my_access.html", context | {
        "waiting": waiting_of(request.user, convention),
        "awaiting": awaiting,
        "colleagues": [line for line in colleagues if line.membership not in known],
    })  # fmt: skip


def hand_over(request, slug, pk):
    """Pass an access to a successor, who is invited by mail."""
    convention = visible_convention(request, slug)
    membership = _membership(request, convention, pk)
    form = HandingOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            events.hand_over(membership, email=form.cleaned_data["email"], by=request.user)
        except Refused as refused:
            form.add_error("email", refused.refusal.reason)
        else:
            messages.success(
                request,
                f"Invitation envoyée à {form.cleaned_data['email']}. "
                "L’accès passera à cette personne quand elle l’aura acceptée.",
            )
            return redirect(_back(membership, request.user, slug))
    context = convention_context(request, convention)
    return render(request, "conventions/access/hand_over.html", context | {
        "form": form,
        "membership": membership,
        "refusal": rights.may_hand_over(request.user, membership),
        "back": _back(membership, request.user, slug),
    })  # fmt: skip


def end_membership(request, slug, pk):
    """Ask, then end an access."""
    try:
        convention = visible_convention(request, slug)
    except Http404:
        left = request.user.memberships.ended().filter(pk=pk).first()
        if request.method == "POST" and left and left.convention.slug == slug:
            raise DoneAlready(rights.ENDED.reason, reverse("conventions:home")) from None
        raise
    membership = _membership(request, convention, pk)
    if request.method == "POST":
        try:
            events.end_membership(membership, by=request.user)
        except Refused:
            _membership(request, convention, pk)  # the refusal stands, unless it has just ended
            raise
        if membership.user == request.user:
            done = f"Votre accès « {membership.get_role_display()} » est terminé."
        else:
            done = f"L’accès {de(membership.user)} est terminé."
        messages.success(request, done)
        still_inside = Membership.objects.active().of(convention).filter(user=request.user).exists()
        return redirect(
            _back(membership, request.user, slug) if still_inside else "conventions:home"
        )
    context = convention_context(request, convention)
    return render(request, "conventions/access/end_membership.html", context | {
        "membership": membership,
        "refusal": rights.may_end_membership(request.user, membership),
    })  # fmt: skip


def one_access(request, slug, pk):
    """Who gave an access, what was said of it since, what may be done about it."""
    convention = visible_convention(request, slug)
    access = _seen_access(request, convention, pk)
    [line] = lines_for(request.user, [access])
    return render(
        request,
        "conventions/access/one_access.html",
        convention_context(request, convention) | {
            "access": access,
            "line": line,
            "waiting": [line] if line.note else [],
            "entries": list(access.transitions.all()),
            "back": _back(access, request.user, slug),
        },
    )  # fmt: skip


def confirm_access(request, slug, pk):
    """Vouch for somebody's access: what it will allow, then a button."""
    convention = visible_convention(request, slug)
    access = _seen_access(request, convention, pk)
    whose = de(access.user)
    ended = [offer.replaces.user for offer in MembershipOffer.objects.taken_over_by(access)]
    if request.method == "POST":
        events.confirm_access(access, by=request.user, seen=request.POST.get("seen"))
        messages.success(request, f"L’accès {whose} est confirmé.")
        return redirect(_after_word(access, request.user))
    return _decide(request, access, {
        "question": f"Confirmer l’accès {whose} ?",
        "consequence": f"Cette personne agira au nom {access.organisation.of_the}. Confirmez si "
        "vous la connaissez et qu’elle est bien désignée par cet organisme."
        + "".join(f" L’accès {de(user)} prend fin alors : elle y succède." for user in ended),
        "button": "Confirmer l’accès",
        "seen": access.state,
        "button_class": "btn-primary",
        "refusal": rights.may_confirm(request.user, access),
    })  # fmt: skip


def object_to_access(request, slug, pk):
    """Suspend somebody's access: what that means, then a button."""
    convention = visible_convention(request, slug)
    access = _seen_access(request, convention, pk)
    whose = de(access.user)
    if request.method == "POST":
        events.object_to_access(access, by=request.user)
        messages.success(request, f"L’accès {whose} est suspendu.")
        return redirect(_after_word(access, request.user))
    return _decide(request, access, {
        "question": f"S’opposer à l’accès {whose} ?",
        "consequence": "L’accès est suspendu aussitôt : cette personne lit la convention, sans "
        "saisir de données ni répondre, jusqu’à ce que l’organisme confirme son accès. Elle en est "
        "avertie, et qui le lui a donné.",
        "button": "S’opposer",
        "button_class": "btn-danger",
        "refusal": rights.may_object(request.user, access),
    })  # fmt: skip


def _decide(request, access: Membership, told: dict):
    convention = access.convention
    context = convention_context(request, convention)
    back = _back(access, request.user, convention.slug)
    [line] = lines_for(request.user, [access])
    return render(
        request,
        "conventions/access/decide_access.html",
        context | told | {"access": access, "line": line, "back": back},
    )


@require_POST
def renew_offer(request, slug, pk):
    """Send an invitation again."""
    offer = _offer(request, slug, pk)
    events.renew_offer(offer, by=request.user)
    messages.success(request, f"Nouvelle invitation envoyée à {offer.invitation.email}.")
    return redirect(_list_of(request, offer))


@require_POST
def revoke_offer(request, slug, pk):
    """Withdraw an invitation, whole."""
    offer = _offer(request, slug, pk)
    events.revoke_offer(offer, by=request.user)
    offers = offer.invitation.offers.select_related("organisation").order_by("organisation", "role")
    messages.success(
        request,
        f"L’invitation envoyée à {offer.invitation.email} est annulée : {enumerate_words(offers)}.",
    )
    return redirect(_list_of(request, offer))


def _membership(request, convention, pk) -> Membership:
    """One's own access, or any of the convention for the coordinator; 404 otherwise. Raises
    DoneAlready for one that has ended."""
    memberships = Membership.objects.of(convention).select_related("user", "organisation")
    if rights.may_manage_access(request.user, convention):
        memberships = memberships.filter(user=request.user)
    membership = get_object_or_404(memberships, pk=pk)
    membership.organisation.convention = convention
    _not_ended(membership, request.user)
    return membership


def _seen_access(request, convention, pk) -> Membership:
    """An access of one's own, or one that it is one's to confirm or to object to; 404 otherwise.
    Raises DoneAlready for one that has ended."""
    accesses = Membership.objects.of(convention)
    accesses = accesses.select_related("user", "given_by", "organisation__party")
    access = get_object_or_404(accesses, pk=pk)
    access.organisation.convention = convention
    if rights.may_see_access(request.user, access):
        raise Http404
    _not_ended(access, request.user)
    return access


def _not_ended(membership: Membership, user) -> None:
    if not membership.is_active:
        slug = membership.convention.slug
        raise DoneAlready(rights.ENDED.reason, _back(membership, user, slug))


def _offer(request, slug, pk) -> MembershipOffer:
    """A pending offer, for the coordinator or whoever hands their own access over. Raises
    DoneAlready for one that is no more."""
    convention = visible_convention(request, slug)
    offers = MembershipOffer.objects.of(convention).with_convention()
    offer = get_object_or_404(offers, pk=pk)
    if rights.may_revoke_offer(request.user, offer):
        raise PermissionDenied
    invitation = offer.invitation
    if invitation.accepted_at or invitation.revoked_at:
        became = "acceptée" if invitation.accepted_at else "annulée"
        told = f"L’invitation envoyée à {invitation.email} est déjà {became}."
        raise DoneAlready(told, _list_of(request, offer))
    return offer


def _back(membership: Membership, user, slug) -> str:
    """The list that shows this access: one's own, or everybody's."""
    others = membership.user != user and not rights.may_manage_access(user, membership.convention)
    page = "access" if others else "my_access"
    return reverse(f"conventions:{page}", args=[slug])


def _after_word(access: Membership, user) -> str:
    """Where who has confirmed an access, or objected to it, goes on: its page, while it is theirs
    to read; for who had a word to say and has said it, the convention's home, where it was asked
    for."""
    access.refresh_from_db(fields=["state"])
    convention = access.convention
    if rights.may_see_access(user, access):
        return reverse("conventions:dashboard", args=[convention.slug])
    return reverse("conventions:one_access", args=[convention.slug, access.pk])


def _list_of(request, offer: MembershipOffer) -> str:
    """The list that an invitation was on: of one's own accesses, or of everybody's."""
    convention = offer.organisation.convention
    mine = "mine" in request.POST or rights.may_manage_access(request.user, convention)
    return reverse(f"conventions:{'my_access' if mine else 'access'}", args=[convention.slug])


# Where the link of an invitation leads -----------------------------------------------------------


@never_cache
@login_not_required
def invitation(request, token):
    """Tell what is offered and to whom; accepting is a button, never the mere opening of the link.

    Mail scanners open links: a GET changes nothing.
    """
    found = Invitation.objects.for_token(token).first()
    offers = list(found.offers.with_convention()) if found else []
    if not offers:
        return render(request, "conventions/access/invitation_unknown.html", status=404)
    context = {
        "invitation": found,
        "offers": offers,
        "convention": offers[0].organisation.convention,
    }
    if not found.is_open or rights.hands_over_nothing(found):
        inside = request.user.is_authenticated and Convention.objects.visible_to(request.user)
        return render(request, "conventions/access/invitation_closed.html", context | {
            "hands_over_nothing": rights.hands_over_nothing(found),
            "is_inside": inside and inside.filter(pk=context["convention"].pk).exists(),
        })  # fmt: skip
    if request.user.is_authenticated:
        return _accept_as_user(request, found, context)
    if User.objects.filter(email=found.email).exists():
        return render(request, "conventions/access/invitation_login.html", context)
    return _accept_as_newcomer(request, found, context)


def _accept_as_user(request, found, context):
    refusal = rights.may_accept(request.user, found)
    if refusal:
        context["refusal"] = refusal
        return render(request, "conventions/access/invitation_for_another.html", context)
    if request.method == "POST":
        convention = events.accept(found, by=request.user)
        messages.success(request, _opened(request.user, convention))
        return redirect(convention)
    return render(request, "conventions/access/invitation_accept.html", context)


def _opened(user, convention: Convention) -> str:
    """What is told of an access that was just accepted."""
    if Membership.objects.pending().of(convention).filter(user=user).exists():
        return "Votre invitation est acceptée, et votre accès attend d’être confirmé."
    return "Votre accès est ouvert."


def _accept_as_newcomer(request, found, context):
    form = AccountOpeningForm(request.POST or None, email=found.email)
    if request.method == "POST" and form.is_valid():
        try:
            user, convention = events.accept_as_newcomer(found, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
        else:
            login(request, user, backend=BACKEND)
            messages.success(request, f"Bienvenue, {user.full_name}. {_opened(user, convention)}")
            return redirect(convention)
    return render(
        request, "conventions/access/invitation_open_account.html", context | {"form": form}
    )
