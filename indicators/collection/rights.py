"""For whom one enters figures, and who may run a yearly collection."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

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
from indicators.disclosure.models import Disclosure
from indicators.figures.campaigns import Campaign, CampaignIndicator, CampaignState
from indicators.figures.releases import ReleaseTransition, ReleaseVerb
from indicators.figures.values import Value


@dataclass(frozen=True)
class Contributor:
    """A person before the values of one convention.

    ``organisations``: primary keys of those in whose name the person enters, by a confirmed access
    (contributors, and the coordinator for the organisation that employs her); ``coordinated``: in
    whose name they coordinate; ``with_account``: of those in which somebody enters, so that nobody
    is expected to enter in their stead; ``alone``: of their own organisations, those in which
    nobody else enters.
    """

    user: object
    convention: Convention
    organisations: frozenset[int] = field(default_factory=frozenset)
    coordinated: frozenset[int] = field(default_factory=frozenset)
    with_account: frozenset[int] = field(default_factory=frozenset)
    alone: frozenset[int] = field(default_factory=frozenset)

    @cached_property
    def communes(self) -> dict[int, Organisation]:
        """The communes that organisations of the person are, by primary key."""
        if not self.organisations:
            return {}
        own = Organisation.objects.filter(pk__in=self.organisations)
        return {
            commune.pk: one for one in own for commune in communes_named(self.convention, [one])
        }

    @cached_property
    def releases(self) -> frozenset[int]:
        """The public statistics that the person brought, by primary key."""
        loaded = ReleaseTransition.objects.filter(verb=ReleaseVerb.LOADED, by=self.user.pk)
        return frozenset(loaded.values_list("release", flat=True))

    def enters(self, entry: CampaignIndicator) -> bool:
        """Whether the person may type the figure of an indicator: for an organisation of theirs, or
        on behalf of another. What a stated rule protects, who coordinates types for her own
        organisation only."""
        if self.coordinated and is_under_stated_rule(Definition.of(entry.version), entry.rule):
            return entry.enterer_id in self.organisations & self.coordinated
        return entry.enterer_id in self.organisations or self.enters_on_behalf(entry)

    def is_asked(self, entry: CampaignIndicator) -> bool:
        """Whether the figure is expected of the person: it is entered by an organisation of theirs,
        or by one in which nobody enters."""
        is_own = entry.enterer_id in self.organisations
        return self.enters(entry) and (is_own or entry.enterer_id not in self.with_account)

    def enters_for_commune(self, entry: CampaignIndicator, commune: Commune) -> bool:
        """Whether the person may type a commune's own figure, being of that commune: never one that
        a stated rule protects, which only its provider's own people read."""
        is_open = entry.is_by_commune and commune.pk in self.communes
        return is_open and not is_under_stated_rule(Definition.of(entry.version), entry.rule)

    @property
    def coordinates(self) -> bool:
        return bool(self.coordinated)

    def enters_for(self, organisation: Organisation) -> bool:
        """Whether the person may enter figures of an organisation: their own; who coordinates those
        of any other that states no secrecy rule, from what it has sent."""
        is_open = self.coordinates and not organisation.states_secrecy
        return organisation.pk in self.organisations or is_open

    def enters_on_behalf(self, entry: CampaignIndicator) -> bool:
        """Whether the person may enter a figure for an organisation that is not theirs: who
        coordinates, and never one of a provider that states a secrecy rule."""
        if not self.coordinates or entry.enterer_id in self.organisations:
            return False
        return not entry.states_secrecy and self.enters_for(entry.enterer)

    def stands_in_for(self, organisation: Organisation) -> bool:
        """Whether it is the person who is to enter for an organisation in which nobody does."""
        is_own = organisation.pk in self.organisations or organisation.pk in self.with_account
        return self.coordinates and not is_own and self.enters_for(organisation)

    def reads_raw(self, entry: CampaignIndicator) -> bool:
        """Whether the person sees the figure as it was typed: of whom it is expected, or who
        provides it and has to confirm it. All others are shown what is disclosed."""
        return self.is_asked(entry) or self.provides(entry)

    def provides(self, entry: CampaignIndicator) -> bool:
        """Whether it is an organisation of the person's that provides the figure."""
        return entry.provider_id in self.organisations

    def is_alone_in(self, organisation: Organisation) -> bool:
        """Whether nobody else could verify what the person gives for an organisation."""
        return organisation.pk in self.alone

    def recognises(self, entry: CampaignIndicator) -> bool:
        """Whether the person may find out that what they type of an indicator is there already."""
        return True

    def is_kept_from(self, entry: CampaignIndicator, value: Value) -> bool:
        """Whether a value is not written over by the person, who may enter others of its
        organisation, nor read as it was typed: what that organisation's own people have begun, be
        they there or not, or given and nobody has returned."""
        if value.is_on_behalf or value.is_returned:
            return False
        if value.is_draft:
            return self.organisations.isdisjoint([entry.enterer_id, entry.provider_id])
        return not self.reads_raw(entry)

    def capacity_for(self, entry: CampaignIndicator, commune: Commune | None = None) -> str:
        """In whose name the person acts on a value: who enters it, who provides it, the commune
        whose figure it is, or else the coordination."""
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
    """What ``user`` may enter in a convention, in one query."""
    return _contributor(user, convention, list(accounts_of([convention])))


