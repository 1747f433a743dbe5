"""The summary of noted answers, giving them at once, and undoing what was just given."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView, View

from agreements.answers.events import Outcome, Reply, undo
from agreements.models import Agreement, Version
from committee.answers.events import confirm_noted, note_answers
from committee.answers.recap import GivenPage, RecapPage
from committee.pages import CommitteePage
from committee.points.inbox import Inbox
from committee.points.series import Series
from committee.points.undoing import describe_undone
from committee.words import capitalized, format_answer_count
from ctg_portal.forms.fields import NumbersByKeyField
from ctg_portal.rules import Refused


def numbers_in(request, name: str) -> dict[int, int]:
    """Return the numbers by key that a hidden field sent."""
    return NumbersByKeyField().clean(request.POST.get(name, ""))


class Recap(CommitteePage, TemplateView):
    """What the reader has noted, by answer; one button gives it all."""

    template_name = "committee/answers/recap.html"

    def setup(self, request, *args, **kwargs):
        """Set ``lost_name``: the name of the organisation for which the reader no longer speaks, or
        empty."""
        super().setup(request, *args, **kwargs)
        self.lost_name = self.here.lost_name

    def get_context_data(self, **kwargs):
        """Add the ``series`` of points and ``recap``, what the reader has noted."""
        asked = self.request.POST if self.request.method == "POST" else self.request.GET
        series = Series(Inbox(self.here), asked)
        return super().get_context_data(series=series, recap=RecapPage(series), **kwargs)

    def post(self, request, *args, **kwargs):
        """Give the answers as they were shown, and go to the page of what was given. Where some are
        refused, which stay noted, show the summary with them instead."""
        if self.lost_name:
            return self.render_to_response(self.get_context_data(lost=self.lost_name))
        revisions = numbers_in(request, "notees")
        outcome = confirm_noted(revisions, by=self.here.user, organisation=self.here.organisation)
        if outcome.refused:
            return self.render_to_response(
                self.get_context_data(
                    outcome=outcome,
                    recorded=_describe_recorded(outcome),
                    given_url=self.given_url(outcome),
                )
            )
        if not outcome.entries:
            messages.info(request, "Il n’y avait plus de réponse à confirmer : rien n’a changé.")
        return redirect(self.given_url(outcome))

    def given_url(self, outcome: Outcome) -> str:
        """Return the page of what was just given, with what was given before it apart."""
        page = reverse("committee:given", args=[self.convention.slug])
        first = min((entry.pk for entry in outcome.entries), default=None)
        parameters = {"pour": self.here.name.get("pour"), "depuis": first}
        asked = urlencode({name: value for name, value in parameters.items() if value})
        return f"{page}?{asked}" if asked else page


def _describe_recorded(outcome: Outcome) -> str:
    """Return « Deux réponses sont enregistrées. », by the entries of the outcome, or that none
    is."""
    count = len(outcome.entries)
    if not count:
        return "Aucune réponse n’est enregistrée."
    verb = "est enregistrée" if count == 1 else "sont enregistrées"
    return f"{capitalized(format_answer_count(count))} {verb}."


class AgreeToAll(CommitteePage, View):
    """« Être d’accord sur tout, sauf… »: an agreement is noted on each point that was shown and has
    no answer yet. The summary follows, where each may be changed. Nothing is given here."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        """Note an agreement on the points shown that still have no noted answer; give none. Then go
        to the summary, with a warning for each point that is refused."""
        here = self.here
        if lost := here.lost_name:
            messages.error(request, lost.reason)
            return redirect("committee:points", self.convention.slug)
        series = Series(Inbox(here), request.POST)
        last_ranks = numbers_in(request, "last_ranks")
        left = [pk for pk in series.unanswered if pk in last_ranks]
        versions = Version.objects.of(self.convention).filter(pk__in=left)
        replies = [Reply(version, last_rank=last_ranks[version.pk]) for version in versions]
        for version in versions:
            version.convention = self.convention
        noting = note_answers(
            replies, by=here.user, organisation=here.organisation, dossier=series.dossier
        )
        for version, refusal in noting.refused:
            messages.warning(request, f"« {version.title} » : {refusal.reason}")
        return redirect(series.recap_url)


class Given(CommitteePage, TemplateView):
    """What the reader has just answered, with what it did; all or some of it may be undone."""

    template_name = "committee/answers/given.html"

    def setup(self, request, *args, **kwargs):
        """Set ``given``, the answers just given for the organisation of the page: those since
        ``?depuis=``, a key, apart from earlier ones; any other text counts as 0."""
        super().setup(request, *args, **kwargs)
        self.lost_name = self.here.lost_name
        entries = Agreement.objects.of(self.convention).filter(organisation=self.here.organisation)
        since = request.GET.get("depuis", "")
        self.given = GivenPage(self.here, entries, since=int(since) if since.isdecimal() else 0)

    def get_context_data(self, **kwargs):
        """Add ``given`` and the ``series`` of points that the reader goes on with."""
        series = Series(Inbox(self.here), self.request.GET)
        return super().get_context_data(given=self.given, series=series, **kwargs)

    def post(self, request, *args, **kwargs):
        """Undo the answers shown that can still be undone, or none if one is refused; go to the
        points."""
        page = reverse("committee:given", args=[self.convention.slug])
        shown = numbers_in(request, "reponses")
        entries = [one.entry for one in self.given.undoables if one.entry.pk in shown]
        try:
            undone = undo(entries, by=request.user)
        except Refused as refused:
            messages.error(request, refused.refusal.reason)
            return redirect(page)
        if undone:
            messages.success(request, describe_undone(len(undone)))
        else:
            messages.warning(request, "Il n’y a plus de réponse à annuler : rien n’a changé.")
        return redirect("committee:points", self.convention.slug)
