"""Read the page of one value with its definition and history, and the values to verify."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch

from conventions.models import Commune, Organisation
from ctg_portal.rules import Refusal
from indicators.collection.rights import Contributor
from indicators.collection.things import Things
from indicators.definitions.definition import Definition
from indicators.disclosure import NOTHING, DisclosedFigure, disclose, is_protected
from indicators.disclosure.places import TERRITORY
from indicators.disclosure.reading import disclosed_by_commune
from indicators.figures.campaigns import Campaign, CampaignIndicator
from indicators.figures.values import Evidence, Value, ValueState, ValueTransition, ValueVerb
from indicators.values import rights
from indicators.values.entry_row import EntryRow, raw_text, revisions_sent
from indicators.values.plausibility import doubts, figures_before
from indicators.values.table_row import TableRow, table_rows, values_of, whole_of
from indicators.values.tables import definition_for_commune, figures_of_communes_before
from indicators.values.totals import all_before

OF_A_TABLE = Refusal("Un tableau se vérifie et se retourne entier.")
WITHOUT_PIECES = Refusal("Les pièces se joignent à un indicateur de tout le territoire.")
STATE_TITLES = {
    None: "donnée attendue",
    ValueState.DRAFT: "donnée à transmettre",
    ValueState.RETURNED: "donnée retournée",
    ValueState.SUBMITTED: "donnée transmise",
    ValueState.VERIFIED: "donnée vérifiée",
}


@dataclass(frozen=True)
class HistoryLine:
    """An act on a value; ``figure`` and ``text`` are empty where the person may not read them."""

    transition: ValueTransition
    figure: str = ""
    text: str = ""


class ValuePage:
    """One indicator of a campaign as a person sees it; of one ``commune``, if it is a figure of a
    table."""

    def __init__(
        self,
        entry: CampaignIndicator,
        contributor: Contributor,
        today: datetime.date,
        commune: Commune | None = None,
    ):
        self.entry, self.contributor, self.today = entry, contributor, today
        self.commune = commune
        definition = Definition.of(entry.version)
        self.definition = definition_for_commune(definition) if commune else definition

    @cached_property
    def value(self) -> Value | None:
        """The stored value with its documents and acts, the last first; None if there is none."""
        entries = Prefetch("transitions", ValueTransition.objects.order_by("-created_at", "-pk"))
        evidence = Prefetch("evidence", Evidence.objects.select_related("document"))
        values = Value.objects.filter(campaign_indicator=self.entry, commune=self.commune)
        value = values.prefetch_related(entries, evidence).first()
        if value is not None:
            value.campaign_indicator = self.entry
        return value

    @cached_property
    def reads_raw(self) -> bool:
        """Whether the person is shown the figure as it was typed: who enters or provides it, and
        who entered it on behalf of others; not what those others have begun."""
        is_own = self.value is not None and self.value.is_on_behalf
        if is_own and self.contributor.enters(self.entry):
            return True
        if self.commune and self.contributor.enters_for_commune(self.entry, self.commune):
            return True
        is_kept = self.value is not None and self.contributor.is_kept_from(self.entry, self.value)
        return not is_kept and self.contributor.reads_raw(self.entry)

    @cached_property
    def row(self) -> EntryRow:
        """The indicator, or its commune, as a row of the list; its earlier figure as the person may
        read it, the value raw."""
        if self.commune:
            earlier = figures_of_communes_before([self.entry], reader=self.contributor)
            before = earlier[self.entry.pk].get(self.commune.pk)
        else:
            before = figures_before([self.entry], reader=self.contributor).get(self.entry.pk)
        return EntryRow(self.entry, self.value, before, self.today, commune=self.commune)

    @cached_property
    def disclosed(self) -> DisclosedFigure:
        """The figure as everybody reads it."""
        if self.commune:
            read = disclosed_by_commune([self.entry])[self.entry.pk]
            return read.communes.get(self.commune.pk, NOTHING)
        return disclose(self.value, self.definition, self.entry.rule)

    @property
    def title(self) -> str:
        """The answer of the page: « Places agréées, 2024 : donnée vérifiée »."""
        state = STATE_TITLES[self.value.state if self.value else None]
        whose = f", {self.commune}" if self.commune else ""
        return f"{self.definition.title}{whose}, {self.entry.campaign.year} : {state}"

    @property
    def is_shown_otherwise(self) -> bool:
        """Whether everybody reads something else than the stored value; False without a value."""
        return self.value is not None and self.disclosed.words != self.row.text

    @property
    def secrecy(self) -> str:
        """The reason why others are not shown the figure of the whole territory; empty if they are,
        nothing is disclosed yet, or the page is about a commune."""
        disclosure = self.entry.disclosed
        if self.commune or disclosure is None or TERRITORY not in disclosure.reasons:
            return ""
        return disclosed_by_commune([self.entry], self.contributor)[self.entry.pk].secrecy[None]

    @property
    def is_reserved(self) -> bool:
        """Whether the texts beside the figure are kept from the person: it is protected, not
        published, and they do not read it raw."""
        is_public = self.value is not None and self.value.is_public
        is_own = self.reads_raw or is_public
        return not is_own and is_protected(self.definition, self.entry.rule)

    @property
    def texts(self) -> Value | DisclosedFigure:
        """The row that has the texts beside the figure: the value if the person reads it raw, else
        what is disclosed."""
        return self.value if self.reads_raw and self.value else self.disclosed

    @property
    def returned(self) -> ValueTransition | None:
        """The last return of the value, with its reason, while it is to be redone; else None."""
        return self.row.returned

    @property
    def history(self) -> list[HistoryLine]:
        """The acts on the value, the last first; figures and texts if the person may read them."""
        if self.value is None:
            return []
        lines = []
        for row in self.value.transitions.all():
            figure = ""
            if self.reads_raw and row.verb not in (ValueVerb.ATTACHED, ValueVerb.RETURNED):
                text = raw_text(row, self.definition)
                figure = f"{text} (provisoire)" if row.provisional else text
            lines.append(HistoryLine(row, figure, row.reason if self._reads_text(row) else ""))
        return lines

    def _reads_text(self, row: ValueTransition) -> bool:
        """Return whether the person reads the text of an act: who reads the figure raw does; others
        read reasons of corrections and contestations and, with the right to open them, the names of
        documents, the coordination also those of returns; nothing of a protected figure."""
        if self.reads_raw:
            return True
        # Beside what is published now, an act on a figure that was nobody's but its provider's.
        is_own = row.release_id is None and is_protected(self.definition, self.entry.rule)
        if self.is_reserved or is_own:
            return False
        if row.verb == ValueVerb.ATTACHED:
            return self.may_read_evidence is None
        return row.verb in (ValueVerb.CORRECTED, ValueVerb.CONTESTED) or (
            self.contributor.coordinates and row.verb == ValueVerb.RETURNED
        )

    # What may be done ----------------------------------------------------------------------------

    @property
    def may_write(self) -> Refusal | None:
        """The refusal to enter it or, once the year is closed, to correct it; or None."""
        if self.is_correction:
            return rights.may_correct(self.contributor, self.entry, self.value)
        return rights.may_write(self.contributor, self.entry, self.value, self.commune)

    @property
    def is_correction(self) -> bool:
        """Whether the campaign is closed, so that writing it is a correction."""
        return self.entry.campaign.is_closed

    @property
    def is_given_again(self) -> bool:
        """Whether writing it makes a draft of a value that was submitted or verified."""
        return not self.is_correction and self.value is not None and self.value.is_shown

    @property
    def may_verify(self) -> Refusal | None:
        """The refusal to verify it from here, or None; never of a commune's figure alone."""
        if self.commune:
            return OF_A_TABLE
        if self.value is None:
            return Refusal("Rien n’est encore saisi.")
        return rights.may_verify(self.contributor, self.value)

    @property
    def is_to_be_disclosed(self) -> bool:
        """Whether it is given, protected and not disclosed, and the person's organisation provides
        it: they may preview and disclose it. Never of one commune."""
        is_given = self.value is not None and self.value.is_shown and not self.commune
        return is_given and rights.may_preview_disclosure(self.contributor, self.entry) is None

    @property
    def may_return(self) -> Refusal | None:
        """The refusal to return it from here, or None; a table goes back whole."""
        if self.commune:
            return OF_A_TABLE
        value = self.value
        if self.entry.is_by_commune:  # all of the table goes back
            value = table_rows([self.entry], values_of([self.entry]))[0].shown
        if value is None:
            return Refusal("Rien n’est encore saisi.")
        return rights.may_return(self.contributor, value)

    @property
    def may_attach(self) -> Refusal | None:
        """The refusal to attach a document, or None; a commune's figure never has one."""
        if self.commune:
            return WITHOUT_PIECES
        if self.value is None:
            return Refusal("Enregistrez une valeur avant d’y joindre une pièce.")
        return rights.may_attach(self.contributor, self.value)

    @property
    def who_reads_evidence(self) -> str:
        """The sentence on who reads a document that is attached."""
        if is_protected(self.definition, self.entry.rule):
            return "Elle est lue par le fournisseur de la donnée et par qui la saisit, seuls : la "\
                   "donnée est soumise au secret statistique."  # fmt: skip
        return "Elle est lue par le fournisseur de la donnée, par qui la saisit, et par la "\
               "coordination."  # fmt: skip

    @property
    def may_read_evidence(self) -> Refusal | None:
        return rights.may_read_evidence(self.contributor, self.entry)


