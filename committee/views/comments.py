"""Comments on a point: written, corrected, their earlier texts."""

from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from committee.models import Comment
from committee.views.acts import Act
from committee.views.base import CommitteePage


class AddComment(Act):
    """Comment on a version."""


class EditComment(Act):
    """Correct one's comment."""

    def find(self, pk) -> None:
        self.comment = get_object_or_404(Comment.objects.of(self.convention), pk=pk)
        super().find(self.comment.version_id)


class CommentHistory(CommitteePage, TemplateView):
    """What a comment said before it was corrected."""

    template_name = "committee/act_comment_history.html"

    def get_context_data(self, **kwargs):
        comment = get_object_or_404(Comment.objects.of(self.convention), pk=self.kwargs["pk"])
        return super().get_context_data(comment=comment, **kwargs)
