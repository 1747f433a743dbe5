"""Pages on which a comment on a point is written and corrected, and that of its earlier texts."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from agreements.models import Version
from committee.comments import events as talk
from committee.comments import rights
from committee.comments.forms import CommentForm, CorrectionForm
from committee.comments.models import Comment
from committee.pages import CommitteePage, PointAct
from committee.words import heading_of
from ctg_portal.forms.revisions import Rewritten


class AddComment(PointAct):
    """The form of a comment on a version."""

    template_name = "committee/comments/comment.html"
    form_class = CommentForm

    def may(self):
        return rights.may_comment(self.here.user, self.here.bench, self.version)

    def do(self, text):
        """Publish the comment at once; return the message."""
        talk.comment(self.version, text=text, by=self.here.user)
        return "Votre commentaire est publié."


class EditComment(PointAct):
    """The form that corrects one's comment."""

    template_name = "committee/comments/edit_comment.html"
    form_class = CorrectionForm

    def find(self, pk) -> None:
        """Find the comment with this key, 404 outside the convention, and its version."""
        self.comment = get_object_or_404(Comment.objects.of(self.convention), pk=pk)
        super().find(self.comment.version_id)

    def may(self):
        return rights.may_edit_comment(self.here.user, self.comment)

    def get_initial(self):
        return {"text": self.comment.text, "revision": self.comment.revision}

    def do(self, text, revision):
        """Replace the text. Raises Rewritten if it was changed since ``revision``."""
        talk.edit_comment(self.comment, text=text, revision=revision, by=self.here.user)
        return "Votre commentaire est modifié ; le texte précédent reste lisible."

    def refused(self, form, refusal):
        """Show the form with the refusal; where the comment was changed meanwhile, with both
        texts."""
        if not isinstance(refusal, Rewritten):
            return super().refused(form, refusal)
        self.comment.refresh_from_db()
        form.show_both(refusal, self.comment)
        return self.form_invalid(form)

    def get_context_data(self, **kwargs):
        return super().get_context_data(comment=self.comment, **kwargs)


class CommentHistory(CommitteePage, TemplateView):
    """The earlier texts of a comment."""

    template_name = "committee/comments/comment_history.html"

    def get_context_data(self, **kwargs):
        """Add the ``comment`` and its ``texts``, the present one first; 404 outside the
        convention."""
        comment = get_object_or_404(Comment.objects.of(self.convention), pk=self.kwargs["pk"])
        version = Version.objects.with_subjects().get(pk=comment.version_id)
        return super().get_context_data(
            comment=comment,
            texts=list(comment.history.order_by("-history_date", "-history_id")),
            version=version,
            point_heading=heading_of(version),
            back=reverse("committee:point", args=[self.convention.slug, version.pk]),
            **kwargs,
        )
