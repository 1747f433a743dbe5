"""How an action goes on is told part by part; its documents; « Mes actions »."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe
from django.views.generic import FormView, TemplateView

from actions.follow_up.events import (
    WITHDRAWN_ALREADY,
    attach_document,
    withdraw_document,
)
from actions.follow_up.files import FICTIONAL, JOURNAL, MINE, REVIEW, journal_lines
from actions.follow_up.forms import DocumentForm
from actions.follow_up.journal import journal_of, read_entry
from actions.follow_up.mine import Mine
from actions.follow_up.parts import NotePart, part_of
from actions.follow_up.review import Review, told_of
from actions.follow_up.rights import may_follow
from actions.follow_up.telling import form_of, tell
from actions.models import Action, ActionDocument, ActionState
from actions.pages import action_of
from conventions.lists import ListFile
from conventions.pages import ConventionPage, visible_convention
from ctg_portal.rules import DoneAlready, Refused
from ctg_portal.templatetags.french import enumerate_words, plural
from documents.downloads import serve_stored_file
from documents.tables import Table
from documents.turns import TakesFiles

DOCUMENTS = "documents"
ANCHORS = {"etat": "suivi", "jalons": "jalons", "depenses": "financement", "liens": "liens"}


class OfAction(ConventionPage):
    """Mixin of a page on which the follow-up of ``self.action`` is told."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.action = action_of(self.convention, request.user, kwargs["pk"])

    def get_context_data(self, **kwargs):
        refusal = may_follow(self.request.user, self.action)
        return super().get_context_data(action=self.action, refusal=refusal, **kwargs)

    def url_of(self, anchor: str) -> str:
        return f"{self.action.get_absolute_url()}#{anchor}"

    def back(self, anchor: str):
        return redirect(self.url_of(anchor))


class FollowView(OfAction, FormView):
    """Write one part; who comes second is shown both, and chooses."""

    template_name = "actions/follow_up/follow.html"
    differences = None
    meanwhile = None

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.part = part_of(kwargs["part"])
        if self.part is None:
            raise Http404

    def get_form(self, form_class=None):
        return form_of(self.action, self.part, self.get_form_kwargs().get("data"))

    def form_valid(self, form):
        told = tell(form, by=self.request.user)
        if not told.is_taken:
            self.action = form.action
            self.differences, self.meanwhile = told.differences, told.meanwhile
            return self.form_invalid(form)
        self.tell(told.entry)
        if form.is_staying:
            return redirect(self.request.path)
        return self.back(ANCHORS.get(self.part.key, self.part.key))

    def tell(self, entry) -> None:
        """What has been written, if anything."""
        if entry is None:
            messages.info(self.request, "Rien n’a changé.")
        elif isinstance(self.part, NotePart) and not self.part.told(entry.after)["text"]:
            messages.success(
                self.request, f"Le {self.part.title.lower()} est retiré ; l’historique le garde."
            )
        else:
            messages.success(self.request, "Le suivi est enregistré.")
            if told := self.unreached(entry):
                messages.info(self.request, told)

    def unreached(self, entry) -> str:
        """The milestones that an action just done has left aside: they stay as they are."""
        before, now = (self.part.told(text).get("state") for text in (entry.before, entry.after))
        if now != ActionState.DONE or before == now:
            return ""
        left = [f"« {one.title} »" for one in self.action.milestones.to_come()]
        if not left:
            return ""
        count = plural(len(left), "jalon n’est pas atteint,jalons ne sont pas atteints")
        return f"L’action est terminée, à 100 %, et {count} : {enumerate_words(left)}."

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            part=self.part, differences=self.differences, meanwhile=self.meanwhile, **kwargs
        )


class AddDocument(OfAction, TakesFiles, FormView):
    template_name = "actions/follow_up/add_document.html"
    form_class = DocumentForm

    def refuse_upload(self):
        return may_follow(self.request.user, self.action)

    def form_valid(self, form):
        values = form.cleaned_data
        by, upload = self.request.user, values["document"]
        try:
            attach_document(self.action, upload, title=values["title"], by=by)
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
        except ValidationError as wrong:
            form.add_error("document", wrong)
        else:
            messages.success(self.request, "Le document est sur la fiche.")
            return self.back(DOCUMENTS)
        return self.form_invalid(form)


@require_safe
def document(request, slug, pk, document):
    """A document of the sheet, for who sees the action: to be saved, never opened in the page."""
    action = action_of(visible_convention(request, slug), request.user, pk)
    found = get_object_or_404(action.documents.kept().select_related("document"), pk=document)
    return serve_stored_file(found.document)


