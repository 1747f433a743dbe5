"""Pages on which a sheet is written from another one: « Dupliquer », « Reprendre d’une autre
convention »."""

from itertools import groupby

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from actions.plan.copying import Namesakes, copiable_actions, duplicate_action, take_up_actions
from actions.plan.copying_forms import DuplicateForm, PlacementForm, Places
from actions.plan.models import Action
from actions.plan.reading import readable_actions
from agreements.commitments.commitment import commitment_of
from committee.drafts.writing import RowWriting
from committee.pages import CommitteePage
from conventions.models import Convention
from ctg_portal.rules import Refused, enforce
from ctg_portal.templatetags.french import plural
from ctg_portal.text.numbers import key_in

# The sheets that are copied at once, while the page waits: each takes some thirty queries.
MOST = 40


class DuplicateAction(RowWriting):
    """Write the draft of a new action from one of the plan."""

    template_name = "actions/plan/duplicate.html"
    form_class = DuplicateForm
    row_name = "action"

    def rows(self):
        return readable_actions(self.convention, self.here.user).with_sheet()

    def may(self):
        return commitment_of(Action()).may_draft(self.here.user, self.convention)

    def get_initial(self):
        return {"title": self.row.title}

    def write(self, form):
        return duplicate_action(self.row, by=self.here.user, **form.cleaned_data)

    def refused(self, form, refusal):
        """Show the form again with the reason beside the title."""
        form.add_error("title", refusal.reason)
        return self.form_invalid(form)

    def after_writing(self, form, draft):
        """Lead to the page where the sections of the draft are written; nothing is proposed."""
        messages.success(self.request, "Le brouillon est enregistré. Relisez-le par sections.")
        return redirect("actions:edit", self.convention.slug, draft.object_id)


class TakeUp(CommitteePage, TemplateView):
    """Choose a convention, tick its actions, and say where each copy is placed."""

    template_name = "actions/plan/take_up.html"

    @cached_property
    def refusal(self):
        return commitment_of(Action()).may_draft(self.here.user, self.convention)

    @cached_property
    def others(self) -> list[Convention]:
        """The other conventions that the person sees."""
        return list(self.seen)

    @cached_property
    def source(self) -> Convention | None:
        """The other convention that the address names, or the only one there is; None to be chosen.
        An unknown one is a 404."""
        slug = self.request.GET.get("de", "")
        if not slug and len(self.others) == 1:
            return self.others[0]
        return get_object_or_404(self.seen, slug=slug) if slug else None

    @property
    def seen(self):
        """The other conventions that the person sees, as a queryset."""
        return Convention.objects.visible_to(self.here.user).exclude(pk=self.convention.pk)

    @cached_property
    def actions(self) -> list[Action]:
        """The actions of the source, in reading order; none for who may not write drafts."""
        if self.source is None or self.refusal:
            return []
        rows = copiable_actions(self.convention, self.here.user).of(self.source)
        return list(rows.with_sheet().in_reading_order())

    @cached_property
    def ticked(self) -> list[Action]:
        """The ticked actions among those that may be copied, in reading order."""
        keys = {key_in(text) for text in self.request.POST.getlist("fiche")}
        return [action for action in self.actions if action.pk in keys]

    def post(self, request, *args, **kwargs):
        """Show the places of the ticked actions (``MOST`` at a time); once sent, write all drafts.
        Come back with a warning where nothing is ticked."""
        if not self.ticked:
            messages.warning(request, "Cochez les fiches à reprendre.")
            return redirect(request.get_full_path())
        if left := len(self.ticked[MOST:]):
            remaining = plural(left, "fiche cochée reste,fiches cochées restent")
            messages.warning(
                request, f"{remaining} à reprendre ensuite : {MOST} au plus à la fois."
            )
        is_sent = "reprendre" in request.POST
        form = PlacementForm(
            request.POST if is_sent else None, actions=self.ticked[:MOST],
            places=Places(self.convention, self.convention.reading_day(self.here.today)),
            namesakes=Namesakes(self.convention),
        )  # fmt: skip
        if is_sent and form.is_valid():
            try:
                enforce(self.refusal)
                drafts = take_up_actions(self.convention, form.chosen, by=self.here.user)
            except Refused as refused:
                form.add_error(None, refused.refusal.reason)
            else:
                written = plural(len(drafts), "brouillon est écrit,brouillons sont écrits")
                messages.success(
                    request, f"{written} : complétez-les, puis proposez-les au comité."
                )
                response = redirect("actions:plan", self.convention.slug)
                response["Location"] += "?accord=brouillon"
                return response
        self.template_name = "actions/plan/attach.html"
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        """Add ``refusal``, ``others``, ``source``, ``most``, and ``axes``: pairs of an axis of the
        source and its actions."""
        by_axis = groupby(self.actions, lambda action: action.theme.axis)
        return super().get_context_data(
            refusal=self.refusal, others=self.others, source=self.source, most=MOST,
            axes=[(axis, list(own)) for axis, own in by_axis], **kwargs,
        )  # fmt: skip
