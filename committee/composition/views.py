"""Who sits in the committee, and who sat."""

from django.core.paginator import Paginator
from django.views.generic import TemplateView

from agreements.models import Seat
from agreements.seats import rights
from agreements.seats.endings import may_contest_ending, recently_ended
from committee.composition.files import seat_columns
from committee.composition.journal import changes_of
from committee.composition.reading import Asker, Composition
from committee.pages import CommitteePage
from conventions.lists import ListFile
from documents.tables import Table

PER_PAGE = 50


class CompositionPage(CommitteePage, TemplateView):
    """Who speaks for whom today."""

    template_name = "committee/composition/composition.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user, bench = self.request.user, self.here.bench
        own = frozenset(
            seat.organisation_id
            for seat in bench.seats
            if seat.user_id == user.pk and bench.sits(seat)
        )
        objectionable = frozenset(rights.objectionable(user, self.convention, bench.seats))
        asker = Asker(user.pk, self.here.manages, own, objectionable)
        contestable = [
            (seat, ending)
            for seat, ending in recently_ended(self.convention).items()
            if may_contest_ending(user, seat, ending) is None
        ]
        return context | {"composition": Composition(bench, asker), "contestable": contestable}


class SeatsFile(CommitteePage, ListFile):
    """Who sits for whom today, as a table."""

    name = "composition-du-comite"

    def tables(self):
        bench = self.here.bench
        seats = [seat for seat in bench.seats if not seat.is_over(bench.day)]
        return [Table.of("Composition", seat_columns(bench), seats)]


class History(CommitteePage, TemplateView):
    """Who sat when, and what was changed."""

    template_name = "committee/composition/history.html"

    def get_context_data(self, **kwargs):
        changes = Paginator(changes_of(self.convention), PER_PAGE)
        return super().get_context_data(
            mandates=Seat.objects.of(self.convention).over(self.here.today).latest_ended(),
            changes=changes.get_page(self.request.GET.get("page")),
            **kwargs,
        )