class VerifyPage:
    """The submitted values of a campaign that the person's organisations provide. ``is_ticked``:
    those that are ``plain`` are ticked already."""

    def __init__(
        self, campaign: Campaign, contributor: Contributor, today: datetime.date,
        *, is_ticked: bool = False,
    ):  # fmt: skip
        self.campaign, self.contributor, self.today = campaign, contributor, today
        self.is_ticked = is_ticked

    @cached_property
    def rows(self) -> list[EntryRow | TableRow]:
        """The submitted values, then the tables with a submitted value, read in what is given."""
        provided = self.campaign.campaign_indicators.provided_by(self.contributor.organisations)
        provided = provided.list_in_campaign(self.campaign)
        entries = [entry for entry in provided if self.contributor.provides(entry)]
        values, before = values_of(entries), all_before(entries)
        rows = []
        for entry in entries:
            value = None if entry.is_by_commune else whole_of(values[entry.pk])
            if value is not None and value.is_submitted:
                rows.append(EntryRow(entry, value, before[entry.pk].get(None), self.today))
        tables = table_rows(entries, values, before, hides=lambda _, value: not value.is_shown)
        return rows + [row for row in tables if row.value and row.value.is_submitted]

    @cached_property
    def awaiting(self) -> list[EntryRow | TableRow]:
        """The rows that the person may verify."""
        asker = self.contributor
        return [row for row in self.rows if rights.may_verify(asker, row.value) is None]

    @cached_property
    def plain(self) -> list[EntryRow | TableRow]:
        """The rows to verify that are numbers without doubt or text beside them; the others are
        ticked one by one."""
        return [row for row in self.awaiting if is_plain(row)]

    @property
    def is_alone(self) -> bool:
        """Whether the person is the only one to enter for a provider of these rows, and so verifies
        what they typed."""
        return any(map(self.contributor.is_alone_in, self.organisations))

    @property
    def to_be_disclosed(self) -> set[int]:
        """The keys of the entries, not published, that are protected and not disclosed yet."""
        asker, rows = self.contributor, [row for row in self.rows if not row.value.is_public]
        entries = [row.entry for row in rows]
        return {e.pk for e in entries if rights.may_preview_disclosure(asker, e) is None}

    @property
    def plain_keys(self) -> set[int]:
        return {row.entry.pk for row in self.plain}

    @property
    def own(self) -> list[EntryRow | TableRow]:
        """The rows that the person may not verify, as they typed them: a colleague does."""
        return [row for row in self.rows if row not in self.awaiting]

    @property
    def organisations(self) -> list[Organisation]:
        """The providers of these rows, in no order."""
        return list({row.entry.provider for row in self.rows})

    def chosen(self, texts: Iterable[str]) -> list[tuple[Value, int]]:
        """Return the value of each row that was ticked, with the revision in which it was shown.
        ``texts``: as ``revisions_sent`` takes them."""
        sent = revisions_sent(texts)
        return [(row.value, sent[row.entry.pk]) for row in self.rows if row.entry.pk in sent]

    @property
    def title(self) -> str:
        """The title « 3 valeurs et 1 tableau attendent votre vérification », counting what the
        person may verify; another sentence if that is nothing."""
        if not self.awaiting:
            return "Aucune valeur n’attend votre vérification"
        things = Things.of(row.is_table for row in self.awaiting)
        return f"{things.counted} {things.await_} votre vérification"


def is_plain(row: EntryRow | TableRow) -> bool:
    """Return whether a row is a final number of the territory, without a doubt or a comment; a
    table has to be read."""
    value = row.value
    if row.entry.is_by_commune:
        return False
    if value.is_absent or value.provisional or value.comment:
        return False
    return not doubts(value.number, row.definition, row.before)
