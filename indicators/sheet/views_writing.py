"""Indicators are written, rewritten and given up like objectives: as versions."""

from agreements.commitments.commitment import commitment_of
from committee.drafts.writing import Editing, Ending, Writing
from indicators.definitions.events import add_indicator
from indicators.definitions.models import Indicator
from indicators.definitions.reading import readable_indicators
from indicators.library import entries as library
from indicators.library.sharing import entry_of
from indicators.sheet.forms import IndicatorForm


class AddIndicator(Writing):
    """Page that writes a new indicator, from nothing or from an entry of the library
    (``?modele=PE-02``; an unknown code counts as none)."""

    template_name = "indicators/sheet/add.html"
    form_class = IndicatorForm

    def setup(self, request, *args, **kwargs):
        """Find the library entry asked for (``model``, None without) and the day of reading."""
        super().setup(request, *args, **kwargs)
        self.model = entry_of(request.GET.get("modele", ""))
        self.day = self.convention.reading_day(self.here.today)

    def may(self):
        """Return why the user may not draft indicators, or None."""
        return commitment_of(Indicator()).may_draft(self.here.user, self.convention)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"convention": self.convention, "day": self.day}

    def get_initial(self):
        """Return the defaults, or what the library entry prefills."""
        if self.model is None:
            return library.BLANK
        return library.prefill(self.model, self.convention, self.day)

    def write(self, form):
        """Create the indicator with its draft and return that; the draft so far, if the user has
        written the very same. Raise Refused."""
        return add_indicator(
            self.convention,
            form.content,
            note=form.cleaned_data["note"],
            once=True,
            library_code=self.model.code if self.model else "",
            by=self.here.user,
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(model=self.model, **kwargs)


class EditIndicator(Editing):
    """Page that writes one's draft of the next version of an indicator."""

    template_name = "indicators/sheet/edit.html"
    form_class = IndicatorForm
    row_name = "indicator"

    def rows(self):
        return readable_indicators(self.convention, self.here.user)

    def get_form_kwargs(self):
        day = self.convention.reading_day(self.here.today)
        return super().get_form_kwargs() | {
            "convention": self.convention, "day": day, "row": self.row
        }  # fmt: skip

    def get_context_data(self, **kwargs):
        return super().get_context_data(back=self.row.get_absolute_url(), **kwargs)


class EndIndicator(Ending):
    """Page that writes the draft of an indicator's withdrawal, which binds once all agree."""

    template_name = "indicators/sheet/end.html"
    row_name = "indicator"

    def rows(self):
        return readable_indicators(self.convention, self.here.user)
