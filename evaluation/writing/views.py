"""Pages of the texts of an evaluation: written, previewed, kept as drafts, given, their history."""

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView, View

from ctg_portal.forms.revisions import Meanwhile
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import plural
from ctg_portal.text.numbers import key_in
from evaluation.comments.reading import thread_of
from evaluation.editions.following import notes_on_change
from evaluation.texts.models import OwnDraft, Writer
from evaluation.texts.rights import may_give
from evaluation.texts.sheets import format_moment, text_changes
from evaluation.writing import events
from evaluation.writing.editor import TextEditor
from evaluation.writing.forms import LONGEST, DraftForm, GiveForm
from evaluation.writing.page_of_draft import new_page, parse_page
from evaluation.writing.pages import TextPage
from evaluation.writing.sources import Sources

# The buttons that save nothing: the form is shown again.
PREVIEW, FIRST_DRAFT, TAKE_UP = "apercu", "premier-jet", "reprendre"
# The name of the page on which one types, and of the button that has it write over another draft.
PAGE, REPLACES = "page", "remplacer"
# The draft is stored, and a page chooses an image; where the caret stands, if a script says so.
IMAGE, CARET = "image", "curseur"


class WritingView(TextPage, FormView):
    """The page on which a text is written. Who saves second is shown both texts, and chooses."""

    differences = meanwhile = None
    preview = ""
    draft_shown = None

    def setup(self, request, *args, **kwargs):
        """Raise Http404 for a theme that the page of the year does not have."""
        super().setup(request, *args, **kwargs)
        if "theme" in self.editor.about and self.sources.theme is None:
            raise Http404

    def get_template_names(self):
        return [self.editor.template]

    @cached_property
    def sources(self) -> Sources:
        return Sources(self.editor, self.reading, self.today)

    def get_form_class(self):
        return self.editor.form_class

    def get_form_kwargs(self):
        return super().get_form_kwargs() | self.editor.form_kwargs

    def get_initial(self):
        """Return the former text asked for, else the writer's draft, else the saved text."""
        editor = self.editor
        former = editor.former_text(self.request.GET.get("texte", ""))
        if former is not None and self.request.method == "GET":
            return editor.other_initial | {"text": former.text, "revision": editor.revision}
        text = editor.draft.text if editor.draft else editor.text
        return editor.other_initial | {"text": text, "revision": editor.revision}

    def get(self, request, *args, **kwargs):
        """Show the form, with the draft beside a former text, or a newer text beside the draft."""
        editor, shown = self.editor, self.get_initial()["text"]
        draft = editor.draft
        if draft and shown != draft.text:
            # A former text was asked for: the draft is still shown beside it.
            draft_label = (
                "Votre brouillon, que le texte repris remplacera dès que vous le modifierez"
            )
            self.meanwhile = Meanwhile(
                f"{draft_label}, a été gardé le {format_moment(draft.saved_at)}"
            )
            self.differences = text_changes(draft.text, shown)
        elif draft and editor.draft_is_stale:
            self.meanwhile, self.differences = editor.meanwhile, editor.differences(shown)
            self.draft_shown = draft
        else:
            self.draft_shown = draft
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        """Save the text, or do what another button asks for: show it again with a preview, the
        first draft or a piece of the sources added, or store a draft and go to choose an image."""
        typed = request.POST.get("text", "")
        if PREVIEW in request.POST:
            self.preview = typed
            return self.show_again(typed)
        if FIRST_DRAFT in request.POST:
            return self.show_again(self.with_first_draft(typed))
        if TAKE_UP in request.POST:
            return self.show_again(self.with_piece(typed, request.POST[TAKE_UP]))
        if IMAGE in request.POST:
            return self.choose_image()
        return super().post(request, *args, **kwargs)

    def with_first_draft(self, typed: str) -> str:
        """Return the text with the first draft at its end; say so if it is empty or cut."""
        draft = self.sources.draft
        if not draft.text:
            message = "Il n’y a encore ni chiffre ni action dont un premier jet puisse être tiré."
            messages.warning(self.request, message)
        elif draft.left:
            message = plural(draft.left, "phrase n’y tient pas,phrases n’y tiennent pas")
            message = f"{message} : reprenez-les des sources de {self.period.subject}."
            messages.warning(self.request, message)
        return _joined(typed, draft.text)

    def with_piece(self, typed: str, key: str) -> str:
        """Return the text with a piece of the sources at its end; as it is for an unknown key."""
        piece = self.sources.piece(key)
        return _joined(typed, piece.markdown if piece else "")

    def choose_image(self) -> HttpResponse:
        """Store what is typed as a draft and redirect to the choice of an image, with the place of
        the caret. A newer draft of another page is not overwritten: the form is shown again."""
        form = DraftForm(self.request.POST)
        if not form.is_valid():
            return super().post(self.request)  # too long: it is refused as on saving
        if other := self.editor.unseen(self.page_name):
            messages.warning(
                self.request, f"{describe_other_draft(other)} : il n’est pas remplacé."
            )
            return self.show_again(form.cleaned_data["text"])
        self.editor.keep_draft(**form.cleaned_data, page=self.page_name)
        place = key_in(self.request.POST.get(CARET, ""))
        url = self.editor.url("add_image")
        return redirect(f"{url}?place={place}" if place else url)

    def show_again(self, text: str) -> HttpResponse:
        """Show the form with ``text``; nothing is saved, and a draft stored elsewhere stays."""
        self.request.was_refused = True
        typed = {name: self.request.POST.get(name, "") for name in self.editor.other_initial}
        initial = typed | {"text": text, "revision": self.request.POST.get("revision", 0)}
        form = self.editor.form_class(initial=initial, **self.editor.form_kwargs)
        return self.render_to_response(self.get_context_data(form=form))

    @cached_property
    def page_name(self) -> str:
        return parse_page(self.request.POST.get(PAGE, "")) or new_page()

    def form_valid(self, form):
        """Save the text; a newer draft of another page stays, and a message says so."""
        other = self.editor.unseen(self.page_name)
        try:
            self.editor.write(**form.cleaned_data, deletes_draft=other is None)
        except Refused as refused:
            return self.refused(form, refused)
        messages.success(self.request, "Le texte est enregistré.")
        if other:
            messages.warning(
                self.request, f"{describe_other_draft(other)} : la page du texte le montre."
            )
        return redirect(self.editor.list_url)

    def refused(self, form, refused: Refused):
        """Show the reason and both texts; saved again, what was typed overwrites the other one."""
        form.add_error(None, refused.refusal.reason)
        self.meanwhile = self.editor.meanwhile
        self.differences = self.editor.differences(form.cleaned_data["text"])
        form.send_again_with(revision=self.editor.revision)
        return self.form_invalid(form)

    def get_context_data(self, **kwargs):
        """Add ``notes``, the warnings of what a change returns; ``differences`` and ``meanwhile``
        of another text, None without one; ``draft``, ``preview``, ``sources`` by group,
        ``comments`` without buttons, ``writers``; ``give_url``, empty for who may not give the
        text."""
        form = kwargs.get("form") or self.get_form()
        text = form["text"].value() or ""
        return super().get_context_data(
            **kwargs | {"form": form},
            notes=notes_on_change(self.convention, self.period),
            differences=self.differences,
            meanwhile=self.meanwhile,
            draft=self.draft_shown,
            page_name=self.page_name,
            preview=_preview_context(self.editor, self.preview or text),
            is_empty=not text.strip(),
            has_first_draft=bool(self.sources.draft.text),
            sources=self.sources.groups,
            comments=thread_of(self.editor, has_acts=False),
            writers=_writers(self.editor, self.today),
            give_url=self.editor.url("give") if _can_give(self.editor) else "",
        )