def contributors_of(convention: Convention) -> dict[int, Contributor]:
    """All who enter figures in a convention, by primary key, in two queries."""
    accounts = list(accounts_of([convention]))
    people = User.objects.filter(pk__in={account.user for account in accounts}, is_active=True)
    return {user.pk: _contributor(user, convention, accounts) for user in people}


def _contributor(user: User, convention: Convention, accounts: "list[Account]") -> Contributor:
    own = [account for account in accounts if account.user == user.pk]
    organisations = frozenset(account.organisation for account in own if account.enters)
    return Contributor(
        user=user,
        convention=convention,
        organisations=organisations,
        coordinated=coordinated_in(own),
        with_account=frozenset(a.organisation for a in accounts if a.keeps_its_figures),
        alone=organisations - with_others(user, accounts),
    )


class Account(NamedTuple):
    """Who enters figures, where, by primary keys. ``user``: 0 where the access is not confirmed, or
    has ended. ``enters``: whether it lets its user enter, and not only coordinate.

    ``states_secrecy``: the organisation states a secrecy rule; ``is_suspended``: the access is.
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
        """Whether nobody enters in its organisation's stead: somebody is there, or was suspended,
        which gives nothing to who suspends, or was there under a secrecy rule. What its people
        typed is not the coordinator's to read once the last of them has left."""
        return bool(self.user) or self.is_suspended or self.states_secrecy


def accounts_of(conventions: Iterable) -> Iterator[Account]:
    """Yield all who enter figures in these conventions, or did, in one query."""
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


def with_others(user: User, accounts: Iterable[Account]) -> frozenset[int]:
    """Return in which organisations somebody else than a person enters."""
    others = (one for one in accounts if one.enters and one.user not in (0, user.pk))
    return frozenset(one.organisation for one in others)


def coordinated_in(own: Iterable[Account]) -> frozenset[int]:
    """Return for which organisations a person coordinates who has these accounts."""
    return frozenset(one.organisation for one in own if one.role == Role.COORDINATOR)


def reads_what_is_secret(user: User) -> Refusal | None:
    """Who reads figures that a stated rule of secrecy protects, or protected when their year was
    closed, does not stay logged in for weeks."""
    held = Membership.objects.effective().filter(user=user, role__in=Role.entering())
    conventions = Convention.objects.filter(pk__in=held.values("organisation__convention"))
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
    """Prepare, open, close and reopen the yearly collections."""
    if asker is None or coordinates(asker, convention):
        return None
    return COORDINATION_ONLY


