"""Pages on which the follow-up of an action is written part by part; its documents;
« Mes actions »; « Suivi de l’année »."""

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
from actions.follow_up.models import ActionDocument
from actions.follow_up.parts import NotePart, part_by_key
from actions.follow_up.review import Review, describe_outcome
from actions.follow_up.rights import may_follow
from actions.follow_up.saving import part_form, save_form
from actions.plan.models import Action, ActionState
from actions.plan.reading import action_of
from conventions.access.pages import ConventionPage, visible_convention
from conventions.lists import ListFile
from ctg_portal.rules import DoneAlready, Refused
from ctg_portal.templatetags.french import enumerate_words, plural
from documents.downloads import serve_stored_file
from documents.tables import Table
from documents.turns import TakesFiles

DOCUMENTS = "documents"
ANCHORS = {"etat": "suivi", "jalons": "jalons", "depenses": "financement", "liens": "liens"}


class OfAction(ConventionPage):
    """Mixin of a page about the follow-up of ``self.action``."""

    def setup(self, request, *args, **kwargs):
        """Set ``action``; 404 for one that the person may not see."""
        super().setup(request, *args, **kwargs)
        self.action = action_of(self.convention, request.user, kwargs["pk"])

    def get_context_data(self, **kwargs):
        """Add ``action``, and ``refusal``: why the person may not follow it up, or None."""
        refusal = may_follow(self.request.user, self.action)
        return super().get_context_data(action=self.action, refusal=refusal, **kwargs)

    def url_of(self, anchor: str) -> str:
        return f"{self.action.get_absolute_url()}#{anchor}"

    def back(self, anchor: str):
        return redirect(self.url_of(anchor))


class FollowView(OfAction, FormView):
    """Write one part; who comes second is shown both texts, and chooses."""

    template_name = "actions/follow_up/follow.html"
    differences = None
    meanwhile = None

    def setup(self, request, *args, **kwargs):
        """Set the ``part`` that the address names; 404 for an unknown one."""
        super().setup(request, *args, **kwargs)
        self.part = part_by_key(kwargs["part"])
        if self.part is None:
            raise Http404

    def get_form(self, form_class=None):
        return part_form(self.action, self.part, self.get_form_kwargs().get("data"))

    def form_valid(self, form):
        """Save the part, then go back to its place on the sheet, or stay for more rows; show the
        form again where it was refused."""
        result = save_form(form, by=self.request.user)
        if not result.is_saved:
            self.action = form.action
            self.differences, self.meanwhile = result.differences, result.meanwhile
            return self.form_invalid(form)
        self.add_message(result.entry)
        if form.is_staying:
            return redirect(self.request.path)
        return self.back(ANCHORS.get(self.part.key, self.part.key))

    def add_message(self, entry) -> None:
        """Say what was written; ``entry`` is None where nothing changed."""
        if entry is None:
            messages.info(self.request, "Rien n’a changé.")
        elif isinstance(self.part, NotePart) and not self.part.decode(entry.after)["text"]:
            messages.success(
                self.request, f"Le {self.part.title.lower()} est retiré ; l’historique le garde."
            )
        else:
            messages.success(self.request, "Le suivi est enregistré.")
            if remark := self.unreached(entry):
                messages.info(self.request, remark)

    def unreached(self, entry) -> str:
        """Return the sentence on unreached milestones of an action just done; empty without any."""
        before, now = (self.part.decode(text).get("state") for text in (entry.before, entry.after))
        if now != ActionState.DONE or before == now:
            return ""
        left = [f"« {milestone.title} »" for milestone in self.action.milestones.unreached()]
        if not left:
            return ""
        count = plural(len(left), "jalon n’est pas atteint,jalons ne sont pas atteints")
        return f"L’action est terminée, à 100 %, et {count} : {enumerate_words(left)}."

    def get_context_data(self, **kwargs):
        """Add ``part``, and ``differences`` and ``meanwhile`` of a refused saving, None without
        one."""
        return super().get_context_data(
            part=self.part, differences=self.differences, meanwhile=self.meanwhile, **kwargs
        )


class AddDocument(OfAction, TakesFiles, FormView):
    template_name = "actions/follow_up/add_document.html"
    form_class = DocumentForm

    def refuse_upload(self):
        return may_follow(self.request.user, self.action)

    def form_valid(self, form):
        """Attach the document and go back to the sheet; a refusal is shown on the form."""
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
    """Serve a document of the sheet to who sees the action, to be saved, not opened; 404 for one
    that was withdrawn."""
    action = action_of(visible_convention(request, slug), request.user, pk)
    row = get_object_or_404(action.documents.on_sheet().select_related("document"), pk=document)
    return serve_stored_file(row.document)


