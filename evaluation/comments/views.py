"""Comments on a text that is being written: read beside it, made, corrected, resolved."""

from typing import NoReturn

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView, View

from conventions.access.pages import ConventionPage
from ctg_portal.forms.revisions import Rewritten, parse_revision
from ctg_portal.rules import DoneAlready, Refusal, Refused
from evaluation.comments import events, rights
from evaluation.comments.forms import TextCommentForm, TextCorrectionForm
from evaluation.comments.models import TextComment
from evaluation.comments.reading import thread_of
from evaluation.writing.pages import TextPage


class CommentsView(TextPage, FormView):
    """The page of a text as it is saved, with its comments and the form of another."""

    template_name = "evaluation/comments/comments.html"
    form_class = TextCommentForm

    def refusal(self) -> Refusal | None:
        return rights.may_comment(self.request.user, **self.editor.about)

    def form_valid(self, form):
        """Add the comment and go to it; show a refusal in the form."""
        text = form.cleaned_data["text"]
        try:
            comment = events.comment_text(text, by=self.request.user, **self.editor.about)
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
            return self.form_invalid(form)
        messages.success(self.request, "Votre commentaire est ajouté.")
        return redirect(f"{self.editor.url('comments')}#commentaire-{comment.pk}")

    def get_context_data(self, **kwargs):
        """Add ``comments``, a page of those that were not withdrawn; ``to_resolve``, the number of
        open ones; ``pictures``, the images of the saved text; ``may_write``, whether the reader may
        write it."""
        editor = self.editor
        return super().get_context_data(
            comments=thread_of(editor, self.request.GET),
            to_resolve=TextComment.objects.for_text(**editor.about).open().count(),
            pictures=editor.pictures_in(editor.text),
            may_write=editor.may_write() is None,
            **kwargs,
        )


class CommentPage(ConventionPage):
    """Base of the pages of one comment, for who may comment on its text; a withdrawn comment is not
    found, unless ``refuse_withdrawn`` says otherwise."""

    def setup(self, request, *args, **kwargs):
        """Read the comment, 404 in another convention; 403 for who may not comment on its text."""
        super().setup(request, *args, **kwargs)
        rows = TextComment.objects.of(self.convention)
        self.comment = get_object_or_404(rows.select_related("theme__axis"), pk=kwargs["pk"])
        self.comment.convention = self.convention
        if self.comment.theme:
            self.comment.theme.axis.convention = self.convention
        if rights.may_comment(request.user, **self.comment.about) is not None:
            raise PermissionDenied
        if self.comment.is_withdrawn:
            self.refuse_withdrawn()

    def refuse_withdrawn(self) -> NoReturn:
        raise Http404

    @cached_property
    def back(self) -> str:
        return self.comment.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(comment=self.comment, back_url=self.back, **kwargs)


class EditCommentView(CommentPage, FormView):
    """Correct one's comment, or withdraw it."""

    template_name = "evaluation/comments/edit.html"
    form_class = TextCorrectionForm

    def get_initial(self):
        return {"text": self.comment.text, "revision": self.comment.revision}

    def form_valid(self, form):
        """Save the correction and go to it; show both texts where somebody corrected meanwhile."""
        try:
            events.edit_comment(self.comment, by=self.request.user, **form.cleaned_data)
        except Refused as refused:
            if isinstance(refused.refusal, Rewritten):
                self.comment.refresh_from_db(fields=["text", "edited_at", "revision"])
                form.show_both(refused.refusal, self.comment)
            else:
                form.add_error(None, refused.refusal.reason)
            return self.form_invalid(form)
        messages.success(
            self.request, "Votre commentaire est modifié ; le texte précédent reste lisible."
        )
        return redirect(f"{self.back}#commentaire-{self.comment.pk}")

    def get_context_data(self, **kwargs):
        """Add why the reader may not correct or withdraw the comment, or None."""
        user = self.request.user
        return super().get_context_data(
            refusal=rights.may_edit(user, self.comment),
            withdrawal_refusal=rights.may_withdraw(user, self.comment),
            **kwargs,
        )


class CommentHistoryView(CommentPage, TemplateView):
    """What a comment said before it was corrected."""

    template_name = "evaluation/comments/history.html"

    def get_context_data(self, **kwargs):
        """Add the texts that the comment had, the latest first, each once."""
        rows = self.comment.history.order_by("history_date", "history_id")
        texts = []
        for row in rows:
            # A row saved without another text (the comment was resolved) is no other text.
            if not texts or row.text != texts[-1].text:
                texts.append(row)
        return super().get_context_data(texts=texts[::-1], **kwargs)


class CommentAct(CommentPage, View):
    """Base of a button of a comment. ``act`` does it and returns the message; a refusal is a
    message too, and a comment that is withdrawn already is said to be."""

    http_method_names = ["post"]

    def refuse_withdrawn(self) -> NoReturn:
        raise DoneAlready(rights.WITHDRAWN.reason, self.back)

    def act(self) -> str:
        raise NotImplementedError

    def post(self, request, **kwargs):
        """Do the act and go back to the comments; say what was done, or why not."""
        try:
            messages.success(request, self.act())
        except Refused as refused:
            messages.warning(request, refused.refusal.reason)
        return redirect(self.back)


class WithdrawCommentView(CommentAct):
    def act(self):
        """Withdraw the comment and return the message. Raises Refused."""
        events.withdraw_comment(self.comment, by=self.request.user)
        return "Votre commentaire est retiré."


class ResolveCommentView(CommentAct):
    """Mark a comment as resolved; nothing changes where somebody else has meanwhile."""

    is_resolved = True

    @property
    def revision_read(self) -> int | None:
        return parse_revision(self.request.GET["lu"]) if "lu" in self.request.GET else None

    def act(self):
        """Mark the comment as resolved, or as open again, and return the message. Raises Refused,
        also where a comment to resolve was corrected since the page was drawn."""
        events.resolve_comment(
            self.comment, is_resolved=self.is_resolved, revision=self.revision_read,
            by=self.request.user,
        )  # fmt: skip
        state = "traité" if self.is_resolved else "à traiter"
        return f"Le commentaire est marqué {state}."


class ReopenCommentView(ResolveCommentView):
    is_resolved = False