def may_open(asker: User, campaign: Campaign) -> Refusal | None:
    if not campaign.is_prepared:
        return Refusal(f"Le recueil {campaign.year} a déjà été ouvert.")
    return may_manage_campaigns(asker, campaign.convention)


def may_close(asker: User, campaign: Campaign) -> Refusal | None:
    if not campaign.is_open:
        return Refusal(f"Le recueil {campaign.year} n’est pas ouvert.")
    return may_manage_campaigns(asker, campaign.convention)


def may_reopen(asker: User, campaign: Campaign) -> Refusal | None:
    if campaign.state != CampaignState.CLOSED:
        return Refusal(f"Le recueil {campaign.year} n’est pas clos.")
    return may_manage_campaigns(asker, campaign.convention)


def may_edit_campaign(asker: User, campaign: Campaign) -> Refusal | None:
    """Change by when figures are expected, and the message to contributors."""
    if campaign.is_closed:
        return Refusal(f"Le recueil {campaign.year} est clos : ses dates ne changent plus.")
    return may_manage_campaigns(asker, campaign.convention)


def may_remind(asker: User, campaign: Campaign) -> Refusal | None:
    """Remind organisations of what they owe."""
    return not_open(campaign) or may_manage_campaigns(asker, campaign.convention)


def may_move_deadline(asker: User, campaign: Campaign) -> Refusal | None:
    """Give one organisation another day than that of the collection."""
    return may_edit_campaign(asker, campaign)


def may_undo_campaign(asker: User, campaign: Campaign) -> Refusal | None:
    """Cancel a collection prepared for the wrong year, or move it to another: while it is empty,
    and nothing is written of its year."""
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
    return written_of(campaign)


def written_of(campaign: Campaign) -> Refusal | None:
    """Why a collection stays: what others have written of its year."""
    kept = next(filter(None, (keeps(campaign) for keeps in house().reasons_to_keep)), None)
    return Refusal(f"Le recueil {campaign.year} ne se reprend plus : {kept}.") if kept else None


def may_collect(convention: Convention, year: int, today: datetime.date) -> Refusal | None:
    """Collect the figures of a year: one that the term touches, by the text in force (art. 7 asks
    for an evaluation of the convention's years)."""
    years = convention.years(today)
    if year in years:
        return None
    span = f"de {years[0]} à {years[-1]}" if len(years) > 1 else f"l’année {years[0]}"
    return Refusal(
        f"La convention couvre {span} : {year} n’est pas une de ses années. Une prolongation par "
        "avenant, ou la convention qui lui succède, en ajoute."
    )


def may_bring_year(
    asker: User | None, convention: Convention, year: int, today: datetime.date
) -> Refusal | None:
    """Take a past year's figures from a file where nobody was asked for them: a year of the term
    that is over."""
    if refusal := may_collect(convention, year, today):
        return refusal
    if year >= today.year:
        return Refusal(
            f"L’année {year} n’est pas terminée : ses données se demandent par un recueil."
        )
    if may_manage_campaigns(asker, convention):
        return Refusal(
            f"L’année {year} n’a pas de recueil : la coordination la reprend d’un fichier, puis "
            "vous pouvez la compléter."
        )
    return None


def may_be_due(due_on: datetime.date, today: datetime.date) -> Refusal | None:
    """Ask for figures by a day: not one that has passed."""
    if due_on >= today:
        return None
    return Refusal(
        f"L’échéance du {long_date(due_on)} est passée : donnez-en une autre, pour que personne ne "
        "soit en retard d’avance."
    )


def may_add_to(asker: User, campaign: Campaign) -> Refusal | None:
    """Ask for one more indicator while the figures of the year are collected."""
    return not_open(campaign) or may_manage_campaigns(asker, campaign.convention)


def not_open(campaign: Campaign) -> Refusal | None:
    """Why no figure of the year is taken from anybody; None while it is open."""
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
