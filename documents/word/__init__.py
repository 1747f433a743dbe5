"""Word documents (DOCX): headings that can be navigated, real tables, French, nothing external."""

from documents.word.document import WordDocument
from documents.word.markdown import write_markdown

__all__ = ["WordDocument", "write_markdown"]
