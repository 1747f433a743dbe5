"""Decide for whom a person enters figures, and who may run a yearly campaign."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import QuerySet

from accounts.models import User
from conventions.access.rights import COORDINATION_ONLY, coordinates
from conventions.access.viewer import all_accesses, cached_for_viewer
from conventions.dashboard.communes import communes_named
from conventions.models import Commune, Convention, Membership, Organisation, Role
from ctg_portal.house import house
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import long_date
from indicators.definitions.definition import Definition
from indicators.disclosure import is_under_stated_rule
from indicators.figures.campaigns import Campaign, CampaignIndicator, CampaignState
from indicators.figures.disclosures import Disclosure
from indicators.figures.releases import ReleaseTransition, ReleaseVerb
from indicators.figures.values import Value


@dataclass(frozen=True)
class Contributor:
    """A person with regard to the values of one convention.

    ``organisations``: the keys of those in whose name the person enters, by a confirmed access
    (contributors, and the coordinator for the organisation that employs her); ``coordinated``: in
    whose name they coordinate; ``with_account``: those in whose stead nobody is expected to enter
    (``Account.keeps_its_figures``); ``alone``: their own ones where nobody else enters.
    """

    user: Any  # a User; of an entry link, its Visitor
    convention: Convention
    organisations: frozenset[int] = field(default_factory=frozenset)
    coordinated: frozenset[int] = field(default_factory=frozenset)
    with_account: frozenset[int] = field(default_factory=frozenset)
    alone: frozenset[int] = field(default_factory=frozenset)

    @cached_property
    def communes(self) -> dict[int, Organisation]:
        """The organisations of the person that bear a commune's name, by the commune's key."""
        if not self.organisations:
            return {}
        own = Organisation.objects.filter(pk__in=self.organisations)
        return {
            commune.pk: organisation
            for organisation in own
            for commune in communes_named(self.convention, [organisation])
        }

    @cached_property
    def releases(self) -> frozenset[int]:
        """The keys of the public statistics that the person loaded, of any convention. A query."""
        loaded = ReleaseTransition.objects.filter(verb=ReleaseVerb.LOADED, by=self.user.pk)
        return frozenset(loaded.values_list("release", flat=True))

    def enters(self, entry: CampaignIndicator) -> bool:
        """Return whether the person may type the figure of an indicator, of any commune: for an
        organisation of theirs, or on behalf of another. Of what a stated rule protects, who
        coordinates types only what the organisation enters for which they coordinate."""
        if self.coordinated and is_under_stated_rule(Definition.of(entry.version), entry.rule):
            return entry.enterer_id in self.organisations & self.coordinated
        return entry.enterer_id in self.organisations or self.enters_on_behalf(entry)

    def is_asked(self, entry: CampaignIndicator) -> bool:
        """Return whether the person may type the figure and is expected to: an organisation of
        theirs enters it, or one where nobody enters."""
        is_own = entry.enterer_id in self.organisations
        return self.enters(entry) and (is_own or entry.enterer_id not in self.with_account)

    def enters_for_commune(self, entry: CampaignIndicator, commune: Commune) -> bool:
        """Return whether the person may type a commune's figure in a table as one of its people.
        Never one that a stated rule protects, which its provider's people alone read."""
        is_open = entry.is_by_commune and commune.pk in self.communes
        return is_open and not is_under_stated_rule(Definition.of(entry.version), entry.rule)

    @property
    def coordinates(self) -> bool:
        return bool(self.coordinated)

    def enters_for(self, organisation: Organisation) -> bool:
        """Return whether the person may enter figures in the name of an organisation: their own;
        for the coordinator, also any that states no secrecy rule."""
        is_open = self.coordinates and not organisation.states_secrecy
        return organisation.pk in self.organisations or is_open

    def enters_on_behalf(self, entry: CampaignIndicator) -> bool:
        """Return whether the person would enter a figure for an organisation that is not theirs:
        the coordinator may, unless that one or the provider states a secrecy rule. False for what
        an organisation of theirs enters."""
        if not self.coordinates or entry.enterer_id in self.organisations:
            return False
        return not entry.states_secrecy and self.enters_for(entry.enterer)

    def stands_in_for(self, organisation: Organisation) -> bool:
        """Return whether the person coordinates and is the one to enter for an organisation, as
        nobody there does and no secrecy rule forbids it."""
        is_own = organisation.pk in self.organisations or organisation.pk in self.with_account
        return self.coordinates and not is_own and self.enters_for(organisation)

    def reads_raw(self, entry: CampaignIndicator) -> bool:
        """Return whether the person sees the figure as typed: it is expected of them, or they
        provide and confirm it. All others read what is disclosed."""
        return self.is_asked(entry) or self.provides(entry)

    def provides(self, entry: CampaignIndicator) -> bool:
        """Return whether an organisation of the person provides the figure."""
        return entry.provider_id in self.organisations

    def is_alone_in(self, organisation: Organisation) -> bool:
        """Return whether the person enters for an organisation, and nobody else does: so nobody
        else could verify it."""
        return organisation.pk in self.alone

    def recognises(self, entry: CampaignIndicator) -> bool:
        """Return whether the person may learn that a figure they type is the stored one: always;
        but not of a secret one through a link."""
        return True

    def is_kept_from(self, entry: CampaignIndicator, value: Value) -> bool:
        """Return whether the person may neither overwrite nor read a value: what the organisation's
        own people have begun, or given and nobody has returned."""
        if value.is_on_behalf or value.is_returned:
            return False
        if value.is_draft:
            return self.organisations.isdisjoint([entry.enterer_id, entry.provider_id])
        return not self.reads_raw(entry)

    def capacity_for(self, entry: CampaignIndicator, commune: Commune | None = None) -> str:
        """Return in whose name the person acts on a value, « pour la Caf »: the first of its
        enterer, its provider and the commune that is theirs, else « coordination »."""
        for organisation in (entry.enterer, entry.provider):
            if organisation.pk in self.organisations:
                return f"pour {organisation.the}"
        if commune is not None and not self.coordinates and commune.pk in self.communes:
            return f"pour {self.communes[commune.pk].the}"
        return "coordination"

    @property
    def may_contribute(self) -> bool:
        return bool(self.organisations) or self.coordinates


