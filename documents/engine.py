"""Drawing of PDF documents with WeasyPrint, by the worker and by commands only.

A drawing takes seconds, and hundreds of megabytes that a process does not free; the web process
never imports this module.
"""

import datetime
import gc
import io
import mimetypes
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urljoin

import font_source_sans_pro
import font_source_serif_pro
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from weasyprint import HTML, Attachment
from weasyprint.urls import URLFetcher, URLFetcherResponse

from ctg_portal.text.typography import CONTROLS
from documents import archival
from documents.drawing.kinds import AttachedFile, Drawn
from documents.logos.pictures import check_picture

# Hints: the width attribute of a table column counts, as it does in browsers.
OPTIONS = {"presentational_hints": True}
FONTS = {
    path.name: path
    for package in (font_source_sans_pro, font_source_serif_pro)
    for path in Path(package.font_directory).glob("*.ttf")
}
UNKNOWN = datetime.date(1970, 1, 1)  # for a file without a day of its own


class OwnFilesFetcher(URLFetcher):
    """A fetcher of the portal's static files, its fonts (``font:NAME``), and ``data:`` images.

    Anything else is refused with a ValueError, or an OSError for a file that does not exist:
    no network, no other file of the machine, no image that runs something, fetches something or
    decompresses into gigabytes. A document is then drawn without that image.
    """

    def __init__(self):
        super().__init__(allowed_protocols={"data"}, allow_redirects=False)

    def fetch(self, url, headers=None):
        """Return the content of an address as a response, or raise as the class says."""
        static_url = urljoin(f"{settings.SITE_URL}/", settings.STATIC_URL)
        if url.startswith("font:"):
            name = url.removeprefix("font:")
            if name not in FONTS:
                raise ValueError(f"No such font: {name}")
            return _response(url, "font/ttf", FONTS[name].read_bytes())
        if url.startswith(static_url):
            name = unquote(re.split(r"[?#]", url.removeprefix(static_url))[0])
            content_type, _ = mimetypes.guess_type(name)
            return _response(url, content_type or "", _static_file(name))
        response = super().fetch(url, headers)
        content = response.read()
        _check_image(content)
        return _response(url, response.content_type, content)


def _response(url: str, content_type: str, content: bytes) -> URLFetcherResponse:
    return URLFetcherResponse(url, content, {"Content-Type": content_type})


def _check_image(content: bytes) -> None:
    """Raise ValueError unless it is a picture of a reasonable size. An SVG is a logo that was
    cleaned when it came in, in a content that has been frozen since: none comes in any more."""
    if b"<svg" not in content[:4096]:
        check_picture(content)


def _static_file(name: str) -> bytes:
    """Return the content of a static file, by its plain or hashed name, collected or not."""
    if path := finders.find(name):
        return Path(path).read_bytes()
    with staticfiles_storage.open(name) as file:
        return file.read()


def draw(html: str, title: str, date: datetime.date | datetime.datetime | None, author: str,
         attached: Sequence[AttachedFile] = ()) -> Drawn:  # fmt: skip
    """Draw a PDF, as ``documents.pdf.draw_pdf`` says."""
    with _rare_garbage_collection():
        document = HTML(
            string=html, base_url=f"{settings.SITE_URL}/", url_fetcher=OwnFilesFetcher()
        ).render(color_profiles=archival.colours(), **OPTIONS)
        moment = date and date.isoformat()
        document.metadata = archival.Metadata(
            title=CONTROLS.sub("", title), authors=[CONTROLS.sub("", author)] if author else [],
            created=moment, modified=moment, lang=document.metadata.lang,
            attachments=[_attachment(file, date) for file in attached],
        )  # fmt: skip
        content = document.write_pdf(finisher=archival.finish, **archival.OPTIONS, **OPTIONS)
        return Drawn(content, len(document.pages))


def _attachment(file: AttachedFile, date: datetime.date | datetime.datetime | None) -> Attachment:
    """Return a file to be embedded, of the day of the document; of 1970 for None."""
    moment = date.astimezone(datetime.UTC) if isinstance(date, datetime.datetime) else date
    return Attachment(
        file_obj=io.BytesIO(file.content), name=file.name, description=file.description,
        created=moment or UNKNOWN, modified=moment or UNKNOWN, relationship="Data",
    )  # fmt: skip


@contextmanager
def _rare_garbage_collection() -> Iterator[None]:
    """Collect garbage rarely: millions of objects live as long as the document, and searching them
    again and again takes a fifth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
