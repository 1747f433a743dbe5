"""Pages on which the document of a year is composed and previewed."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView

from ctg_portal.forms.revisions import Rewritten, differences, revision_in, revision_of
from ctg_portal.rules import Refusal, Refused
from ctg_portal.text.differences import Change, Changes, words_changed
from evaluation.editions.following import notes_on_change
from evaluation.editions.rights import may_read_drafts
from evaluation.layout import events
from evaluation.layout.candidates import candidates_of
from evaluation.layout.forms import DOWN, UP, HighlightsForm, choice_in
from evaluation.layout.page import rows_of
from evaluation.layout.reading import Choice, Chosen, choice_of, chosen_of, evaluation_of, layout_of
from evaluation.report.document import document_context, draw_sections
from evaluation.report.for_reader import ContentPageMixin
from evaluation.report.marks import Mark
from evaluation.report.rights import may_build_report


class ComposingPage(ContentPageMixin):
    """Base of the pages for who composes the document; PermissionDenied for others."""

    def setup(self, request, *args, **kwargs):
        """Raise PermissionDenied for who may not build the report."""
        super().setup(request, *args, **kwargs)
        if may_build_report(request.user, self.convention) is not None:
            raise PermissionDenied

    def get_context_data(self, **kwargs):
        """Add the warnings that a change returns what is submitted, as ``notes``."""
        return super().get_context_data(
            notes=notes_on_change(self.convention, self.period), **kwargs
        )


class ComposeView(ComposingPage, TemplateView):
    """Choose the sections of the document and their order. A button that moves one saves nothing:
    the page is shown again."""

    template_name = "evaluation/layout/compose.html"

    @cached_property
    def saved(self) -> Choice:
        return choice_of(self.convention, self.period.year)

    def get(self, request, *args, **kwargs):
        return self._show_choice(self.saved, self.revision)

    @property
    def revision(self) -> int:
        """The revision of the choice stored for this very evaluation; 0 without one."""
        return revision_of(layout_of(self.convention, self.period.year))

    def post(self, request, *args, **kwargs):
        """Store the choice and return to the report; where a section is moved, or the event
        refuses, store nothing and show the choice again."""
        choice = choice_in(request.POST)
        for step in (UP, DOWN):
            if step in request.POST:
                request.was_refused = True
                sent = revision_in(request.POST)
                return self._show_choice(choice, sent, moved=request.POST[step], step=step)
        try:
            events.compose(
                self.convention, self.period.year, choice, revision=revision_in(request.POST),
                by=request.user,
            )  # fmt: skip
        except Refused as refused:
            request.was_refused = True
            return self._show_choice(choice, self.revision, refusal=refused.refusal)
        messages.success(request, "Le choix est enregistré.")
        return redirect("evaluation:report", self.convention.slug, self.period)

    def _show_choice(
        self, choice: Choice, revision: int, moved: str = "", step: str = "",
        refusal: Refusal | None = None,
    ):  # fmt: skip
        """Return the page with a choice, and how it differs from the saved one, over whose
        ``revision`` it would be saved. ``moved``: the key of the section just moved, by the button
        ``step``."""
        changes = [Change("Rubriques", words_changed(self.saved.words, choice.words))]
        context = self.get_context_data(
            revision=revision,
            differences=Changes(changes),
            rows=rows_of(choice, self.period, moved, step),
            saved=self.saved,
            is_saved=choice.says_the_same(self.saved),
            refusal=refusal,
        )
        return self.render_to_response(context)


class PreviewView(ContentPageMixin, TemplateView):
    """The document on the screen, as stored on GET; on POST as the page on which it is composed
    would save it. Writes nothing; PermissionDenied for who reads no drafts."""

    template_name = "evaluation/layout/preview.html"

    def setup(self, request, *args, **kwargs):
        """Raise PermissionDenied for who reads no drafts."""
        super().setup(request, *args, **kwargs)
        if may_read_drafts(request.user, self.convention) is not None:
            raise PermissionDenied

    def post(self, request, *args, **kwargs):
        """Show the document with the sections that were sent."""
        content = replace(self.content, sections=choice_in(request.POST).keys)
        return self.render_to_response(self.get_context_data(content=content))

    def get_context_data(self, **kwargs):
        """Add the drawn sections of ``content``, by default of what would be submitted now."""
        content = kwargs.pop("content", None) or self.content
        drawn = draw_sections(content)
        document = document_context(content, Mark.project(self.today), drawn)
        return super().get_context_data(document_title=content.full_title, **document, **kwargs)


class HighlightsView(ComposingPage, FormView):
    """Choose the successes and the difficulties for the page of the year."""

    template_name = "evaluation/layout/highlights.html"
    form_class = HighlightsForm

    @cached_property
    def chosen(self) -> list[Chosen]:
        return chosen_of(self.reading)

    def get_initial(self):
        return {"revision": revision_of(evaluation_of(self.reading))}

    def get_form_kwargs(self):
        """Add ``known``, the candidates of the year by kind, and ``chosen``, the stored
        highlights."""
        known = candidates_of(self.reading)
        return super().get_form_kwargs() | {"known": known, "chosen": self.chosen}

    def form_valid(self, form):
        """Store the choice and return to the report; where somebody else chose meanwhile, show
        both."""
        revision = form.cleaned_data["revision"]
        try:
            events.choose_highlights(
                self.reading, form.picks, revision=revision, by=self.request.user
            )
        except Refused as refused:
            if isinstance(refused.refusal, Rewritten):
                now = differences(form, form.values_of(self.chosen))
                form.show_both(refused.refusal, evaluation_of(self.reading), now)
            else:
                form.add_error(None, refused.refusal.reason)
            return self.form_invalid(form)
        messages.success(self.request, "Les réussites et les difficultés sont enregistrées.")
        return redirect("evaluation:report", self.convention.slug, self.period)

    def get_context_data(self, **kwargs):
        return super().get_context_data(chosen=self.chosen, **kwargs)