@cached_for_viewer
def contributor_of(user: User, convention: Convention) -> Contributor:
    """Return what a person may enter in a convention, nothing without an access. One query, shared
    by all who ask while a page is read."""
    return _contributor(user, convention, list(accounts_of([convention])))


def contributors_of(convention: Convention) -> dict[int, Contributor]:
    """Return all active users who enter figures in a convention or coordinate it, by their key, in
    two queries."""
    accounts = list(accounts_of([convention]))
    people = User.objects.filter(pk__in={account.user for account in accounts}, is_active=True)
    return {user.pk: _contributor(user, convention, accounts) for user in people}


def _contributor(user: User, convention: Convention, accounts: "list[Account]") -> Contributor:
    """Return what a person may enter, by all accounts of the convention."""
    own = [account for account in accounts if account.user == user.pk]
    organisations = frozenset(account.organisation for account in own if account.enters)
    return Contributor(
        user=user,
        convention=convention,
        organisations=organisations,
        coordinated=frozenset(a.organisation for a in own if a.role == Role.COORDINATOR),
        with_account=frozenset(a.organisation for a in accounts if a.keeps_its_figures),
        alone=organisations - organisations_with_others(user, accounts),
    )


class Account(NamedTuple):
    """An access by which figures are entered, by primary keys.

    ``user``: 0 if the access is not confirmed, or has ended. ``enters``: whether it lets its user
    enter, and not only coordinate. ``states_secrecy``: the organisation states a secrecy rule;
    ``is_suspended``: the access is.
    """

    convention: int
    organisation: int
    user: int
    role: str
    states_secrecy: bool
    is_suspended: bool = False
    enters: bool = True

    @property
    def keeps_its_figures(self) -> bool:
        """Whether nobody enters in the organisation's stead: somebody is there, was suspended
        (which gives nothing to who suspends), or was there under a secrecy rule. The coordinator
        does not read what its people typed once the last of them has left."""
        return bool(self.user) or self.is_suspended or self.states_secrecy


