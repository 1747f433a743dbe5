"""The base view of a page of one text."""

from django.core.exceptions import PermissionDenied

from ctg_portal.rules import Refusal
from evaluation.writing.desk import desk_of
from evaluation.year.pages import YearPageMixin


class TextPage(YearPageMixin):
    """A page of one text, by default of who may write it."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.desk = desk_of(request.user, self.convention, self.period, kwargs)
        if self.refusal():
            raise PermissionDenied

    def refusal(self) -> Refusal | None:
        return self.desk.may_write()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            desk=self.desk, saved=self.desk.saved, year_url=self.desk.year_url, **kwargs
        )
