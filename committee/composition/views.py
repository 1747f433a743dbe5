"""Pages of the composition: who sits today, who commits an organisation, who sat."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from agreements.models import Agreement, Seat
from committee.composition.files import seat_columns
from committee.composition.journal import changes_of
from committee.composition.reading import Asker, Composition
from committee.pages import CommitteePage
from conventions.access.rights import referred_by
from conventions.lists import ListFile
from conventions.models import Organisation
from ctg_portal.templatetags.french import feminine
from documents.tables import Table

PER_PAGE = 50


class CompositionPage(CommitteePage, TemplateView):
    """Who sits for whom today."""

    template_name = "committee/composition/composition.html"

    def get_context_data(self, **kwargs):
        """Add ``composition``, for a reader who may act for organisations where they sit today or
        whose référent they are."""
        context = super().get_context_data(**kwargs)
        user, bench = self.request.user, self.here.bench
        own = frozenset(
            seat.organisation_id
            for seat in bench.seats
            if seat.user_id == user.pk and bench.sits(seat)
        )
        referred = frozenset(referred_by(user, self.convention))
        asker = Asker(user, self.here.manages, own, referred)
        return context | {"composition": Composition(bench, asker)}


class WhoCommits(CommitteePage, TemplateView):
    """Who commits one organisation today, and why; also the answers counted for it by delay under
    rules that were given up."""

    template_name = "committee/composition/who_commits.html"

    def get_context_data(self, pk, **kwargs):
        """Add the people who commit the party ``pk`` (404 if it is none), its seats that speak
        without committing, and the agreements counted for it by delay."""
        organisation = get_object_or_404(Organisation.objects.parties(), pk=pk,
                                         convention=self.convention)  # fmt: skip
        organisation.convention = self.convention
        user, bench = self.request.user, self.here.bench
        asker = Asker(user, self.here.manages, frozenset(), frozenset())
        section = next(
            section
            for section in Composition(bench, asker).parties
            if section.organisation == organisation
        )
        voices = [
            voice
            for person in {seat.user for seat in bench.seats if seat.user} | delegates_of(bench)
            for voice in bench.voices_of(person)
            if voice.commits and voice.organisation == organisation
        ]
        by_delay = Agreement.objects.of(self.convention).counted_by_delay()
        return super().get_context_data(
            organisation=organisation,
            section=section,
            count=feminine(len(voices)),
            voices=sorted(voices, key=lambda voice: voice.person_name),
            speaking=[p for p in section.places if p.seat.speaks],
            by_delay=by_delay.given_for(organisation).select_related("version"),
            takes_back=any(voice.user_id == user.pk for voice in voices),
            **kwargs,
        )


def delegates_of(bench) -> set:
    """Return the users who hold a delegation."""
    return {delegation.user for delegation in bench.delegations if delegation.user}


class SeatsFile(CommitteePage, ListFile):
    """The seats that are not over, as a table to download."""

    name = "composition-du-comite"

    def tables(self):
        """Return one table of the seats that are not over, those that begin later included."""
        bench = self.here.bench
        seats = [seat for seat in bench.seats if not seat.is_over(bench.day)]
        return [Table.of("Composition", seat_columns(), seats)]


class History(CommitteePage, TemplateView):
    """The mandates that are over, and the journal of changes."""

    template_name = "committee/composition/history.html"

    def get_context_data(self, **kwargs):
        """Add ``mandates``, all that are over, the latest ended first, and one page of
        ``changes``."""
        changes = Paginator(changes_of(self.convention), PER_PAGE)
        return super().get_context_data(
            mandates=Seat.objects.of(self.convention).over(self.here.today).latest_ended(),
            changes=changes.get_page(self.request.GET.get("page")),
            **kwargs,
        )
