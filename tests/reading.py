"""Pages as tests read them: whatever the lines in which a template is laid out; and files."""

import io
import re
import zipfile

from tests.documents import reading as pdfs

# What people typed, or a table of signs, keeps its lines.
KEPT = re.compile(r"(<(textarea|pre)\b.*?</\2>)", re.DOTALL)


def on_one_line(html: str) -> str:
    """Line ends as the spaces that a browser makes of them, and none around elements' names."""
    parts = KEPT.split(html)
    # Each match gives the text before, the element, its name.
    return "".join(
        part if index % 3 == 1 else re.sub(r"[ \t]*\n\s*", " ", part)
        for index, part in enumerate(parts)
        if index % 3 != 2
    )


# When a workbook was made, which its content does not tell.
SAVED = re.compile(r"<dcterms:.*?</dcterms:\w+>")
WORDS_EXPLAINED = re.compile(
    r"<details[^>]*>\s*<summary>\s*(?:<span>Les sigles de cette page|Définition).*?</details>",
    re.DOTALL,
)


def unexplained(html: str) -> str:
    """A page without what it explains of the trade's words, and quotes of published documents."""
    return WORDS_EXPLAINED.sub("", html)


def pages_on_one_line(get_response):
    def middleware(request):
        response = get_response(request)
        if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
            response.content = on_one_line(response.content.decode()).encode()
        return response

    return middleware


def everything_in(response) -> str:
    """All that an answer tells: a page with its attributes, each part of a package, the words and
    properties of a PDF; where it sends to, under which name."""
    content = b"".join(response) if response.streaming else response.content
    texts = [response.headers.get(name, "") for name in ("Location", "Content-Disposition")]
    if content.startswith(b"%PDF") and b"/Type" in content:  # a stub of a test has no pages
        texts += [pdfs.text_of(content), pdfs.properties_of(content)]
    elif content.startswith(b"PK"):
        texts += _packed(content)
    else:
        texts.append(content.decode(errors="ignore"))
    return "\n".join(texts)


def _packed(content: bytes):
    """The name and the text of each part of a package, and of the packages within it."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            part = package.read(name)
            yield name
            if part.startswith(b"PK"):
                yield from _packed(part)
            else:
                yield SAVED.sub("", part.decode(errors="ignore"))