def describe_other_draft(draft: OwnDraft) -> str:
    """Return the beginning of a sentence about a newer draft that was stored from another page."""
    written = "Vous avez écrit sur une autre page un brouillon plus récent de ce texte, gardé le"
    return f"{written} {format_moment(draft.saved_at)}"


class PreviewView(TextPage, View):
    """Show a text as it will read; write nothing."""

    http_method_names = ["post"]

    def post(self, request, **kwargs):
        """Return the fragment that shows the text that is sent."""
        context = _preview_context(self.editor, request.POST.get("text", ""))
        return render(request, "evaluation/writing/preview.html", context)


class DraftView(TextPage, View):
    """Store what is being typed, for its writer alone."""

    http_method_names = ["post"]

    def post(self, request, **kwargs):
        """Return the state of the draft as a fragment: stored or too long; or, unless the button to
        replace it is used, that a newer draft of another page is there, which is left."""
        form, draft, other, wrong = DraftForm(request.POST), None, None, ""
        page = parse_page(request.POST.get(PAGE, ""))
        if form.is_valid():
            other = None if REPLACES in request.POST else self.editor.unseen(page)
            if other is None:
                draft = self.editor.keep_draft(**form.cleaned_data, page=page)
        else:
            wrong = (
                "Brouillon non gardé : ce texte est trop long. Enregistrez-le en plusieurs fois."
            )
        context = {"draft": draft, "wrong": wrong, "discard_url": self.editor.url("discard")}
        if other:
            values = {"message": describe_other_draft(other), "keep_url": self.editor.url("draft")}
            return render(request, "evaluation/writing/draft_elsewhere.html", values)
        return render(request, "evaluation/writing/draft_state.html", context)


