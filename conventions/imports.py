"""Base of the imports into a convention: their pages stand in its frame, with its menu."""

from conventions.access.pages import convention_context, visible_convention
from spreadsheets.importing.adapter import Adapter


class ImportIntoConvention(Adapter):
    """An import whose ``scope`` begins with the slug of a convention, before a slash."""

    def frame(self, scope, request):
        """Return the context of the convention's frame; 404 for who does not see the convention."""
        convention = visible_convention(request, scope.partition("/")[0])
        return {"frame": "conventions/base.html"} | convention_context(request, convention)
