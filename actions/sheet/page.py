"""Read the page of an action: what is agreed, and how it goes on."""

from functools import cached_property

from django.urls import reverse

from accounts.models import User
from actions.follow_up.models import ActionDocument, FollowUp
from actions.follow_up.parts import NotePart
from actions.follow_up.rights import may_follow
from actions.follow_up.words import describe_beyond_term, describe_progress_source, late_word
from actions.plan.models import Action, Lead, Milestone
from actions.sheet.columns import FUNDINGS_ON_PAGE, MILESTONES_ON_PAGE, PLANNED_ON_PAGE
from actions.sheet.lines import FundingLine, MilestoneLine
from actions.unclear.reading import TextToSettle, texts_to_settle
from committee.points.row_page import RowPage
from conventions.models import Standing
from ctg_portal.house import ActionLink, ActionSection, house, in_turn
from ctg_portal.templatetags.french import enumerate_words, plural
from documents.tables import Column


def _label_lead(lead: Lead) -> str:
    """Return « Émilie Faure, responsable petite enfance (GC) »: the person with the acronym of the
    organisation, or its name where nobody is named."""
    person = ", ".join(filter(None, [lead.name, lead.capacity]))
    return f"{person} ({lead.organisation.acronym})" if person else lead.organisation.name


class ActionPage(RowPage):
    """What ``user`` reads of an action on the day ``today``."""

    # Funding has a table of its own, with what was granted and spent.
    shown_elsewhere = frozenset({"title", "theme", "other_themes", "objectives", "fundings"})

    def __init__(self, action: Action, user: User, today):
        super().__init__(action, user)
        self.today = today

    @property
    def action(self) -> Action:
        return self.row

    @cached_property
    def sections(self) -> list[ActionSection]:
        """The sections that other packages contribute to the page."""
        return in_turn(house().action_sections, self.user, self.action)

    @cached_property
    def can_follow(self) -> bool:
        return may_follow(self.user, self.action) is None

    @property
    def is_followed(self) -> bool:
        """Whether there is a follow-up to read: the action is in force, or some was written."""
        action = self.action
        if action.is_agreed:
            return True
        has_spending = any(line.amounts.is_followed for line in self.fundings)
        milestones = action.milestones.all()
        return bool(has_spending or action.state_on or milestones or self.notes or self.documents)

    # In words -------------------------------------------------------------------------------------

    @property
    def lead(self) -> str:
        """The sentences under the title: who leads, when, where."""
        action, leads = self.action, list(self.action.leads.all())
        title = "Pilotes" if len(leads) > 1 else "Pilote"
        sentences = [f"{title} : {enumerate_words(map(_label_lead, leads))}."]
        if not leads:
            sentences = ["Aucun pilote n’est encore désigné."]
        period = action.period or "dates à fixer"
        sentences.append(f"{period[0].upper()}{period[1:]}.")
        communes = len(action.communes.all())
        if action.is_whole_territory:
            sentences.append("Tout le territoire.")
        elif communes:
            sentences.append(f"{plural(communes, 'commune concernée,communes concernées')}.")
        return " ".join(sentences)

    @property
    def headline(self) -> str:
        """The title and the state: « Ouvrir un LAEP : en cours, 1 jalon atteint sur 3 »."""
        return f"{self.action.title} : {self.state}"

    @property
    def state(self) -> str:
        """The standing where it is not in force; else state, lateness and progress in words."""
        action = self.action
        if not action.is_agreed:
            return {
                Standing.DRAFT: "un brouillon", Standing.PROPOSED: "proposée, pas encore acceptée"
            }.get(action.standing, "retirée")  # fmt: skip
        words = action.get_state_display()
        if self.late:
            words += f", {self.late}"
        if action.progress is not None and not action.is_over:
            words += f", {self._progress}"
        return words

    @property
    def _progress(self) -> str:
        """The progress in words: « avancement estimé à 40 % », « 1 jalon atteint sur 3 »."""
        if self.action.stated_progress is not None:
            return f"avancement estimé à {self.action.stated_progress} %"
        milestones = list(self.action.milestones.all())
        done = sum(milestone.done_on is not None for milestone in milestones)
        return f"{plural(done, 'jalon atteint,jalons atteints')} sur {len(milestones)}"

    @property
    def late(self) -> str:
        """The word for its lateness, empty where it is not late."""
        is_late = self.action.is_late(self.today)
        return late_word(self.convention, self.today).singular if is_late else ""

    @property
    def overdue(self) -> list[Milestone]:
        """The overdue milestones; none unless the action is in force and goes on."""
        return self.action.overdue(self.today) if self.action.is_open else []

    @property
    def progress_from(self) -> str:
        return describe_progress_source(self.action)

    @property
    def beyond_term(self) -> str:
        return describe_beyond_term(self.action, self.convention, self.today)

    # What it serves, with what money --------------------------------------------------------------

    @cached_property
    def fundings(self) -> list[FundingLine]:
        return [FundingLine.of(line) for line in self.action.fundings.all()]

    @property
    def funding_columns(self) -> tuple[Column, ...]:
        return PLANNED_ON_PAGE if self.planned_only else FUNDINGS_ON_PAGE

    @property
    def milestones(self) -> list[MilestoneLine]:
        return MilestoneLine.all_of(self.action, self.today)

    milestone_columns = MILESTONES_ON_PAGE

    @cached_property
    def notes(self) -> list[FollowUp]:
        """The notes of past and current years, the latest year first."""
        return sorted(self.action.notes.all(), key=lambda note: -note.year)

    @property
    def note_keys(self) -> list[tuple[int, str]]:
        """The years without a note in which the action ran, up to this year, the latest first, each
        with the key of its part; none without a first day."""
        written, action = {note.year for note in self.notes}, self.action
        if action.starts_on is None:
            return []
        last = self.today.year if action.is_open or action.ends_on is None else action.ends_on.year
        years = range(min(last, self.today.year), action.starts_on.year - 1, -1)
        return [(year, NotePart(year).key) for year in years if year not in written]

    @property
    def planned_only(self) -> bool:
        """Whether money is planned and there is no follow-up."""
        return not self.is_followed and bool(self.fundings)

    @cached_property
    def documents(self) -> list[ActionDocument]:
        """The documents that were not withdrawn."""
        return list(self.action.documents.on_sheet().select_related("document__uploaded_by"))

    @cached_property
    def related(self) -> list[Action]:
        """The linked actions, proposed or in force, in reading order."""
        rows = self.action.related.readable().select_related("convention").in_reading_order()
        return list(rows)

    @cached_property
    def texts_to_settle(self) -> list[TextToSettle]:
        """The texts to be specified that the reader may settle."""
        return texts_to_settle(self.action, self.user)

    # What may be done -----------------------------------------------------------------------------

    @cached_property
    def actions(self) -> list[ActionLink]:
        """The links of what the reader may do: history and Word document for everybody."""
        links = []
        if self.may_draft:
            links.append(ActionLink("Modifier ce qui est convenu", self._url("edit")))
            links.append(ActionLink("Dupliquer", self._url("duplicate")))
        if self.may_end:
            links.append(ActionLink("Retirer du plan", self._url("end")))
        links.append(ActionLink("Historique", self._url("history")))
        links.append(ActionLink("Document Word", self._url("sheet_file", "docx")))
        return links

    def _url(self, name: str, *args) -> str:
        return reverse(f"actions:{name}", args=[self.convention.slug, self.action.pk, *args])
