"""Word documents (DOCX): headings that can be navigated, real tables, French, nothing external."""

from documents.word.document import Word
from documents.word.markdown import write_markdown

__all__ = ["Word", "write_markdown"]
