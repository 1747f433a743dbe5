"""Images that a document carries: drawn when they are harmless, else it does without."""

import base64
import io
import logging
import zlib

import pytest
from PIL import Image

from documents.engine import OwnFilesFetcher
from documents.pdf import draw_pdf
from tests.documents.images import END, chunk, header, png, svg


def address(content: bytes, content_type: str = "image/png") -> str:
    return f"data:{content_type};base64,{base64.b64encode(content).decode()}"


def picture(kind: str, side: int = 3) -> bytes:
    file = io.BytesIO()
    Image.new("L", (side, 1)).save(file, kind)
    return file.getvalue()


def bomb() -> bytes:
    """Some kilobytes that unfold into 2.7 gigabytes of pixels."""
    rows = zlib.compress(b"\0" * 2_000_000)
    return png(header(width=30_000, height=30_000), chunk(b"IDAT", rows), END)


BOMBS = {
    "pixels": address(bomb()),
    "one side": address(png(width=5000)),
    "jpeg": address(picture("JPEG", 5000), "image/jpeg"),
    "gif": address(picture("GIF", 5000), "image/gif"),
    "declared as another": address(bomb(), "image/svg+xml"),
    "sheet": address(b"p { color: red }", "text/css"),
    "page": address(b"<p>x</p>", "text/html"),
    "nothing": "data:,",
}


@pytest.mark.parametrize("url", BOMBS.values(), ids=BOMBS.keys())
def test_a_harmful_image_is_refused(url):
    with pytest.raises((ValueError, OSError)):
        OwnFilesFetcher().fetch(url)


@pytest.mark.parametrize(
    "url",
    [address(png()), address(svg(), "image/svg+xml"), address(picture("JPEG"), "image/jpeg"),
     address(picture("GIF"), "image/gif")],
    ids=["png", "svg", "jpeg", "gif"],
)  # fmt: skip
def test_a_harmless_image_is_given_whole(url):
    response = OwnFilesFetcher().fetch(url)
    assert response.read() == base64.b64decode(url.partition(",")[2])
    assert response.content_type == url[len("data:") :].partition(";")[0]


@pytest.mark.parametrize("url", ["http://x.example/a.png", "file:///etc/passwd"])
def test_a_drawing_fetches_nothing_from_elsewhere(url, caplog):
    within = address(svg(f'<image href="{url}" width="9" height="9"/>'), "image/svg+xml")
    drawn = draw_pdf(f'<h1>x</h1><img src="{within}" alt="x">', title="x")
    assert b"/Subtype /Image" not in drawn.content


def test_a_harmful_picture_within_a_drawing_is_not_drawn(caplog):
    drawing = svg(f'<image href="{BOMBS["jpeg"]}" width="9" height="9"/>')
    within = address(drawing, "image/svg+xml")
    with caplog.at_level(logging.WARNING):
        drawn = draw_pdf(f'<h1>x</h1><img src="{within}" alt="x">', title="x")
    assert b"/Subtype /Image" not in drawn.content
    assert "5000 × 1 pixels" in caplog.text