def accounts_of(conventions: Iterable) -> Iterator[Account]:
    """Yield all accesses by which figures are or were entered in conventions, ended and suspended
    ones too, in one query."""
    for access in all_accesses(conventions):
        if access.role not in Role.entering():
            continue
        organisation = access.organisation
        yield Account(
            organisation.convention_id,
            organisation.pk,
            access.user_id if access.is_effective else 0,
            access.role,
            organisation.states_secrecy,
            access.is_suspended,
            access.is_entering,
        )


def organisations_with_others(user: User, accounts: Iterable[Account]) -> frozenset[int]:
    """Return the keys of the organisations where somebody other than the person enters today."""
    others = (
        account for account in accounts if account.enters and account.user not in (0, user.pk)
    )
    return frozenset(account.organisation for account in others)


def enterers_of(campaign: Campaign) -> QuerySet[Organisation]:
    """Return the organisations that enter figures of a campaign."""
    return Organisation.objects.filter(pk__in=campaign.campaign_indicators.values("enterer"))


def may_stay_logged_in(user: User) -> Refusal | None:
    """Return why a person may not stay logged in for weeks, or None: they enter for an organisation
    that provides figures under a stated secrecy rule of today, or of when their year was closed, or
    for one that enters such figures."""
    accesses = Membership.objects.effective().filter(user=user, role__in=Role.entering())
    conventions = Convention.objects.filter(pk__in=accesses.values("organisation__convention"))
    for organisation in Organisation.objects.filter(convention__in=conventions):
        asked = CampaignIndicator.objects.filter(provider=organisation)
        if not (organisation.states_secrecy or asked.protected().exists()):
            continue
        enterers = asked.values_list("enterer")
        contributor = contributor_of(user, organisation.convention)
        if not contributor.organisations.isdisjoint([organisation.pk, *(e for (e,) in enterers)]):
            return Refusal(
                "Vous ne restez pas connecté au-delà de la journée : vous lisez des chiffres "
                f"{organisation.genitive} que protège le secret statistique."
            )
    return None


def may_manage_campaigns(asker: User | None, convention: Convention) -> Refusal | None:
    """Return why ``asker`` may not run the yearly campaigns, or None: the coordination may, and the
    system (None)."""
    if asker is None or coordinates(asker, convention):
        return None
    return COORDINATION_ONLY


def may_open(asker: User, campaign: Campaign) -> Refusal | None:
    """Return why a campaign may not be opened, or None: it must be prepared, and never opened."""
    if not campaign.is_prepared:
        return Refusal(f"Le recueil {campaign.year} a déjà été ouvert.")
    return may_manage_campaigns(asker, campaign.convention)


def may_close(asker: User, campaign: Campaign) -> Refusal | None:
    """Return why a campaign may not be closed, or None: it must be open."""
    if not campaign.is_open:
        return Refusal(f"Le recueil {campaign.year} n’est pas ouvert.")
    return may_manage_campaigns(asker, campaign.convention)


def may_reopen(asker: User, campaign: Campaign) -> Refusal | None:
    """Return why a campaign may not be reopened, or None: it must be closed."""
    if campaign.state != CampaignState.CLOSED:
        return Refusal(f"Le recueil {campaign.year} n’est pas clos.")
    return may_manage_campaigns(asker, campaign.convention)


def may_edit_campaign(asker: User, campaign: Campaign) -> Refusal | None:
    """Return why deadline and message of a campaign may not be changed, or None: it must be
    prepared or open."""
    if campaign.is_closed:
        return Refusal(f"Le recueil {campaign.year} est clos : ses dates ne changent plus.")
    return may_manage_campaigns(asker, campaign.convention)


