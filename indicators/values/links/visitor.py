"""Identify who gives figures through a link: no account, the name and role that they stated."""

from dataclasses import dataclass, field

from accounts.models import User
from conventions.models import Commune, Convention
from ctg_portal.transitions import Outsider
from indicators.collection.links import EntryLink
from indicators.collection.rights import Contributor, contributor_of
from indicators.definitions.definition import Definition
from indicators.disclosure import is_under_stated_rule
from indicators.figures.campaigns import CampaignIndicator
from indicators.figures.values import Value


@dataclass(frozen=True)
class Visitor(Outsider):
    """Whoever holds a link, and has said who they are."""

    link: EntryLink
    name: str
    role: str

    def __str__(self):
        return f"{self.name}, {self.role}"

    @property
    def contributor(self) -> "LinkedContributor":
        """The contributor as whom they act, limited to what the link opens."""
        return LinkedContributor(
            user=self, convention=self.link.campaign.convention, link=self.link
        )


@dataclass(frozen=True)
class LinkedContributor(Contributor):
    """A contributor by a link: the figures of one organisation and one year. What a secrecy rule
    protects is never shown, not even once typed here: who sent the link may hold it."""

    link: EntryLink = field(default=None)

    def enters(self, entry: CampaignIndicator) -> bool:
        """Return whether the link's organisation enters this figure of the link's campaign,
        protected or not."""
        link = self.link
        return (entry.enterer_id, entry.campaign_id) == (link.organisation_id, link.campaign_id)

    def is_asked(self, entry: CampaignIndicator) -> bool:
        return self.enters(entry)

    def enters_for(self, organisation) -> bool:
        return organisation.pk == self.link.organisation_id

    def enters_on_behalf(self, entry: CampaignIndicator) -> bool:
        return False

    def reads_raw(self, entry: CampaignIndicator) -> bool:
        return self.enters(entry) and not is_kept_secret(entry)

    def recognises(self, entry: CampaignIndicator) -> bool:
        return self.reads_raw(entry)

    def is_kept_from(self, entry: CampaignIndicator, value: Value) -> bool:
        """Return whether a value is neither shown nor overwritten: it is given, or a draft of a
        person with an account. Drafts typed through this link are not kept."""
        if value.entered_through_id == self.link.pk:
            return value.is_shown
        # A draft of a person with an account is that person's, protected or not.
        is_theirs = value.is_draft and not value.is_on_behalf and not value.entered_through_id
        return value.is_shown or is_theirs or super().is_kept_from(entry, value)

    def capacity_for(self, entry: CampaignIndicator, commune: Commune | None = None) -> str:
        return f"par un lien de saisie, pour {entry.enterer.the}"


# Who enters a figure: a person, who holds a link, or None for the portal.
Enterer = User | Visitor | None


def asker_of(by: Enterer, convention: Convention) -> Contributor | None:
    """Return who acts, with what they may enter: a person, a link's holder, or None for the
    portal."""
    if isinstance(by, Visitor):
        return by.contributor
    return None if by is None else contributor_of(by, convention)


def is_kept_secret(entry: CampaignIndicator) -> bool:
    """Return whether nothing given through a link is shown there again: a secrecy rule is
    stated."""
    return is_under_stated_rule(Definition.of(entry.version), entry.rule)
