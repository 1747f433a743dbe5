"""Read the page of an evaluation that is being published, for each reader."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import User
from agreements.answers.lights import Point, point_of
from agreements.seats.voices import bench_of
from conventions.access.rights import coordinates
from conventions.models import Convention, Organisation
from ctg_portal.house import ActionLink
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import enumerate_words, long_date, plural
from ctg_portal.text.differences import Change
from documents.drawing.page import Progress
from evaluation.editions.frozen import plain_of
from evaluation.editions.models import (
    Edition,
    EditionState,
    EditionTransition,
    EditionVerb,
    Printing,
    Rendition,
)
from evaluation.editions.standing import Standing, asked_for, known_to, standing_of
from evaluation.publication import rights
from evaluation.publication.commitments import EvaluationCommitment
from evaluation.publication.current import changes_by_now
from evaluation.publication.differences import changes_between
from evaluation.publication.files import PublishedDocument
from evaluation.publication.out_of_date import out_of_date_in
from evaluation.report.for_reader import ContentPageMixin
from evaluation.year.lacks import Lacks, Remark, lacks_of
from evaluation.year.tabs import PUBLISH, Tab, year_tabs

DONE, CURRENT, AHEAD = "done", "current", "ahead"


@dataclass(frozen=True)
class Step:
    """A step to publication, for the list of steps; ``note`` may be empty; ``state``: done, current
    or ahead."""

    title: str
    note: str
    state: str


def mark_of(convention: Convention, year: int | None, user: User) -> str:
    """Return a text that changes with the progress of the documents being composed for a year, or
    the term (None); empty where none is. It is the ``mark`` of the page, read without the rest of
    it."""
    printings = Printing.objects.of(convention).for_year(year).unfinished().order_by("pk")
    return _mark_of_printings(list(printings), user)


class PublicationPage:
    """The page of the year, or the term, of ``view``, for ``user``. The year is read only where
    something submitted is compared with it, or may be submitted."""

    def __init__(self, view: ContentPageMixin, user: User, today):
        self.view, self.user, self.today = view, user, today
        self.convention, self.campaign = view.convention, view.campaign
        self.period, self.year = view.period, view.period.year

    # What there is -----------------------------------------------------------------------------

    @cached_property
    def editions(self) -> list[Edition]:
        """All editions of the period, the last submitted first."""
        rows = Edition.objects.of(self.convention).for_year(self.year).with_all()
        editions = list(rows.order_by("-submitted_at", "-pk"))
        for edition in editions:
            edition.evaluation.convention = self.convention
        return editions

    @property
    def edition(self) -> Edition | None:
        """The edition in hand, or None."""
        return next((edition for edition in self.editions if edition.is_in_hand), None)

    @cached_property
    def returned(self) -> EditionTransition | None:
        """The act that returned the last edition to its writers; None where it was not returned."""
        if not self.editions or self.editions[0].state != EditionState.RETURNED:
            return None
        return self.editions[0].transitions.filter(verb=EditionVerb.RETURNED).last()

    @property
    def published(self) -> list[Edition]:
        """The published editions, the newest first."""
        published = [edition for edition in self.editions if edition.is_published]
        return sorted(published, key=lambda edition: -edition.number)

    @cached_property
    def printings(self) -> list[Printing]:
        return list(Printing.objects.filter(edition__in=self.editions).order_by("pk"))

    def _printing(
        self, edition: Edition, *, is_final: bool, rendition: Rendition = Rendition.WHOLE
    ) -> Printing | None:
        """Return the last printing of this kind of an edition, whatever its state; None without
        one."""
        wanted = edition.pk, is_final, rendition
        return next(
            (
                row
                for row in reversed(self.printings)
                if (row.edition_id, row.is_final, row.rendition) == wanted
            ),
            None,
        )

    @cached_property
    def standing(self) -> Standing | None:
        """The standing of the edition in hand; None without one."""
        return standing_of(self.edition) if self.edition else None

    @cached_property
    def point(self) -> Point | None:
        """The point by which the parties are asked to agree to the edition in hand; None before
        they are asked."""
        if self.edition is None or self.edition.version is None:
            return None
        version = self.edition.version
        version.convention = self.convention
        return point_of(version)

    @cached_property
    def asked(self) -> list[Organisation]:
        """The parties that validate the analyses, of the edition in hand or of one that would be
        submitted."""
        return self.standing.asked if self.standing else asked_for(self.convention, self.year)

    @cached_property
    def tabs(self) -> list[Tab]:
        """The pages of the year, for who writes it; the count of what lacks until something is
        submitted."""
        writes = coordinates(self.user, self.convention)
        is_open = writes and not self.period.is_term and not self.published and not self.edition
        lacking = self.lacks.count if is_open else 0
        return year_tabs(self.convention, self.period, PUBLISH, writes_all=writes, lacking=lacking)

    @property
    def name(self) -> str:
        return f"La publication de {self.period.shortly}"

    @property
    def url(self) -> str:
        return reverse("evaluation:publication", args=[self.convention.slug, self.year])

    @property
    def is_on_its_way(self) -> bool:
        """Whether the steps to publication are shown: to who reads drafts, until it is published,
        and while a correction is in hand."""
        return not self.drafts_refusal and (self.edition is not None or not self.published)

    # Who asks ----------------------------------------------------------------------------------

    @cached_property
    def bench(self):
        return bench_of(self.convention, self.today)

    @cached_property
    def drafts_refusal(self) -> Refusal | None:
        """The reason why what is not published is not shown, or None."""
        return rights.may_read_drafts(self.user, self.convention)

    @cached_property
    def submit_refusal(self) -> Refusal | None:
        """The reason why the reader may not submit the period, or None; ``TooEarly`` for a
        coordinator who waits for figures."""
        return rights.may_submit(self.user, self.convention, self.campaign, self.period)

    @property
    def is_coordinator(self) -> bool:
        """Whether the reader is a coordinator, who may submit now or later."""
        return isinstance(self.submit_refusal, rights.TooEarly | None)

    @cached_property
    def voices(self) -> list[Organisation]:
        """The organisations in whose names the reader may validate."""
        if self.edition is None:
            return []
        kind = EvaluationCommitment.kind
        return [
            organisation
            for organisation in self.asked
            if rights.may_validate(self.bench.voice(self.user, organisation, kind), self.standing)
            is None
        ]

    @cached_property
    def advice(self) -> Organisation | None:
        """The organisation in whose name the reader may give an avis, or None."""
        if self.edition is None or not self.asked:
            return None
        voice = self.bench.advice(self.user)
        return voice.organisation if rights.may_advise(voice, self.edition) is None else None

    @property
    def can_advise(self) -> bool:
        return self.advice is not None

    @property
    def is_awaited(self) -> bool:
        """Whether a party for which the reader may speak has not validated the edition in hand."""
        return any(one in self.standing.awaited for one in self.voices) if self.standing else False

    @property
    def has_validated(self) -> bool:
        """Whether all parties for which the reader may speak have validated it."""
        return bool(self.voices) and not self.is_awaited

    @property
    def can_propose(self) -> bool:
        return bool(self.standing) and rights.may_propose(self.user, self.standing) is None

    @property
    def can_publish(self) -> bool:
        return bool(self.edition) and rights.may_publish(self.user, self.edition) is None

    @property
    def can_return(self) -> bool:
        return bool(self.edition) and rights.may_return(self.user, self.edition) is None

    # What it says ------------------------------------------------------------------------------

    @cached_property
    def is_outdated(self) -> bool:
        """Whether the portal says something else now than the edition in hand; False without one.
        Reads the year."""
        return bool(self.edition) and self.edition.snapshot.digest != self.view.digest

    @property
    def is_correctable(self) -> bool:
        """Whether something changed since the last published version, or nothing is published.
        Reads the year."""
        published = self.published
        return not published or published[0].snapshot.digest != self.view.digest

    @cached_property
    def former(self) -> Edition | None:
        """The edition that the edition in hand is compared with: the last that the reader's own
        party knows, None where it knows none; for who speaks for no party, the last published, else
        the one submitted before."""
        others = [one for one in self.editions if one.pk != self.edition.pk]
        if own := [
            voice.organisation for voice in self.bench.voices_of(self.user) if voice.commits
        ]:
            return known_to(others, own)
        return next(iter([*self.published, *others]), None)

    def compare_with(self, edition: str | None) -> None:
        """Set ``former`` to the edition of this key, as the form sent it; any other key changes
        nothing."""
        if sent := next((row for row in self.editions if str(row.pk) == edition), None):
            self.former = sent

    @property
    def former_name(self) -> str:
        """« la version publiée le 3 mars 2026 », « ce qui était soumis le 3 mars 2026 »."""
        former = self.former
        if former.is_published:
            return f"la version publiée le {long_date(timezone.localdate(former.published_at))}"
        return f"ce qui était soumis le {long_date(timezone.localdate(former.submitted_at))}"

    @cached_property
    def changes(self) -> list[Change]:
        """The changes from ``former`` to the edition in hand; none without both."""
        if self.edition is None or self.former is None:
            return []
        return changes_between(plain_of(self.former.snapshot), plain_of(self.edition.snapshot))

    @cached_property
    def changes_since(self) -> list[Change]:
        """The changes on the portal since the edition in hand was submitted; none while it still
        says what the portal says."""
        if not self.is_outdated:
            return []
        is_public = self.view.reads_what_is_public
        return changes_by_now(self.convention, self.period, self.edition.pk, is_public=is_public)

    @cached_property
    def lacks(self) -> Lacks:
        """The lacks of the period, each with where it is mended."""
        return lacks_of(self.convention, self.period)

    @cached_property
    def out_of_date(self) -> list[Remark]:
        """The places where texts describe the collection as it no longer is."""
        return out_of_date_in(self.view.reading)

    @property
    def project(self) -> Printing | None:
        """The document of the edition in hand, drawn for who validates and agrees; None without
        one."""
        return self._printing(self.edition, is_final=False) if self.edition else None

    @property
    def final(self) -> Printing | None:
        """The document of the edition in hand that publishes it; None before it is requested."""
        return self._printing(self.edition, is_final=True) if self.edition else None

    @property
    def progress(self) -> Progress | None:
        """The progress of the final document while it is being composed; None otherwise."""
        return Progress(self.final, self.user) if self.is_printing else None

    @property
    def is_printing(self) -> bool:
        """Whether the document that publishes the edition in hand is being drawn."""
        return self.final is not None and self.final.is_unfinished

    @property
    def is_waited_for(self) -> bool:
        """Whether a document of the edition in hand is being drawn: the page then asks for news."""
        return self.is_printing or bool(self.project and self.project.is_unfinished)

    @property
    def mark(self) -> str:
        """The state of all documents that are being drawn, for the page that waits; empty without
        any."""
        return _mark_of_printings([one for one in self.printings if one.is_unfinished], self.user)

    @property
    def failure(self) -> str:
        """The reason why the final document could not be drawn; empty where it did not fail."""
        if self.final is None or not self.final.is_failed:
            return ""
        last = self.final.transitions.last()
        return last.reason or "Le document n’a pas pu être composé."

    @cached_property
    def documents(self) -> list[PublishedDocument]:
        """The published versions whose document is drawn, the newest first, with their files."""
        pairs = [(edition, self._printing(edition, is_final=True)) for edition in self.published]
        return [
            PublishedDocument(
                edition,
                printing,
                [
                    row
                    for row in self.printings
                    if row.edition_id == edition.pk and row.is_final and not row.is_whole
                ],
            )
            for edition, printing in pairs
            if printing and printing.is_ready
        ]

    @property
    def steps(self) -> list[Step]:
        """Writing, validation (where a party validates), agreement, publication: how far the
        edition in hand is; without one, all done if something is published."""
        edition = self.edition
        if edition is None:
            reached = 4 if self.published else 0
        elif edition.is_submitted:
            reached = 2 if self.standing.is_validated else 1
        else:
            reached = 3 if edition.is_agreed else 2
        steps = [("Rédaction", self._written)]
        if self.asked:
            who = enumerate_words(one.the for one in self.asked)
            steps.append((f"Analyses validées par {who}", self._validated))
        else:
            reached -= reached > 0
        steps += [("Accord des parties", self._agreed), ("Publication", self._published)]
        return [
            Step(title, note, DONE if n < reached else CURRENT if n == reached else AHEAD)
            for n, (title, note) in enumerate(steps)
        ]

    @property
    def _written(self) -> str:
        """When the edition in hand was submitted; else « en cours », empty once published."""
        if self.edition:
            return f"soumise le {long_date(self.edition.submitted_at)}"
        return "" if self.published else "en cours"

    @property
    def _validated(self) -> str:
        """The person who validated last, and when; empty before."""
        if self.standing is None:
            return ""
        words = [word for _, word in self.standing.lights if word and word.is_validated]
        return f"{words[-1].person_name}, le {long_date(words[-1].created_at)}" if words else ""

    @property
    def _agreed(self) -> str:
        """« 1 accord sur 2 »; empty before the parties are asked."""
        if self.point is None:
            return ""
        given = sum(map(self.point.is_agreed_by, self.point.required))
        return f"{plural(given, 'accord,accords')} sur {len(self.point.required)}"

    @property
    def _published(self) -> str:
        """When the last version was published; empty before, and while another is in hand."""
        if self.edition or not self.published:
            return ""
        return f"le {long_date(self.published[0].published_at)}"

    @property
    def title(self) -> str:
        """The period and how far its publication is, without what the reader may not know."""
        called = self.period.name
        if self.drafts_refusal and self.edition and not self.published:
            return f"{called} : elle n’est pas encore publiée"
        if self.edition is None or self.drafts_refusal:
            if self.published:
                return f"{called} : publiée{self._version_of(self.published[0])}"
            return f"{called} : elle est en cours de rédaction"
        return f"{called} : {self._state}"

    @staticmethod
    def _version_of(edition: Edition) -> str:
        return f", version {edition.number}" if edition.number > 1 else ""

    @property
    def _state(self) -> str:
        """The progress of the edition in hand, as the end of the title."""
        if self.is_printing:
            return "le document à publier est en préparation"
        if self.is_outdated:
            return "elle a changé depuis qu’elle est soumise"
        return self._validation_state if self.edition.is_submitted else self._agreement_state

    @property
    def _validation_state(self) -> str:
        """The parties that ask for a change; else those that must still validate; else that the
        parties are to be asked."""
        asking = [word.organisation for word in self.standing.changes_asked]
        if asking:
            verb = "demande" if len(asking) == 1 else "demandent"
            return f"{enumerate_words(one.the for one in asking)} {verb} une modification"
        if awaited := self.standing.awaited:
            verb = "doit" if len(awaited) == 1 else "doivent"
            return f"{enumerate_words(one.the for one in awaited)} {verb} valider les analyses"
        return "l’accord des parties est à demander"

    @property
    def _agreement_state(self) -> str:
        """A sentence: all have agreed, else a party asks for a change, else who must still
        agree."""
        if self.edition.is_agreed:
            return "toutes les parties sont d’accord, il reste à la publier"
        if self.point.is_returned:
            return "une partie demande une modification"
        awaited = [one for one in self.point.required if not self.point.is_agreed_by(one)]
        if len(awaited) == 1:
            return f"{awaited[0].acronym} doit encore donner son accord"
        return f"{len(awaited)} parties doivent encore donner leur accord"

    @property
    def point_url(self) -> str:
        """The page of the point of the edition in hand; only once the parties are asked."""
        return reverse("committee:point", args=[self.convention.slug, self.edition.version_id])

    @property
    def validate_url(self) -> str:
        return reverse("evaluation:validate", args=[self.convention.slug, self.year])

    @property
    def content_summary(self) -> str:
        """« 58 indicateurs et 34 actions »: what would be submitted now."""
        series, actions = len(self.view.reading.series), self.view.reading.plan.total
        return enumerate_words(
            [plural(series, "indicateur,indicateurs"), plural(actions, "action,actions")]
        )

    @property
    def links(self) -> list[ActionLink]:
        """The link to return the edition in hand to its writers, for who may; else none."""
        if not self.can_return:
            return []
        url = reverse(
            "evaluation:give_back", args=[self.convention.slug, self.year, self.edition.pk]
        )
        return [ActionLink("Rendre à la rédaction", url)]


def _mark_of_printings(printings: list[Printing], user: User) -> str:
    """Return the stages of the printings, with the progress of the last one, which is shown; empty
    without any."""
    stages = [f"{one.pk}.{one.stage}" for one in printings[:-1]]
    return "-".join([*stages, *(Progress(one, user).mark for one in printings[-1:])])