class WithdrawDocument(OfAction, TemplateView):
    """Ask, then take a document off the sheet."""

    template_name = "actions/follow_up/withdraw_document.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.document: ActionDocument = get_object_or_404(
            self.action.documents.select_related("document"), pk=kwargs["document"]
        )
        if self.document.withdrawn_at:
            raise DoneAlready(WITHDRAWN_ALREADY.reason, self.url_of(DOCUMENTS))

    def post(self, request, *args, **kwargs):
        try:
            withdraw_document(self.document, by=request.user)
        except Refused as refused:
            messages.warning(request, refused.refusal.reason)
        else:
            messages.success(request, "Le document n’est plus sur la fiche.")
        return self.back(DOCUMENTS)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs | {"document": self.document})


class MineView(ConventionPage, TemplateView):
    """What awaits who leads actions. One part of one of them may be told on its line: which one
    stands in the address (``?fiche=12&partie=etat``)."""

    template_name = "actions/follow_up/mine.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(mine=self.mine, **kwargs)

    @cached_property
    def mine(self) -> Mine:
        asked = self.request.GET
        mine = Mine(self.convention, self.request.user, self.today)
        mine.open(asked.get("fiche", ""), asked.get("partie", ""), self.request.POST or None)
        mine.saved = asked.get("enregistre", "")
        return mine

    def post(self, request, *args, **kwargs):
        form = self.mine.form
        if form is None:
            raise Http404
        if form.is_valid():
            told = tell(form, by=request.user)
            if told.is_taken:
                pk, staying = form.action.pk, f"fiche={form.action.pk}&partie={form.part.key}"
                asked = staying if form.is_staying else f"enregistre={pk}"
                return redirect(f"{request.path}?{asked}#{form.action.anchor}")
            self.mine.told = told
        return self.render_to_response(self.get_context_data())


class MineFile(ConventionPage, ListFile):
    """The same actions as a table, in the order of the page."""

    name = "mes-actions"

    def tables(self):
        mine = Mine(self.convention, self.request.user, self.today)
        notes = [FICTIONAL] if mine.is_fictional else []
        return [Table.of("Mes actions", MINE, mine.lines, notes)]


class JournalFile(OfAction, ListFile):
    """All that was changed of the follow-up of an action, a row for each field."""

    @property
    def name(self):
        return f"historique-{self.action.number}"

    def tables(self):
        lines = journal_lines([read_entry(entry) for entry in journal_of(self.action)])
        notes = [FICTIONAL] if self.action.is_fictional else []
        return [Table.of("Historique", JOURNAL, lines, notes)]


class ReviewView(ConventionPage, TemplateView):
    """The states and notes of a year on one page: a row is saved by itself, or all together."""

    template_name = "actions/follow_up/review.html"

    def get_context_data(self, **kwargs):
        self.review.offer_all()
        return super().get_context_data(review=self.review, **kwargs)

    @cached_property
    def review(self) -> Review:
        return self.read()

    def read(self) -> Review:
        return Review(self.convention, self.request.user, self.request.GET, self.today)

    def post(self, request, *args, **kwargs):
        if request.htmx:
            return self.row_saved(request.GET.get("ligne", ""))
        rows = self.review.sent(request.POST)
        for row in rows:
            row.save(request.user)
        if any(row.is_wrong for row in rows):
            del self.review
            self.review.keep_refused(rows)
            return self.render_to_response(self.get_context_data(told=told_of(rows)))
        messages.success(request, told_of(rows))
        return redirect(request.get_full_path())

    def row_saved(self, only: str):
        """The state of the one row, for the page it was typed in, and what this page now says."""
        row = next(iter(self.review.sent(self.request.POST, only)), None)
        if row is None:
            raise Http404
        was_awaited = row.is_awaited
        row.save(self.request.user)
        review = self.read()
        now = next(iter(review.read(Action.objects.filter(pk=row.action.pk))), row)
        context = {"row": row, "now": now, "moved": now.moved(row)}
        if now.is_awaited != was_awaited:
            context["title"] = review.title
        response = render(self.request, "actions/follow_up/review_saved.html", context)
        if row.has_taken_other:
            response["HX-Refresh"] = "true"
        return response


class ReviewFile(ConventionPage, ListFile):
    """The actions that the page of the review shows, with their notes of the year."""

    @cached_property
    def review(self) -> Review:
        return Review(self.convention, self.request.user, self.request.GET, self.today)

    @property
    def name(self):
        return f"suivi-{self.review.year}"

    def tables(self):
        notes = [FICTIONAL] if self.review.is_fictional else []
        return [Table.of(f"Suivi {self.review.year}", REVIEW, self.review.rows, notes)]
