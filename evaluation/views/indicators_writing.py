"""Indicators are written, rewritten and given up like objectives: as versions."""

from django.shortcuts import get_object_or_404

from committee.commitments import commitment_of
from committee.drafting import Desk
from committee.events.drafts import Rewritten
from committee.events.endings import draft_ending, may_end
from committee.forms.objectives import EndingForm
from committee.views.objectives import Writing
from evaluation import library
from evaluation.events.indicators import add_indicator
from evaluation.forms.indicators import IndicatorForm
from evaluation.models import Indicator
from evaluation.pages.indicators import readable_indicators


class WritingIndicator(Writing):
    """A page on which an indicator's definition is written."""

    form_class = IndicatorForm
    row: Indicator | None = None

    def get_form_kwargs(self):
        day = self.convention.reading_day(self.here.today)
        return super().get_form_kwargs() | {
            "convention": self.convention, "day": day, "row": self.row
        }  # fmt: skip

    def may(self):
        return commitment_of(Indicator()).may_draft(self.here.user, self.convention, self.row)


class AddIndicator(WritingIndicator):
    """Write a new indicator, from nothing or from one of the library (``?modele=PE-02``)."""

    template_name = "evaluation/indicator_add.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.model = library.entry_of(request.GET.get("modele", ""))

    def get_initial(self):
        if self.model is None:
            return library.BLANK
        day = self.convention.reading_day(self.here.today)
        return library.prefill(self.model, self.convention, day)

    def write(self, form):
        note = form.cleaned_data["note"]
        return add_indicator(
            self.convention, form.content, note=note, once=True, by=self.here.user
        )  # fmt: skip

    def get_context_data(self, **kwargs):
        return super().get_context_data(model=self.model, **kwargs)


class OfIndicator(WritingIndicator):
    """The same, about an indicator that is there."""

    differences = None

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        rows = readable_indicators(self.convention, request.user)
        self.row = get_object_or_404(rows, pk=kwargs["pk"])
        self.desk = Desk(self.row, self.here)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            indicator=self.row,
            heading=commitment_of(self.row).heading(self.row),
            desk=self.desk,
            differences=self.differences,
            **kwargs,
        )


class EditIndicator(OfIndicator):
    """Write one's draft of the next version, from one's draft so far or from what stands."""

    template_name = "evaluation/indicator_edit.html"

    def get_initial(self):
        return self.desk.initial(self.desk.source(self.request.GET.get("depuis", "")))

    def write(self, form):
        names = ["note", "base", "seen"]
        return self.desk.save(form.content, **{name: form.cleaned_data[name] for name in names})

    def refused(self, form, refusal):
        if isinstance(refusal, Rewritten):
            # What there is by now is shown beside what was typed: the form, sent again, holds.
            desk = self.desk = Desk(self.row, self.here)
            self.differences = desk.differences(form.content, form.cleaned_data["note"])
            form.send_again_with(**desk.tokens(desk.own or desk.reference))
        return super().refused(form, refusal)


class EndIndicator(OfIndicator):
    """Write the draft of an indicator's withdrawal, which all parties have to agree to."""

    template_name = "evaluation/indicator_end.html"
    form_class = EndingForm

    def get_form_kwargs(self):
        return {
            name: value
            for name, value in super().get_form_kwargs().items()
            if name not in ("convention", "day", "row")
        }

    def may(self):
        return may_end(self.here.user, self.row)

    def get_initial(self):
        own = self.desk.own
        return {"note": own.note if own and own.ends else "", "seen": self.desk.revision}

    def write(self, form):
        values = form.cleaned_data
        return draft_ending(self.row, note=values["note"], seen=values["seen"], by=self.here.user)

    def refused(self, form, refusal):
        if isinstance(refusal, Rewritten):
            self.desk = Desk(self.row, self.here)
            form.send_again_with(seen=self.desk.revision)
        return super().refused(form, refusal)
