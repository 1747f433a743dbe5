"""Import the figures of a year from a file: read, compared and saved as typed figures are."""

import datetime
from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conventions.imports import ImportIntoConvention
from conventions.models import Convention
from ctg_portal.forms.revisions import Rewritten, decode_revision, revision_of
from ctg_portal.rules import Refusal, Refused, enforce
from indicators.collection.rights import Contributor, contributor_of, refuse_unless_open
from indicators.collection.things import Things
from indicators.figures.campaigns import Campaign, CampaignIndicator
from indicators.figures.values import Value
from indicators.values.events import Saving
from indicators.values.figure import Figure
from indicators.values.files.knowledge import KnowledgeOfValues
from indicators.values.files.lines import line_of_read, read_preview
from indicators.values.files.reads import Target
from indicators.values.links.visitor import Enterer, Visitor, asker_of
from indicators.values.plausibility import figures_before, read_acts
from indicators.values.rights import may_write
from indicators.values.tables import figures_of_communes_before
from indicators.values.writing import Typed, rewritten
from spreadsheets.columns.kept import columns_of
from spreadsheets.columns.questions import Asking
from spreadsheets.importing.adapter import GONE, ImportWords, Undoing
from spreadsheets.importing.preview import Line, Preview
from spreadsheets.reading.cells import Book

NOT_CONTRIBUTING = Refusal("Un fichier de données est envoyé par qui saisit dans ce recueil.")
# How many figures surprise, and of how many, where their column may have slipped.
SHIFTED, FEWEST = 0.6, 5


class ImportOfValues(ImportIntoConvention):
    """The import of the figures of a year; its scope is « slug/2023 »."""

    name = "indicators.values"
    words = ImportWords(
        things="valeur,valeurs",
        layouts="Deux dispositions se lisent : une ligne par chiffre, ou un tableau croisé "
        "(communes ou années en lignes ou en colonnes). Pour toute autre, remplissez le "
        "classeur du portail, ou collez vos chiffres dans la grille.",
        onward="Voir les données, puis transmettre",
        undoing="ce qui a été repris ou transmis depuis reste. Une valeur qui était transmise "
        "avant l’import est alors à transmettre de nouveau.",
    )

    def refusal(self, scope, user: User | None):
        return self.access(scope, user) or refuse_unless_open(campaign_in(scope))

    def access(self, scope, user: User | None):
        campaign = campaign_in(scope)
        if user is None:
            return None
        if not Convention.objects.visible_to(user).filter(pk=campaign.convention_id).exists():
            raise Refused(GONE)
        contributor = contributor_of(user, campaign.convention)
        return None if contributor.may_contribute else NOT_CONTRIBUTING

    def office(self, scope, user: User | None):
        contributor = contributor_of(user, campaign_in(scope).convention)
        return ",".join(map(str, sorted(contributor.organisations | contributor.coordinated)))

    def origin(self, scope):
        campaign = campaign_in(scope)
        return reverse("indicators:entry", args=[campaign.convention.slug, campaign.year])

    def title(self, scope):
        return f"Données de {campaign_in(scope).year}"

    def preview(self, scope, book, asking, user: User | None):
        if refusal := self.refusal(scope, user):
            return Preview(refusal=refusal)
        return preview_values(campaign_in(scope), book, asking, user)

    def keep(self, scope, line, *, by: User | None):
        return self.keeper(scope, [line], by=by)(line)

    def keeper(self, scope, lines, *, by: User | None):
        saving = Saving({line.about.entry for line in lines}, by=by)

        def keep(line: Line) -> Undoing:
            entry, commune = line.about
            before = before_of(line, saving.current(entry, commune))
            value = saving.save(
                entry, line.content, commune=commune, revision=decode_revision(line.compared_with)
            )
            return Undoing(before, str(revision_of(value)))

        return keep

    def readable(self, scope, keys, user: User | None):
        campaign = campaign_in(scope)
        entries = campaign.campaign_indicators.filter(pk__in={entry_key(key) for key in keys})
        stored = {str(pk) for pk in entries.values_list("pk", flat=True)}
        hidden = stored - _readable_keys(user, campaign, entries)
        return {key for key in keys if entry_key(key) not in hidden}

    def reach(self, scope, user: User | None):
        campaign = campaign_in(scope)
        return _readable_keys(user, campaign, campaign.campaign_indicators.all()) if user else set()

    def undo(self, scope, key, before, writing, *, by: User | None):
        self.undoer(scope, [key], by=by)(key, before, writing)

    def undoer(self, scope, keys, *, by: User | None):
        campaign = campaign_in(scope)
        asked = campaign.campaign_indicators.filter(pk__in={entry_key(key) for key in keys})
        entries = {str(entry.pk): entry for entry in asked}
        communes = {str(one.pk): one for one in campaign.convention.communes.all()}
        saving = Saving(entries.values(), by=by)

        def undo(key: str, before: dict, writing: str) -> None:
            entry, commune = entries.get(entry_key(key)), communes.get(key.partition("-")[2])
            enforce(None if entry else GONE)
            figure, typed = decode_before(before)
            try:
                saving.save(
                    entry, figure, commune=commune, revision=decode_revision(writing), typed=typed
                )
            except Refused as refused:
                if not isinstance(refused.refusal, Rewritten):
                    raise
                there = saving.current(entry, commune)
                raise Refused(rewritten(there, since="l’import")) from refused

        return undo


def _readable_keys(user: User | None, campaign: Campaign, entries) -> set[str]:
    """Return the keys of the entries whose figures somebody types or reads as typed."""
    contributor = contributor_of(user, campaign.convention)
    return {
        str(entry.pk)
        for entry in entries.with_relations()
        if contributor.enters(entry) or contributor.reads_raw(entry)
    }


