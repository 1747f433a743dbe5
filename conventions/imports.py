"""Files that are brought into a convention: their pages stand in its frame, with its menu."""

from conventions.pages import convention_context, visible_convention
from spreadsheets.importing.adapter import Adapter


class ImportIntoConvention(Adapter):
    """How tables come into a convention; ``scope`` begins with its slug, before a slash."""

    def frame(self, scope, request):
        convention = visible_convention(request, scope.partition("/")[0])
        return {"frame": "conventions/base.html"} | convention_context(request, convention)
