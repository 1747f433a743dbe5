"""Pages on which a version is written, whatever its row: of a new row, the next, a withdrawal."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import FormView

from agreements.commitments.commitment import commitment_of
from agreements.models import Version
from agreements.versions.endings import draft_ending, may_end
from committee.drafts.reading import Desk
from committee.drafts.views import finish_draft
from committee.forms import EndingForm
from committee.pages import CommitteePage
from ctg_portal.forms.revisions import Rewritten
from ctg_portal.rules import Refusal, Refused, enforce


class Writing(CommitteePage, FormView):
    """A page on which a version is written. A refusal is shown on it, and nothing typed is lost."""

    def may(self) -> Refusal | None:
        raise NotImplementedError

    def write(self, form) -> Version:
        """Save the draft that the form contains and return it. Raises Refused."""
        raise NotImplementedError

    def form_valid(self, form):
        """Save the draft if the person may, then propose it if asked; a refusal comes back."""
        try:
            enforce(self.may())
            draft = self.write(form)
        except Refused as refused:
            return self.refused(form, refused.refusal)
        return self.after_writing(form, draft)

    def after_writing(self, form, draft: Version) -> HttpResponse:
        """Propose the draft just saved, if asked; return a redirect to its page."""
        return finish_draft(self.here, draft, propose=form.is_proposing)

    def refused(self, form, refusal: Refusal):
        """Show the form as it was typed, with the reason of the refusal."""
        form.add_error(None, refusal.reason)
        return self.form_invalid(form)

    def get_context_data(self, **kwargs):
        return super().get_context_data(refusal=self.may(), **kwargs)


class RowWriting(Writing):
    """A page on which a version of an existing row is written. ``rows()`` returns those that the
    person may read.

    The template gets the row as ``row_name``, its heading, and the desk.
    """

    row_name = "row"
    differences = None

    def rows(self):
        raise NotImplementedError

    def setup(self, request, *args, **kwargs):
        """Set ``row``, 404 for none of ``rows()``, and its ``desk``."""
        super().setup(request, *args, **kwargs)
        self.row = get_object_or_404(self.rows(), pk=kwargs["pk"])
        self.desk = Desk(self.row, self.here)

    def get_context_data(self, **kwargs):
        """Add the row, its heading, the ``desk`` and ``differences``; None unless somebody wrote
        meanwhile."""
        return super().get_context_data(
            **{self.row_name: self.row},
            heading=commitment_of(self.row).heading(self.row),
            desk=self.desk,
            differences=self.differences,
            **kwargs,
        )


class Editing(RowWriting):
    """A page on which one's draft of the next version is written, from one's draft so far or from
    what stands."""

    def may(self):
        return commitment_of(self.row).may_draft(self.here.user, self.convention, self.row)

    def get_initial(self):
        return self.desk.initial(self.desk.source(self.request.GET.get("depuis", "")))

    def content_of(self, form) -> dict:
        """Return the content of the draft."""
        return form.content

    def write(self, form):
        """Save one's draft, begun from the version ``base``. Raises Refused, with Rewritten where
        somebody wrote meanwhile."""
        names = ["note", "base", "revision"]
        values = {name: form.cleaned_data[name] for name in names}
        return self.desk.save(self.content_of(form), **values)

    def refused(self, form, refusal):
        """Show what stands beside what was typed if somebody wrote meanwhile; resent, it is
        taken."""
        if isinstance(refusal, Rewritten):
            # What stands by now is shown beside what was typed; the form, sent again, is taken.
            desk = self.desk = Desk(self.row, self.here)
            note = form.cleaned_data["note"]
            self.differences = desk.differences(self.content_of(form), note)
            form.send_again_with(**desk.tokens(desk.own or desk.reference))
        return super().refused(form, refusal)


class Ending(RowWriting):
    """A page on which the draft of a row's withdrawal is written; all parties have to agree."""

    form_class = EndingForm

    def may(self):
        return may_end(self.here.user, self.convention, self.row)

    def get_initial(self):
        """Return the revision and the note of one's own draft; no note if that is not a
        withdrawal."""
        own = self.desk.own
        return {"note": own.note if own and own.ends else "", "revision": self.desk.revision}

    def write(self, form):
        """Save the draft of the withdrawal: the content stays as it is now. Raises Refused."""
        values = form.cleaned_data
        return draft_ending(
            self.row, note=values["note"], revision=values["revision"], by=self.here.user
        )

    def refused(self, form, refusal):
        """Show both reasons where one's draft was rewritten meanwhile."""
        if isinstance(refusal, Rewritten):
            self.desk = Desk(self.row, self.here)
            form.show_both(refusal, self.desk.own)
            return self.form_invalid(form)
        return super().refused(form, refusal)
