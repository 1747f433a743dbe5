"""Pages on which shared stakes are written, rewritten and withdrawn, as versions."""

from agreements.commitments.commitment import commitment_of
from committee.drafts.writing import Editing, Ending, Writing
from committee.stakes.events import add_stake
from committee.stakes.forms import StakeForm
from committee.stakes.models import Stake
from committee.stakes.reading import readable_stakes


class StakeFormPage:
    """Mixin of a page with the form of a stake of ``self.convention``."""

    form_class = StakeForm

    def get_form_kwargs(self):
        """Add the convention and the ``day`` on which its themes are read."""
        day = self.convention.reading_day(self.here.today)
        return super().get_form_kwargs() | {"convention": self.convention, "day": day}


class AddStake(StakeFormPage, Writing):
    """The form of a new stake."""

    template_name = "committee/stakes/add.html"

    def may(self):
        return commitment_of(Stake()).may_draft(self.here.user, self.convention)

    def write(self, form):
        """Save the draft of a new stake; the same content sent twice is one."""
        note = form.cleaned_data["note"]
        return add_stake(self.convention, form.content, note=note, once=True, by=self.here.user)


class EditStake(StakeFormPage, Editing):
    """The form of one's draft of the next version of a stake."""

    template_name = "committee/stakes/edit.html"
    row_name = "stake"

    def rows(self):
        return readable_stakes(self.here.user, self.convention)


class EndStake(Ending):
    """The form of a stake's withdrawal, which all parties have to agree to."""

    template_name = "committee/stakes/end.html"
    row_name = "stake"

    def rows(self):
        return readable_stakes(self.here.user, self.convention)
