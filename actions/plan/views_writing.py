"""Pages on which actions are written section by section, proposed whole and withdrawn, as
versions."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView

from actions.plan.events import add_action
from actions.plan.forms import SECTIONS, ActionForm, section_by_key
from actions.plan.merging import fingerprint, merge
from actions.plan.models import Action
from actions.plan.reading import readable_actions
from actions.plan.writing import WritingPage, initial_values, section_content
from agreements.commitments.commitment import commitment_of
from committee.drafts.reading import Desk
from committee.drafts.writing import Editing, Ending, Writing
from committee.pages import CommitteePage
from conventions.models import Objective
from ctg_portal.text.numbers import key_in


class AddAction(Writing):
    """Write the first section of a new action; ``?objectif=`` names an objective it serves."""

    template_name = "actions/plan/add.html"
    form_class = ActionForm

    def may(self):
        return commitment_of(Action()).may_draft(self.here.user, self.convention)

    def get_initial(self):
        """Return the priority, and the readable objective that the address names, with its
        theme."""
        initial = {"priority": "normal"}
        if asked := key_in(self.request.GET.get("objectif", "")):
            objectives = Objective.objects.of(self.convention).readable()
            served = objectives.filter(pk=asked, is_objective=True).first()
            if served:
                initial |= {"objectives": [served], "theme": served.theme_id}
        return initial

    def get_form_kwargs(self):
        """Add the first section, the convention and the reading day, on which choices are in
        force."""
        return super().get_form_kwargs() | {
            "section": SECTIONS[0],
            "convention": self.convention,
            "day": self.convention.reading_day(self.here.today),
        }

    def write(self, form):
        """Return the draft of a new action; sent again, the same form returns the first draft."""
        note = form.cleaned_data["note"]
        return add_action(self.convention, form.content, note=note, once=True, by=self.here.user)

    def after_writing(self, form, draft):
        """Lead to the page where the sections of the draft are written; nothing is proposed."""
        messages.success(self.request, "Le brouillon est enregistré. Complétez-le par sections.")
        return redirect("actions:edit", self.convention.slug, draft.object_id)


class EditAction(CommitteePage, TemplateView):
    """Show what is agreed by section, what the writer's draft changes and still lacks."""

    template_name = "actions/plan/edit.html"

    def get_context_data(self, **kwargs):
        """Add ``action`` and ``page``, from the draft that ``?depuis=`` names, if any; 404 for an
        action that the person may not know of."""
        rows = readable_actions(self.convention, self.here.user).with_relations()
        action = get_object_or_404(rows, pk=self.kwargs["pk"])
        asked = self.request.GET.get("depuis", "")
        page = WritingPage(action, Desk(action, self.here), asked)
        return super().get_context_data(page=page, action=action, **kwargs)


class EditSection(Editing):
    """Write one section of the writer's draft of the next version."""

    template_name = "actions/plan/edit_section.html"
    form_class = ActionForm
    row_name = "action"

    def rows(self):
        return readable_actions(self.convention, self.here.user).with_relations()

    def setup(self, request, *args, **kwargs):
        """Set the ``section`` that the address names; 404 for an unknown one."""
        super().setup(request, *args, **kwargs)
        self.section = section_by_key(kwargs["section"])
        if self.section is None:
            raise Http404

    @property
    def source(self):
        """The version that the form is filled from; None for the action as it stands."""
        return self.desk.source(self.request.GET.get("depuis", ""))

    def get_initial(self):
        return initial_values(self.desk, self.source, self.section)

    def get_form_kwargs(self):
        """Add section, convention, reading day, and as ``source`` the content of the version that
        the form is filled from, or of the action as it stands."""
        source = self.source
        content = source.content if source else commitment_of(self.row).content(self.row)
        return super().get_form_kwargs() | {
            "section": self.section,
            "convention": self.convention,
            "day": self.convention.reading_day(self.here.today),
            "source": content,
        }

    def write(self, form):
        """Save the section in the writer's draft, merged with what they saved elsewhere meanwhile;
        return None where nothing differs from what is in force."""
        values = {name: form.cleaned_data[name] for name in ("note", "base", "revision")}
        merged = self._merge_with_own_draft(form)
        if merged is not None:
            own = self.desk.own
            values |= self.desk.tokens(own) | {"note": values["note"] or own.note}
        content = form.content | (merged or {})
        reference = self.desk.reference
        is_new = self.desk.own is None and reference is not None and not reference.ends
        if is_new and content == reference.content and not values["note"]:
            return None
        return self.desk.save(
            content, note=values["note"], base=str(values["base"]), revision=values["revision"]
        )

    def _merge_with_own_draft(self, form) -> dict | None:
        """Return the fields of this section merged with the writer's draft, where that was saved
        elsewhere since the page was opened; None where it was not, or where both changed the same
        field."""
        own = self.desk.own
        if own is None or own.ends or form.cleaned_data["revision"] == own.revision:
            return None
        if form.cleaned_data["note"] not in ("", own.note):
            return None
        saved = section_content(own.content, self.section)
        return merge(form.cleaned_data["shown"], saved, form.own_content)

    def refused(self, form, refusal):
        """Show the refusal; where somebody else wrote meanwhile, with the fingerprint of what is
        stored now, so that the next sending overwrites it."""
        answer = super().refused(form, refusal)
        if self.differences is not None:
            now = self.desk.own or self.desk.reference
            form.send_again_with(shown=fingerprint(section_content(now.content, self.section)))
        return answer

    def after_writing(self, form, draft):
        """Say whether a draft was saved, None where nothing had changed; redirect to the section
        that the button names, or to the sheet."""
        if draft is None:
            messages.info(self.request, "Rien n’a changé : aucun brouillon n’est écrit.")
        else:
            messages.success(self.request, "Le brouillon est enregistré.")
        args = [self.convention.slug, self.row.pk]
        if form.is_staying:
            return redirect("actions:edit_section", *args, self.section.key)
        if form.goes_on and self.section.next:
            return redirect("actions:edit_section", *args, self.section.next.key)
        return redirect("actions:edit", *args)

    def get_context_data(self, **kwargs):
        """Add ``section``, and ``back``: the address of the page of all sections."""
        back = reverse("actions:edit", args=[self.convention.slug, self.row.pk])
        return super().get_context_data(section=self.section, back=back, **kwargs)


class EndAction(Ending):
    """Write the draft of an action's withdrawal, which all parties have to agree to."""

    template_name = "actions/plan/end.html"
    row_name = "action"

    def rows(self):
        return readable_actions(self.convention, self.here.user).with_relations()
