"""The base view of a page of one text."""

from django.core.exceptions import PermissionDenied

from ctg_portal.rules import Refusal
from evaluation.writing.editor import editor_of
from evaluation.year.pages import YearPageMixin


class TextPage(YearPageMixin):
    """A page of one text, as its ``editor``; refused (``refusal``) to who may not write it."""

    def setup(self, request, *args, **kwargs):
        """Set ``editor``, 404 for an unknown text; 403 where ``refusal`` gives one."""
        super().setup(request, *args, **kwargs)
        self.editor = editor_of(request.user, self.convention, self.period, kwargs)
        if self.refusal():
            raise PermissionDenied

    def refusal(self) -> Refusal | None:
        return self.editor.may_write()

    def get_context_data(self, **kwargs):
        """Add ``editor``, ``saved`` (the stored row, None before the first) and ``year_url``, the
        text on the page of the year."""
        return super().get_context_data(
            editor=self.editor, saved=self.editor.saved, year_url=self.editor.year_url, **kwargs
        )
