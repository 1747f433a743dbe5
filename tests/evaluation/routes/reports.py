"""Who gets what on the pages of the year and of its report."""

from tests.routes import of_convention

# Who coordinates, or sits in the committee.
PREPARING = ("coordinator", "member", "adviser", "advisory")
COORDINATOR_ONLY = {"status": 302, "method": "post"}


def _year(scene) -> dict:
    return {"year": scene.evaluation.year}


def _theme(scene) -> dict:
    return _year(scene) | {"pk": scene.evaluation.theme.pk}


def _part(scene) -> dict:
    return _year(scene) | {"part": "introduction"}


def _criterion(scene) -> dict:
    """Of the final evaluation."""
    return {"year": None, "criterion": "impact"}


def _report(scene) -> dict:
    return _year(scene) | {"pk": scene.evaluation.report.pk}


def _file(scene) -> dict:
    return _year(scene) | {"extension": "xlsx"}


def _writer(scene) -> dict:
    """Of a theme that is given to nobody."""
    return _theme(scene) | {"writer": 1}


def _image_of(about):
    """An image, of the pages of a text."""
    return lambda scene: about(scene) | {"image": scene.evaluation.image.pk}


def _shown(scene) -> dict:
    return {"pk": scene.evaluation.image.pk}


def _comment(scene) -> dict:
    return {"pk": scene.evaluation.comment.pk}


# Of a text of the year, whatever it is about: page, method, what its writer gets.
WRITING = [
    ("", "get", 200),
    ("_preview", "post", 200),
    ("_draft", "post", 200),
    ("_discard", "post", 302),
    ("_history", "get", 200),
    ("_add_image", "get", 200),
]
TEXTS = [("narrative", _theme), ("year_text", _part), ("criterion", _criterion)]

ROUTES = {
    "evaluation:year": of_convention(_year),
    "evaluation:complete": of_convention(_year, status=403, coordinator=200),
    "evaluation:final": of_convention(),
    **{
        f"evaluation:{text}{page}": of_convention(
            about, status=403, method=method, coordinator=given
        )
        for text, about in TEXTS
        for page, method, given in WRITING
    },
    **{
        f"evaluation:{text}_{page}": of_convention(
            _image_of(about), status=403, method=method, coordinator=given
        )
        for text, about in TEXTS
        for page, method, given in [("image", "get", 200), ("remove_image", "post", 302)]
    },
    # Who reads what is being written, or coordinates, comments on it, and sees its images.
    **{
        f"evaluation:{text}_comments": of_convention(
            about, status=403, **dict.fromkeys(PREPARING, 200)
        )
        for text, about in TEXTS
    },
    "evaluation:image": of_convention(_shown, status=404, **dict.fromkeys(PREPARING, 200)),
    **{
        f"evaluation:{name}": of_convention(_comment, status=403, **dict.fromkeys(PREPARING, 200))
        for name in ("text_comment", "edit_text_comment")
    },
    **{
        f"evaluation:{name}": of_convention(
            _comment, status=403, method="post", **dict.fromkeys(PREPARING, 302)
        )
        for name in ("withdraw_text_comment", "resolve_text_comment", "reopen_text_comment")
    },
    "evaluation:narrative_give": of_convention(_theme, status=403, coordinator=200),
    "evaluation:narrative_take_back": of_convention(
        _writer, status=403, method="post", coordinator=404
    ),
    # Who does not prepare it is led to what is published.
    "evaluation:report": of_convention(_year, status=302, **dict.fromkeys(PREPARING, 200)),
    "evaluation:report_file": of_convention(_report, status=302, **dict.fromkeys(PREPARING, 200)),
    "evaluation:report_files": of_convention(_file, status=404, **dict.fromkeys(PREPARING, 200)),
    "evaluation:compose": of_convention(_year, status=403, coordinator=200),
    "evaluation:highlights": of_convention(_year, status=403, coordinator=200),
    "evaluation:preview": of_convention(_year, status=403, **dict.fromkeys(PREPARING, 200)),
    "evaluation:appreciations": of_convention(_year, status=403, coordinator=200),
    "evaluation:appreciate": of_convention(_theme, status=403, coordinator=200),
    "evaluation:appreciate_stakes": of_convention(_year, status=403, coordinator=200),
    "evaluation:posts": of_convention(_year, status=403, coordinator=200),
    # What is refused is told on the page that one comes back to.
    "evaluation:request_report": of_convention(_year, **COORDINATOR_ONLY),
    "evaluation:cancel_report": of_convention(_report, status=302, method="post"),
}
