"""Notices of comments, for those who write the text."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.text import Truncator

from conventions.access.capacities import coordinator_pks
from conventions.models import Membership
from conventions.notices import ConventionNews
from evaluation.comments.models import TextComment
from evaluation.texts.models import Writer
from notifications.news import Notification


class TextCommented(ConventionNews):
    """The news that a text that is being written was commented on. ``reading``, below: the
    convention of a letter and the moment at which it is written."""

    kind = "text_commented"

    def __init__(self, comment: TextComment):
        self.comment, self.convention = comment, comment.convention

    @property
    def about(self) -> str:
        return str(self.comment.pk)

    @classmethod
    def load(cls, keys: Iterable[str], reading) -> dict[str, ConventionNews]:
        """Return the news by key, for the comments of the convention that are still there."""
        rows = TextComment.objects.of(reading.convention).filter(pk__in=keys)
        rows = rows.select_related("convention", "theme__axis__convention")
        return {str(row.pk): cls(row) for row in rows}

    def is_obsolete(self, reading) -> bool:
        return self.comment.is_withdrawn or self.comment.resolved_at is not None

    def recipients(self, reading) -> dict[int, Notification]:
        """Return by primary key the coordinators, and the people to whom its theme is given today;
        the author too, as of their own act."""
        comment, people = self.comment, coordinator_pks(reading.convention)
        if comment.theme_id:
            given = Writer.objects.for_theme(comment.theme, comment.year)
            given = given.standing(timezone.localdate(reading.now)).values("user")
            acting = Membership.objects.effective().of(reading.convention).filter(user__in=given)
            people = people | set(acting.values_list("user", flat=True))
        return {
            pk: Notification(self, comment.created_at, is_own=pk == comment.user_id)
            for pk in people
        }

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return who comments on which text, or the number of comments where there are several."""
        if len(notifications) > 1:
            return f"{len(notifications)} commentaires sur des textes de l’évaluation"
        comment = notifications[0].news.comment
        return f"{comment.person_name} commente {comment.text_title}"

    def summary(self, notification: Notification) -> str:
        """Return the first forty words of the comment, quoted."""
        beginning = Truncator(self.comment.text).words(40, truncate=" …")
        return f"« {beginning} »"

    def link(self) -> str:
        """Return the address of the comment on the page of its text."""
        comment = self.comment
        return f"{comment.get_absolute_url()}#commentaire-{comment.pk}"
