"""Handle the contestation of a published figure: another is given, with a reason."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView

from ctg_portal.forms.revisions import revision_of
from ctg_portal.rules import Refused, enforce
from indicators.collection.mixins import OneCampaignPage
from indicators.definitions.definition import Definition
from indicators.disclosure import is_protected
from indicators.figures.values import Value
from indicators.values import from_publishers
from indicators.values.figure import Figure
from indicators.values.forms import ContestForm
from indicators.values.given_back import GivesBackFigures
from indicators.values.rights import may_contest


class ContestValue(GivesBackFigures, OneCampaignPage, FormView):
    """Page that gives another figure than the published one, with a reason; 404 for a value that
    was not taken from a public statistic."""

    form_class = ContestForm
    template_name = "indicators/values/contest.html"

    def setup(self, request, *args, **kwargs):
        """Set ``value``, ``entry`` and ``definition``; raise 404 unless the value is of this year
        and was taken from a public statistic, contested since or not."""
        super().setup(request, *args, **kwargs)
        rows = Value.objects.of(self.convention).taken_up().with_relations()
        year = rows.for_year(self.campaign.year)
        self.value = get_object_or_404(year, pk=kwargs["pk"])
        self.entry = self.value.campaign_indicator
        self.entry.campaign = self.campaign
        self.definition = Definition.of(self.entry.version)

    @property
    def back(self) -> str:
        """The address of the indicator's line among the figures taken from public statistics."""
        args = [self.convention.slug, self.campaign.year]
        return f"{reverse('indicators:taken_up', args=args)}#indicateur-{self.entry.pk}"

    @property
    def refusal(self):
        return may_contest(self.contributor, self.value)

    def get_form_kwargs(self):
        """Start the form empty, without the contested value; it knows the value's revision and
        whether the figure is protected."""
        return super().get_form_kwargs() | {
            "definition": self.definition, "value": None, "revision": revision_of(self.value),
            "is_protected": is_protected(self.definition, self.entry.rule),
        }  # fmt: skip

    def form_valid(self, form):
        """Put the figure in place of the published one and redirect to ``back``; show the form
        again if refused."""
        try:
            enforce(self.refusal)
            from_publishers.contest_value(
                self.value, form.given(Figure()), reason=form.cleaned_data["why"],
                revision=form.over, by=self.request.user,
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
            return self.form_invalid(form)
        messages.success(
            self.request, "Votre chiffre compte désormais ; celui qui est publié reste à côté."
        )
        return redirect(self.back)

    def get_context_data(self, **kwargs):
        """Add ``refusal`` (None if the person may contest), ``value``, ``entry``, ``definition``,
        and ``published``: the published number as text, empty once it is contested or if there is
        none."""
        value = self.value
        published = ""
        if value.is_public and value.number is not None:
            published = value.release.show(value.number, self.definition.show(value.number))
        return super().get_context_data(
            refusal=self.refusal, value=value, entry=self.entry, definition=self.definition,
            published=published,
            **kwargs,
        )  # fmt: skip
