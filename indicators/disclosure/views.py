"""Show and declare the links between counts of an indicator, on a page of its own."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import capfirst
from django.views.generic import FormView

from conventions.access.pages import ConventionPage
from ctg_portal.rules import Refused
from indicators.definitions.models import Indicator
from indicators.definitions.reading import readable_indicators
from indicators.disclosure.linking import counts_of, describe_link, link_counts, may_link_counts
from indicators.disclosure.models import LinkKind

LABELS = {"one": "Ce qui est compté", "other": "Avec quel autre chiffre"}


class LinkForm(forms.Form):
    """``one``: a count of the indicator; ``other``: of another of its provider."""

    kind = forms.ChoiceField(label="Son lien", choices=LinkKind.choices)

    def __init__(self, *args, indicator: Indicator, **kwargs):
        super().__init__(*args, **kwargs)
        own = counts_of(indicator)
        same = Indicator.objects.of(indicator.convention).provided_by(indicator.provider)
        other_indicators = same.not_withdrawn().exclude(pk=indicator.pk)
        others = [
            count for row in other_indicators.order_by("title", "pk") for count in counts_of(row)
        ]
        self.counts = {count.key: count for count in (*own, *others)}
        for name, counts in (("one", own), ("other", others)):
            choices = [("", "Choisir…")]
            choices += [(count.key, capfirst(str(count))) for count in counts]
            self.fields[name] = forms.ChoiceField(label=LABELS[name], choices=choices)
        if len(own) == 1:
            self.fields["one"].initial = own[0].key
            self.fields["one"].widget = forms.HiddenInput()
        self.order_fields(["one", "kind", "other"])


class LinkCounts(ConventionPage, FormView):
    """Page where a référent declares that a count is the same as another, or counted in it."""

    template_name = "indicators/disclosure/link_counts.html"
    form_class = LinkForm

    def setup(self, request, *args, **kwargs):
        """Read the indicator, or raise Http404 for one that the person may not know of."""
        super().setup(request, *args, **kwargs)
        rows = readable_indicators(self.convention, request.user)
        self.indicator = get_object_or_404(rows, pk=kwargs["pk"])
        self.indicator.convention = self.convention

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"indicator": self.indicator}

    def form_valid(self, form):
        """Declare the link and go to the indicator; if it is refused, show the form with why."""
        asked = form.cleaned_data
        count, other = form.counts[asked["one"]], form.counts[asked["other"]]
        try:
            link = link_counts(count, LinkKind(asked["kind"]), other, by=self.request.user)
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
            return self.form_invalid(form)
        messages.success(
            self.request,
            f"{describe_link(link)} : le secret statistique les protège ensemble, pour ce qui "
            "n’est pas encore diffusé.",
        )
        return redirect(self.indicator)

    def get_context_data(self, **kwargs):
        """Add the indicator, the words of the page, and why the person may not declare a link."""
        return super().get_context_data(
            indicator=self.indicator,
            heading=f"Ce que le secret lie à « {self.indicator.title} »",
            button="Déclarer ce lien",
            back=self.indicator.get_absolute_url(),
            refusal=may_link_counts(self.request.user, self.indicator),
            **kwargs,
        )