class DiscardView(TextPage, View):
    """Delete the writer's draft; leave and show it if it is newer than the page."""

    http_method_names = ["post"]

    def post(self, request, **kwargs):
        """Delete the draft and go to the list of texts; a newer draft of another page is left:
        go back to the form with a warning."""
        if other := self.editor.unseen(parse_page(request.POST.get(PAGE, ""))):
            messages.warning(
                request, f"{describe_other_draft(other)} : le voici, il n’est pas abandonné."
            )
            return redirect(self.editor.url())
        self.editor.discard_draft()
        messages.success(request, "Le brouillon est abandonné.")
        return redirect(self.editor.list_url)


class HistoryView(TextPage, TemplateView):
    """The page of former texts, open at the one asked for, else the latest: who, when, what."""

    template_name = "evaluation/writing/history.html"

    def get_context_data(self, **kwargs):
        """Add ``former``, every saved text, the latest first, and ``shown``, the one that is asked
        for, else the latest; None where none was saved."""
        former = self.editor.former
        asked = self.editor.former_text(self.request.GET.get("texte", ""))
        return super().get_context_data(
            former=former, shown=asked or next(iter(former), None), **kwargs
        )


class GiveView(TextPage, FormView):
    """The form that gives the text of a theme to somebody to write; refused for other texts."""

    template_name = "evaluation/writing/give.html"
    form_class = GiveForm

    def setup(self, request, *args, **kwargs):
        """Raise PermissionDenied where the person cannot give this text to somebody."""
        super().setup(request, *args, **kwargs)
        if not _can_give(self.editor):
            raise PermissionDenied

    def get_form_kwargs(self):
        """Add ``convention``, whose people may be chosen, and ``today``, the earliest last day."""
        own = {"convention": self.convention, "today": self.today}
        return super().get_form_kwargs() | own

    def form_valid(self, form):
        """Give the theme to the person; show a refusal in the form."""
        person, until = form.cleaned_data["access"].user, form.cleaned_data["until"]
        theme, year = self.editor.theme, self.editor.year
        try:
            events.give_theme(theme, year, person, until=until, by=self.request.user)
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
            return self.form_invalid(form)
        messages.success(
            self.request, f"Ce texte est confié à {person} : un message l’en informera."
        )
        return redirect(self.editor.url("give"))

    def get_context_data(self, **kwargs):
        return super().get_context_data(writers=_writers(self.editor, self.today), **kwargs)


class TakeBackView(TextPage, View):
    """Take a theme back from the person it was given to."""

    http_method_names = ["post"]

    def post(self, request, *, writer, **kwargs):
        """Take the text back from a writer of this theme, else 404."""
        given = Writer.objects.for_theme(self.editor.theme, self.editor.year)
        writer = get_object_or_404(given.select_related("theme__axis__convention"), pk=writer)
        events.take_back(writer, by=request.user)
        messages.success(request, f"Ce texte n’est plus confié à {writer.user}.")
        return redirect(self.editor.url("give"))


def _preview_context(editor: TextEditor, text: str) -> dict[str, Any]:
    """Return the context of a preview, cut to the length that may be saved: more is slow."""
    shown = text[:LONGEST]
    return {"text": shown, "pictures": editor.pictures_in(shown), "is_cut": len(text) > LONGEST}


def _writers(editor: TextEditor, today: datetime.date) -> list[Writer]:
    """Return the people to whom the text is given on a day; none for a text without a theme."""
    theme = editor.about.get("theme")
    if theme is None:
        return []
    return list(Writer.objects.for_theme(theme, editor.year).standing(today).select_related("user"))


def _can_give(editor: TextEditor) -> bool:
    """Return whether the text is that of a theme, and its reader may give it to somebody."""
    theme = editor.about.get("theme")
    return theme is not None and may_give(editor.user, theme) is None


def _joined(text: str, more: str) -> str:
    return "\n\n".join(filter(None, [text.rstrip(), more]))
