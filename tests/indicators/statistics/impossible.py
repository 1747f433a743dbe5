"""List states of public statistics that the database refuses, with its message."""

from django.utils import timezone

from indicators.models import PublicFigure, Release, ReleaseTransition
from tests.agreements.factories import committee_of
from tests.constraints import another, with_changes
from tests.factories import UserFactory
from tests.indicators.factories import campaign_of, indicator_in_force, value_of

YEAR = 2024


def release(**changes) -> Release:
    fields = {"source": "cnaf_allocataires", "year": YEAR, "sha256": "0" * 64} | changes
    return Release(file="s_ben_com_f.csv", **fields)


def saved_release(**changes) -> Release:
    row = release(**changes)
    row.save()
    return row


def twice(first: Release, **changes) -> Release:
    first.save()
    return another(first, **changes)


def release_of_convention(**changes) -> Release:
    return release(convention=committee_of().convention, **changes)


def figure(**changes) -> PublicFigure:
    fields = {"place_kind": "commune", "place": "86066", "measure": "foyers", "number": 5}
    return PublicFigure(release=saved_release(), **(fields | changes))


def figure_twice() -> PublicFigure:
    first = figure()
    first.save()
    return another(first)


def moved(**changes) -> ReleaseTransition:
    return ReleaseTransition(release=saved_release(), **changes)


def published_value(**changes):
    committee = committee_of()
    indicator = indicator_in_force(committee)
    value = value_of(
        campaign_of(committee, YEAR, [indicator]), indicator, 410, release=saved_release()
    )
    return with_changes(value, **changes)


NOBODYS = "Une statistique publique n’est saisie par personne."
IMPOSSIBLE = [
    ("release_state_known", lambda: release(state="burnt"), "Cet état est inconnu."),
    ("release_number_unique", lambda: twice(release_of_convention()),
     "Cette édition a déjà ce numéro."),
    ("release_for_all_number_unique", lambda: twice(release()),
     "Cette édition de tout le portail a déjà ce numéro."),
    ("release_counting_unique", lambda: twice(release_of_convention(state="counting"), number=2),
     "Une seule édition de l’année est en usage."),
    ("release_for_all_counting_unique", lambda: twice(release(state="counting"), number=2),
     "Une seule édition de l’année est en usage pour tout le portail."),
    ("release_transition_in_table",
     lambda: moved(verb="adopted", from_state="set_aside", to_state="counting"),
     "Cet acte ne mène pas de cet état à cet autre."),
    ("release_transition_has_reason",
     lambda: moved(verb="set_aside", from_state="waiting", to_state="set_aside"),
     "Cet acte demande un motif."),
    ("public_figure_unique", figure_twice, "Cette édition a déjà ce chiffre."),
    ("public_figure_place_known", lambda: figure(place_kind="planet"),
     "Un chiffre public est celui d’un lieu."),
    ("public_figure_place_known", lambda: figure(place=""),
     "Un chiffre public est celui d’un lieu."),
    ("public_figure_not_negative", lambda: figure(number=-1),
     "Un chiffre public n’est pas négatif."),
    ("value_public_is_nobodys", lambda: published_value(entered_by=UserFactory()), NOBODYS),
    ("value_public_is_nobodys", lambda: published_value(state="draft"), NOBODYS),
]  # fmt: skip

POSSIBLE = {
    "a figure that its publisher keeps secret": lambda: figure(number=None),
    "an edition beside that of the portal": lambda: with_changes(
        twice(release(state="counting")), convention=committee_of().convention
    ),
    "a published figure that was confirmed": lambda: published_value(
        state="verified", verified_by=UserFactory(), verified_at=timezone.now()
    ),
}