class WithdrawDocument(OfAction, TemplateView):
    """Ask, then take a document off the sheet."""

    template_name = "actions/follow_up/withdraw_document.html"

    def setup(self, request, *args, **kwargs):
        """Find the document on the sheet; 404 for an unknown one. Raises DoneAlready where it was
        withdrawn."""
        super().setup(request, *args, **kwargs)
        self.document: ActionDocument = get_object_or_404(
            self.action.documents.select_related("document"), pk=kwargs["document"]
        )
        if self.document.withdrawn_at:
            raise DoneAlready(WITHDRAWN_ALREADY.reason, self.url_of(DOCUMENTS))

    def post(self, request, *args, **kwargs):
        """Withdraw the document, or warn of a refusal; go back to the sheet in both cases."""
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
    """Show what awaits who leads actions, and save a part that is edited on its line: the address
    says which one (``?fiche=12&partie=etat``)."""

    template_name = "actions/follow_up/mine.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(mine=self.mine, **kwargs)

    @cached_property
    def mine(self) -> Mine:
        """The page, with the form that the address opens, bound to what was sent."""
        asked = self.request.GET
        mine = Mine(self.convention, self.request.user, self.today)
        mine.open(asked.get("fiche", ""), asked.get("partie", ""), self.request.POST or None)
        mine.saved = asked.get("enregistre", "")
        return mine

    def post(self, request, *args, **kwargs):
        """Save the open form and go back to its line; show it again if refused, 404 without one."""
        form = self.mine.form
        if form is None:
            raise Http404
        if form.is_valid():
            result = save_form(form, by=request.user)
            if result.is_saved:
                pk, staying = form.action.pk, f"fiche={form.action.pk}&partie={form.part.key}"
                asked = staying if form.is_staying else f"enregistre={pk}"
                return redirect(f"{request.path}?{asked}#{form.action.anchor}")
            self.mine.sent = result
        return self.render_to_response(self.get_context_data())


class MineFile(ConventionPage, ListFile):
    """Serve the lines of « Mes actions » as a table, in the order of the page."""

    name = "mes-actions"

    def tables(self):
        """Return one table: a line for each action that the person leads, first those that await
        something."""
        mine = Mine(self.convention, self.request.user, self.today)
        notes = [FICTIONAL] if mine.is_fictional else []
        return [Table.of("Mes actions", MINE, mine.lines, notes)]


class JournalFile(OfAction, ListFile):
    """Serve the journal of an action's follow-up, a row for each changed field."""

    @property
    def name(self):
        return f"historique-{self.action.number}"

    def tables(self):
        """Return one table of all entries, the latest first."""
        lines = journal_lines([read_entry(entry) for entry in journal_of(self.action)])
        notes = [FICTIONAL] if self.action.is_fictional else []
        return [Table.of("Historique", JOURNAL, lines, notes)]


class ReviewView(ConventionPage, TemplateView):
    """Show the states and notes of a year on one page; a row is saved alone, or all together."""

    template_name = "actions/follow_up/review.html"

    def get_context_data(self, **kwargs):
        """Add ``review``, with the choices of its filter."""
        self.review.offer_all()
        return super().get_context_data(review=self.review, **kwargs)

    @cached_property
    def review(self) -> Review:
        return self.read()

    def read(self) -> Review:
        return Review(self.convention, self.request.user, self.request.GET, self.today)

    def post(self, request, *args, **kwargs):
        """Save the rows sent and go back to the same query; where some are refused, show them as
        typed. An htmx request saves one row (``save_row``)."""
        if request.htmx:
            return self.save_row(request.GET.get("ligne", ""))
        rows = self.review.rows_sent(request.POST)
        for row in rows:
            row.save(request.user)
        if any(row.is_wrong for row in rows):
            del self.review
            self.review.keep_refused(rows)
            return self.render_to_response(self.get_context_data(outcome=describe_outcome(rows)))
        messages.success(request, describe_outcome(rows))
        return redirect(request.get_full_path())

    def save_row(self, only: str):
        """Save the row whose key is ``only``; return it with the parts of the page that change. 404
        where it was not sent, or the user does not follow that action."""
        row = next(iter(self.review.rows_sent(self.request.POST, only)), None)
        if row is None:
            raise Http404
        was_awaited = row.is_awaited
        row.save(self.request.user)
        review = self.read()
        now = next(iter(review.read(Action.objects.filter(pk=row.action.pk))), row)
        context = {"row": row, "now": now, "moved": now.changed_widgets(row)}
        if now.is_awaited != was_awaited:
            context["title"] = review.title
        response = render(self.request, "actions/follow_up/review_saved.html", context)
        if row.has_taken_other:
            response["HX-Refresh"] = "true"
        return response


class ReviewFile(ConventionPage, ListFile):
    """Serve the rows that the review shows, with the notes of the year."""

    @cached_property
    def review(self) -> Review:
        return Review(self.convention, self.request.user, self.request.GET, self.today)

    @property
    def name(self):
        return f"suivi-{self.review.year}"

    def tables(self):
        """Return one table: the rows of all pages that the filter asks for."""
        notes = [FICTIONAL] if self.review.is_fictional else []
        return [Table.of(f"Suivi {self.review.year}", REVIEW, self.review.rows, notes)]