def may_remind(asker: User, campaign: Campaign) -> Refusal | None:
    """Return why organisations may not be reminded of what they owe, or None: the campaign must be
    open."""
    return refuse_unless_open(campaign) or may_manage_campaigns(asker, campaign.convention)


def may_move_deadline(asker: User, campaign: Campaign) -> Refusal | None:
    """Return why one organisation may not be given its own deadline, or None."""
    return may_edit_campaign(asker, campaign)


def may_undo_campaign(asker: User, campaign: Campaign) -> Refusal | None:
    """Return why a campaign may not be cancelled or moved to another year, or None: it must be
    prepared or open and hold no value, and nothing be disclosed or written of its year."""
    if not (campaign.is_prepared or campaign.is_open):
        return Refusal(f"Le recueil {campaign.year} est clos : son année ne change plus.")
    if refusal := may_manage_campaigns(asker, campaign.convention):
        return refusal
    if not campaign.is_empty:
        return Refusal(
            f"Le recueil {campaign.year} contient déjà des données : son année ne change plus."
        )
    if Disclosure.objects.done().of(campaign).exists():
        return Refusal(
            f"Des chiffres de {campaign.year} ont déjà été montrés : le recueil reste, pour que le "
            "secret en tienne compte."
        )
    return refuse_if_written(campaign)


def refuse_if_written(campaign: Campaign) -> Refusal | None:
    """Return why a campaign must stay: the first reason that any room of the house gives; None
    without one."""
    reason = next(filter(None, (keeps(campaign) for keeps in house().reasons_to_keep)), None)
    return Refusal(f"Le recueil {campaign.year} ne se reprend plus : {reason}.") if reason else None


def may_collect(convention: Convention, year: int, today: datetime.date) -> Refusal | None:
    """Return why the figures of a year may not be collected, or None: it must be one of the term's,
    by the text in force on ``today`` (art. 7 asks for an evaluation of the convention's years)."""
    years = convention.years(today)
    if year in years:
        return None
    span = f"de {years[0]} à {years[-1]}" if len(years) > 1 else f"l’année {years[0]}"
    return Refusal(
        f"La convention couvre {span} : {year} n’est pas une de ses années. Une prolongation par "
        "avenant, ou la convention qui lui succède, en ajoute."
    )


def may_add_past_year(
    asker: User | None, convention: Convention, year: int, today: datetime.date
) -> Refusal | None:
    """Return why a past year's figures may not come from a file, or None: the year must be one of
    the term's, and over."""
    if refusal := may_collect(convention, year, today):
        return refusal
    if year >= today.year:
        return Refusal(
            f"L’année {year} n’est pas terminée : ses données se demandent par un recueil."
        )
    if may_manage_campaigns(asker, convention) is not None:
        return Refusal(
            f"L’année {year} n’a pas de recueil : la coordination la reprend d’un fichier, puis "
            "vous pouvez la compléter."
        )
    return None


def may_be_due(due_on: datetime.date, today: datetime.date) -> Refusal | None:
    """Return why a day is no deadline, or None: it must not have passed."""
    if due_on >= today:
        return None
    return Refusal(
        f"L’échéance du {long_date(due_on)} est passée : donnez-en une autre, pour que personne ne "
        "soit en retard d’avance."
    )


def may_add_to(asker: User, campaign: Campaign) -> Refusal | None:
    """Return why one more indicator may not be asked for, or None: figures must still be
    collected."""
    return refuse_unless_open(campaign) or may_manage_campaigns(asker, campaign.convention)


def refuse_unless_open(campaign: Campaign) -> Refusal | None:
    """Return why a campaign takes no figure from anybody, by its state; None while it is open."""
    if campaign.is_open:
        return None
    if campaign.is_prepared:
        return Refusal(f"Le recueil {campaign.year} n’est pas encore ouvert.")
    if campaign.is_cancelled:
        return Refusal(f"Le recueil {campaign.year} a été annulé.")
    return Refusal(
        f"Le recueil {campaign.year} est clos : une donnée n’y change plus que par une correction "
        "motivée, sur sa page."
    )