def entry_key(key: str) -> str:
    """Return the key of the indicator in its collection, from the key of a line."""
    return key.partition("-")[0]


def may_bring(contributor: Contributor, campaign: Campaign) -> Refusal | None:
    """Return why somebody may not import a file of figures of a year, or None."""
    if not contributor.may_contribute:
        return NOT_CONTRIBUTING
    return refuse_unless_open(campaign)


def campaign_in(scope: str) -> Campaign:
    """Return the collection that a scope names. Raises Refused without one."""
    slug, _, year = scope.partition("/")
    campaigns = Campaign.objects.select_related("convention").filter(convention__slug=slug)
    campaign = campaigns.for_year(int(year)).first() if year.isdecimal() else None
    if campaign is None:
        raise Refused(Refusal(f"La convention {slug} n’a pas de recueil {year}."))
    return campaign


def preview_values(campaign: Campaign, book: Book, asking: Asking, user: Enterer) -> Preview:
    """Return what a book would change of the figures of a year, for somebody who enters them."""
    target = YearTarget(campaign, user)
    columns = columns_of(book, target.knowledge, asking.columns, asking.remembered)
    result = read_preview(target, book, columns, asking)
    _warn_of_resubmission(result, target.values)
    return result


class YearTarget(Target):
    """The figures of a year's collection, as somebody may give them."""

    def __init__(self, campaign: Campaign, user: Enterer):
        self.campaign, self.convention = campaign, campaign.convention
        self.asker = asker_of(user, self.convention)
        entries = campaign.campaign_indicators.in_reading_order().list_sharing_relations()
        for entry in entries:
            entry.campaign = campaign
        self.entries = {str(entry.indicator_id): entry for entry in entries}
        # Who holds a link is shown nothing of what is there: all that they bring is new.
        is_linked = isinstance(user, Visitor)
        self.values = {} if is_linked else values_by_slot(entries)
        self.befores = {} if is_linked else figures_before(entries)
        by_commune = [entry for entry in entries if entry.is_by_commune and not is_linked]
        self.tables_before = figures_of_communes_before(by_commune)
        term = self.convention.years(timezone.localdate())
        years = sorted({*term, campaign.year - 1, campaign.year})
        self.knowledge = KnowledgeOfValues(
            self.convention, entries, years, campaign.year, offers=self.gives
        )

    def gives(self, entry: CampaignIndicator) -> bool:
        """Return whether the person gives a figure of an indicator, of a commune at least."""
        is_of_communes = entry.is_by_commune and bool(self.asker and self.asker.communes)
        return self.asker is None or self.asker.enters(entry) or is_of_communes

    def entry(self, indicator, year):
        return self.entries.get(indicator)

    def takes(self, year):
        return year == self.campaign.year

    def value(self, slot):
        return self.values.get(slot.key)

    def before(self, slot):
        if slot.commune is not None:
            return self.tables_before.get(slot.entry.pk, {}).get(slot.commune.pk)
        return self.befores.get(slot.entry.pk)

    def line(self, reading, result):
        slot = reading.slot
        refusal = may_write(self.asker, slot.entry, self.value(slot), slot.commune)
        return refusal or line_of_read(reading, self.value(slot), self.before(slot))


def values_by_slot(entries: Iterable[CampaignIndicator]) -> dict[str, Value]:
    """Return the values of these entries, those of communes too, by the key of their slot."""
    values = list(Value.objects.filter(campaign_indicator__in=list(entries)))
    read_acts(values)
    keys = ((value.campaign_indicator_id, value.commune_id) for value in values)
    slots = (f"{entry}-{commune}" if commune else str(entry) for entry, commune in keys)
    return dict(zip(slots, values, strict=True))


def _warn_of_resubmission(result: Preview, values: dict[str, Value]) -> None:
    """Warn that submitted figures which the file changes are to be submitted again, a table of
    communes as a whole."""
    submitted = [line for line in result.changed if values[line.key].is_shown]
    if not submitted:
        return
    tables = {line.about.entry.pk for line in submitted if line.about.entry.is_by_commune}
    single = [line for line in submitted if not line.about.entry.is_by_commune]
    things = Things(len(single), len(tables))
    sentence = (
        f"Une fois ce fichier enregistré, {things.counted} {things.are} à transmettre de nouveau"
    )
    result.undoes.append(f"{sentence} : ce qui avait été transmis change.")


def before_of(line: Line, value: Value | None) -> dict:
    """Return, as plain data, what undoing a line needs: the figure that it replaces and who typed
    it."""
    if not line.compared_with or value is None:
        return {"figure": None}
    return {"figure": encode_figure(line.was), "typed": asdict(Typed.of(value))}


def decode_before(before: dict) -> tuple[Figure, Typed | None]:
    """Return the figure and its writing that ``before_of`` has stored. Imports of earlier releases
    have not stored who typed it: the writing is None."""
    figure = decode_figure(before["figure"]) if before["figure"] else Figure()
    typed = before.get("typed")
    return figure, Typed(**typed) if typed else None


def encode_figure(figure: Figure) -> dict:
    """Return a figure as plain data, for JSON."""
    return {
        name: str(value) if isinstance(value, Decimal | datetime.date) else value
        for name, value in asdict(figure).items()
    }


def decode_figure(plain: dict) -> Figure:
    """Return the figure that ``encode_figure`` has made plain."""
    numbers = {
        name: None if plain[name] is None else Decimal(plain[name])
        for name in ("number", "numerator", "denominator")
    }
    days = {
        name: datetime.date.fromisoformat(plain[name])
        for name in ("observed_from", "observed_until")
    }
    return Figure(**(plain | numbers | days))
