"""The page of the settings of a convention: what each is now, and where it is changed."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse

from accounts.models import User
from conventions.access.rights import coordinates, referred_by
from conventions.journal.models import Setting, SettingChange
from conventions.legal.convention import Convention
from conventions.legal.words import Words
from conventions.parties.models import Party
from conventions.parties.reading import parties_of
from conventions.setting_up.models import Project
from conventions.settings import rights
from conventions.territory.reading import perimeter_of
from ctg_portal.house import SettingRow, house, in_turn
from ctg_portal.templatetags.french import enumerate_words, long_date, plural

SHOWN_CHANGES = 50


@dataclass(frozen=True)
class PartyRow:
    """A party with what is set of it; ``may_change``: seat, logo and source; ``is_own``: the reader
    is a référent of it, who gives its official address and its threshold."""

    party: Party
    may_change: bool
    is_own: bool

    @property
    def lacks_address(self) -> bool:
        return not self.party.organisation.email


@dataclass(frozen=True)
class ChangeRow:
    """A line of the log; ``can_be_undone`` by the reader."""

    change: SettingChange
    what: str
    text: str
    can_be_undone: bool

    @property
    def who(self) -> str:
        """The day of the change, who made it, in which capacity."""
        change = self.change
        by = change.by_name or "l’hébergeur du portail"
        return ", ".join(filter(None, [long_date(change.created_at), by, change.capacity]))


class SettingsPage:
    """The settings of a convention for one person, who may read them."""

    def __init__(self, convention: Convention, user: User, day):
        self.convention, self.user, self.day = convention, user, day
        self.coordinates = coordinates(user, convention)

    @cached_property
    def parties(self) -> list[PartyRow]:
        """The parties; for who does not coordinate, those that they are a référent of."""
        own = referred_by(self.user, self.convention)
        return [
            PartyRow(party, self.coordinates or is_own, is_own)
            for party in parties_of(self.convention)
            for is_own in [party.organisation_id in own]
            if self.coordinates or is_own
        ]

    @property
    def title(self) -> str:
        """The headline, which names what is missing."""
        lacking = [row.party.organisation for row in self.parties if row.lacks_address]
        if not lacking:
            return "Réglages de la convention"
        if len(lacking) == 1:
            return f"Réglages : il manque l’adresse officielle {lacking[0].genitive}"
        return f"Réglages : il manque l’adresse officielle de {len(lacking)} parties"

    @property
    def rows(self) -> list[SettingRow]:
        """The settings of the whole convention, for its coordination."""
        words = self.convention.words
        nouns = (words.axis, words.theme, words.objective, words.sector)
        return [
            SettingRow("Contact", self.convention.contact or "aucun", self._url("set_contact")),
            SettingRow("Mots", enumerate_words(word.plural for word in nouns),
                       self._url("set_words")),
            SettingRow("Préavis de résiliation", f"{self.convention.notice_months} mois",
                       self._url("set_notice")),
        ]  # fmt: skip

    @property
    def rows_elsewhere(self) -> list[SettingRow]:
        """The settings that have a page of their own."""
        own = [
            SettingRow("Organismes et personnes", "", self._url("directory")),
            SettingRow("Accès au portail", "", self._url("access")),
        ]
        return [*own, *(row for row in self._rows_of_rooms if not row.is_of_text)]

    @property
    def rows_of_text(self) -> list[SettingRow]:
        """The pages on which a change of the signed text is proposed."""
        return [row for row in self._rows_of_rooms if row.is_of_text]

    @cached_property
    def _rows_of_rooms(self) -> list[SettingRow]:
        return in_turn(house().settings, self.convention)

    @property
    def signed(self) -> list[tuple[str, str]]:
        """The parts of a convention that only an amendment changes, each with how it stands."""
        names = [party.organisation.name for party in parties_of(self.convention)]
        communes = len(perimeter_of(self.convention, self.convention.reading_day(self.day)))
        return [
            ("Durée", self.convention.describe_term()),
            ("Parties", enumerate_words(names)),
            ("Territoire", plural(communes, "commune,communes")),
        ]

    @cached_property
    def project(self) -> Project | None:
        """The project from which an unsigned convention is changed, for who prepares it."""
        if self.convention.is_signed:
            return None
        projects = Project.objects.visible_to(self.user)
        return projects.filter(convention=self.convention).first()

    @cached_property
    def changes(self) -> list[ChangeRow]:
        """The last changes, the latest first; of the parties that the reader sees."""
        rows = SettingChange.objects.of(self.convention).with_all()
        if not self.coordinates:
            rows = rows.filter(organisation__in=[row.party.organisation_id for row in self.parties])
        changes = []
        for change in rows[:SHOWN_CHANGES]:
            change.convention = self.convention
            if change.organisation:
                change.organisation.convention = self.convention
            refusal = rights.may_undo(self.user, change)
            whose = f" – {change.organisation.name}" if change.organisation else ""
            what = f"{change.get_setting_display()}{whose}"
            changes.append(ChangeRow(change, what[:1].upper() + what[1:], text_of(change),
                                     refusal is None))  # fmt: skip
        return changes

    def _url(self, route: str) -> str:
        return reverse(f"conventions:{route}", args=[self.convention.slug])


def text_of(change: SettingChange) -> str:
    """Return what a change says: « 3 mois → 6 mois »."""
    if change.setting == Setting.LOGO:
        return "logo changé" if change.after else "logo retiré"
    before, after = (label_value(change.setting, value) for value in (change.before, change.after))
    return f"{before} → {after}"


def label_value(setting: str, value: Any) -> str:
    """Return the value of a setting in words."""
    if setting == Setting.WORDS:
        words = Words.from_labels(value or {})
        nouns = (words.axis, words.theme, words.objective, words.sector)
        return enumerate_words(word.plural for word in nouns)
    if setting == Setting.NOTICE:
        return f"{value} mois"
    return str(value) if value not in (None, "") else "rien"
