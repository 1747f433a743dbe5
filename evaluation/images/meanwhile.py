"""What is shown to who comes second at the words of an image: what the other has said of it, and
how it differs from what they have typed."""

from collections.abc import Mapping

from agreements.versions.differences import Change, Changes, words_changed
from committee.drafts.reading import Meanwhile
from evaluation.models import Illustration
from evaluation.writing.desk import moment

LABELS = {
    "alternative": "Texte de remplacement",
    "is_decorative": "Image décorative",
    "caption": "Légende",
}


def said_meanwhile(image: Illustration) -> Meanwhile:
    last = image.history.latest("history_id")
    who = last.history_user or "Quelqu’un"
    return Meanwhile(f"{who} a corrigé ce qui est dit de l’image le {moment(last.history_date)}")


def differences(image: Illustration, typed: Mapping) -> Changes:
    return Changes(
        Change(label, words_changed(_told(getattr(image, name)), _told(typed[name])))
        for name, label in LABELS.items()
    )


def _told(said: str | bool) -> str:
    if isinstance(said, bool):
        return "oui" if said else "non"
    return said
