"""The sentences of a first draft: true, correct French, and nothing that is not known."""

import datetime
import re
from decimal import Decimal
from types import SimpleNamespace

import pytest

from actions.follow_up.as_of import AsOf
from actions.models import ActionState
from ctg_portal.text.markdown import render
from evaluation.writing import first_draft
from evaluation.writing.first_draft import (
    Sentence,
    describe_action,
    describe_figure,
    describe_milestone,
)
from evaluation.year.plan import ActionReading
from evaluation.year.reading import FigureReading
from indicators.definitions.definition import Definition
from indicators.disclosure import (
    COMMENT_RESERVED,
    NOTHING,
    REASON_RESERVED,
    DisclosedFigure,
)
from indicators.disclosure.figure import UNVERIFIED
from indicators.series.reading import Cell, Series

CAUSAL = re.compile(
    r"\b(car|grâce|parce|puisque|donc|cause|raison|permis|explique|suite à|effet)\b", re.IGNORECASE
)
TITLE = "Places agréées"


def definition(**values) -> Definition:
    return Definition(
        {
            "title": TITLE, "unit": "places", "decimals": 0, "direction": "up", "kind": "output",
            "calculation": "direct", "definition": "", "scope": "", "numerator": "",
            "denominator": "", "factor": None, "baseline_value": None, "baseline_year": None,
            "targets": [],
        }
        | values
    )  # fmt: skip


def shown(value, *, decimals=0, unit="places", **fields) -> DisclosedFigure:
    value = Decimal(str(value))
    text = definition(decimals=decimals, unit=unit).show(value)
    return DisclosedFigure("number", value, text, **fields)


SECRET = DisclosedFigure("masked")
PENDING = DisclosedFigure("pending", reason=UNVERIFIED)


def prose(
    now, before=None, *, is_break=False, is_awaited=False, source="Source Caf d’Exemple", **d
):
    """The sentence about 2023, with a figure of 2022 or without."""
    meant = definition(**d)
    entry = SimpleNamespace(provider=SimpleNamespace(source=source))
    cells = [Cell(2022, before, meant, entry)] if before else []
    cells.append(Cell(2023, now, meant, entry, is_break))
    series = Series(SimpleNamespace(pk=1), meant, cells)
    return describe_figure(FigureReading(series, cells[-1]), is_awaited=is_awaited)


PERCENT = {"unit": "%", "decimals": 1}


def percent(value):
    return shown(value, **PERCENT)


# What is known, and the sentence.
FIGURES = [
    (prose(shown(441), shown(431)),
     "L’indicateur « Places agréées » passe de 431 à 441 places (+10) de 2022 à 2023 (source : "
     "Caf d’Exemple, 2023)."),
    (prose(shown(431), shown(441)), "passe de 441 à 431 places (−10) de 2022 à 2023"),
    (prose(shown(441), shown(441)), "reste à 441 places en 2023, comme en 2022 (source"),
    (prose(shown(441)), "s’établit à 441 places en 2023, première donnée connue (source"),
    (prose(shown(441), baseline_value="400", baseline_year=2019),
     "passe de 400 à 441 places (+41) de 2019 à 2023"),
    # The unit is told in the plural, and only where French has one.
    (prose(shown(1), shown(3)), "passe de 3 à 1 (−2) de 2022 à 2023"),
    (prose(shown(0), shown(0)), "reste à 0 en 2023, comme en 2022"),
    (prose(shown(2), shown(1)), "passe de 1 à 2 places (+1)"),
    (prose(shown(1200, unit="€"), shown(1000, unit="€"), unit="€"), "de 1\u202f000 à 1\u202f200 €"),
    (prose(shown(441, unit=""), shown(431, unit=""), unit=""), "passe de 431 à 441 (+10)"),
    # A share moves by points.
    (prose(percent(14), percent("12.5"), **PERCENT),
     "passe de 12,5\u202f% à 14,0\u202f% (+1,5 point) de 2022 à 2023"),
    (prose(percent(10), percent("12.5"), **PERCENT), "(−2,5 points)"),
    # No direction is wanted: it is told all the same.
    (prose(shown(441), shown(431), direction="neutral"), "passe de 431 à 441 places (+10)"),
    # What has changed its definition is not compared.
    (prose(shown(441), shown(431), is_break=True),
     "s’établit à 441 places en 2023 ; sa définition a changé depuis 2022, les deux chiffres ne se "
     "comparent pas (source"),
    (prose(shown(441), shown(431), is_break=True, direction="neutral"), "sa définition a changé"),
    # Secret, this year or before.
    (prose(SECRET, shown(431)),
     "Le chiffre 2023 de l’indicateur « Places agréées » est couvert par le secret statistique."),
    (prose(shown(441), SECRET),
     "s’établit à 441 places en 2023 ; le chiffre de 2022 est couvert par le secret statistique"),
    # Not decided yet, this year or before.
    (prose(PENDING, shown(431)),
     "Le chiffre 2023 de l’indicateur « Places agréées » est en attente : ce chiffre se lira "
     "quand son fournisseur l’aura vérifié, ou le recueil clos."),
    (prose(shown(441), PENDING),
     "s’établit à 441 places en 2023 ; le chiffre de 2022 est en attente (source"),
    # Rounded: the difference of two rounded figures is none.
    (prose(shown(440, is_rounded=True), shown(430, is_rounded=True)),
     "passe de 430 à 440 places de 2022 à 2023 (source : Caf d’Exemple, 2023). Ce chiffre est "
     "arrondi."),
    # Missing is no zero.
    (prose(NOTHING, shown(431)),
     "Le chiffre 2023 de l’indicateur « Places agréées » n’a pas été transmis."),
    (prose(NOTHING, is_awaited=True), "n’a pas encore été transmis."),
    (prose(DisclosedFigure("not_available", reason="Enquête\nreportée.")),
     "Le chiffre 2023 de l’indicateur « Places agréées » n’est pas disponible : « Enquête "
     "reportée »."),
    (prose(DisclosedFigure("not_available", reason=REASON_RESERVED)), "n’est pas disponible."),
    (prose(DisclosedFigure("not_applicable")),
     "En 2023, l’indicateur « Places agréées » est sans objet."),
    # How final it is.
    (prose(shown(441, is_provisional=True), shown(431)), ", 2023). Ce chiffre est provisoire."),
    (prose(shown(441, is_verified=False), shown(431)), "Ce chiffre n’a pas encore été vérifié."),
    (prose(shown(441, is_provisional=True, is_verified=False)),
     "Ce chiffre est provisoire. Il n’a pas encore été vérifié."),
    (prose(shown(441), shown(431, is_provisional=True)), "Celui de 2022 est provisoire."),
    # A target that is reached.
    (prose(shown(510), shown(431), baseline_value="400", baseline_year=2019,
          targets=[{"year": None, "value": "500"}]), "La cible (500 à terme) est atteinte."),
    # Sources as they are mentioned.
    (prose(shown(441), source="Source : MSA Poitou, fichier des allocataires."),
     "(source : MSA Poitou, fichier des allocataires, 2023)"),
    (prose(shown(441, source="Enquête annuelle")), "(source : Enquête annuelle, 2023)"),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "words"), FIGURES)
def test_a_figure_is_described_with_its_movement_or_its_absence(sentence, words):
    assert words in sentence


@pytest.mark.parametrize("sentence", [sentence for sentence, _ in FIGURES])
def test_a_figure_is_never_explained(sentence):
    assert not CAUSAL.search(sentence)
    assert re.fullmatch(r"[ELC].*\.", sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        prose(SECRET, shown(431)),
        prose(NOTHING, shown(431)),
        prose(SECRET, SECRET),
    ],
)
def test_a_secret_or_missing_figure_has_no_number_beside_it(sentence):
    # Neither a zero, nor the figure of the year before, from which one would compute it.
    assert re.findall(r"\d+", sentence) == ["2023"]


def test_figures_of_different_decimals_are_compared_with_the_fewer():
    entry = SimpleNamespace(provider=SimpleNamespace(source="Source X"))
    coarse, fine = definition(), definition(decimals=1)
    cells = [
        Cell(2022, shown(12), coarse, entry),
        Cell(2023, shown("12.4", decimals=1), fine, entry),
    ]
    sentence = describe_figure(FigureReading(Series(SimpleNamespace(pk=1), fine, cells), cells[1]))
    assert "s’établit à 12,4 places en 2023, contre 12 en 2022" in sentence


@pytest.mark.parametrize(
    "title",
    ["*Places* [x](https://mal.example)", "<b>Places</b>", "![x](y)", "a_b_c `d`", "A &amp; B"],
)
def test_a_title_is_no_markdown(title):
    sentence = prose(shown(441), title=title)
    html = render(Sentence("x", sentence, "", "").markdown)
    assert html.startswith("<p>L’indicateur")
    assert not re.search(r"<(a|b|em|code|img|strong)\b", html)
    assert ("&amp;amp" in html) == ("&amp;" in title)


# Actions -----------------------------------------------------------------------------------------


def day(month, number=1, year=2023):
    return datetime.date(year, month, number)


MARCH = day(3)


def reading(state=ActionState.IN_PROGRESS, *, since=MARCH, number="1.2.3", **then):
    values = {"reason": "", "percent": None, "stated_on": None, "is_late": False} | then
    action = SimpleNamespace(number=number, title="Ouvrir un lieu.")
    return ActionReading(action, AsOf(state, since, **values), [], [], None, False)


NAMED = "L’action 1.2.3 « Ouvrir un lieu »"


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (reading(ActionState.DONE), f"{NAMED} est terminée depuis le 1er\u00a0mars 2023."),
        (reading(), f"{NAMED} est en cours depuis le 1er\u00a0mars 2023."),
        (reading(number=""), "L’action « Ouvrir un lieu » est en cours"),
        (reading(since=None), f"{NAMED} est en cours."),
        (reading(ActionState.TO_COME), f"{NAMED} est à venir."),
        (reading(ActionState.TO_COME, since=None),
         "L’état de l’action 1.2.3 « Ouvrir un lieu » n’a pas été renseigné."),
        (reading(ActionState.BLOCKED, reason="Le bail\ntarde."),
         "est bloquée depuis le 1er\u00a0mars 2023. Motif indiqué : « Le bail tarde »."),
        (reading(ActionState.ABANDONED), "est abandonnée depuis"),
        (reading(percent=40, stated_on=day(6)), "Son avancement est estimé à 40 %."),
        (reading(percent=40), "Son avancement est, d’après ses jalons, de 40 %."),
        (reading(is_late=True), "Elle est en retard sur son calendrier."),
    ],
)  # fmt: skip
def test_an_action_is_described_by_its_state_and_never_explained(action, words):
    assert words in describe_action(action)
    assert not CAUSAL.search(describe_action(action))


@pytest.mark.parametrize(
    ("due", "done", "words"),
    [
        (day(2), day(3), "Le jalon « Bail signé » de l’action 1.2.3 « Ouvrir un lieu » a été "
                         "atteint en mars 2023."),
        (day(2, year=2021), day(8), "a été atteint en août 2023."),
        (day(2), None, ", attendu en février 2023, n’est pas indiqué comme atteint."),
        (day(2), day(1, year=2024), "n’est pas indiqué comme atteint."),
        (day(2, year=2024), None, ""),
        (day(2, year=2022), day(3, year=2022), ""),
    ],
)  # fmt: skip
def test_a_milestone_is_described_if_reached_or_missed_in_the_year(due, done, words):
    milestone = SimpleNamespace(title="Bail signé", due_on=due, done_on=done)
    sentence = describe_milestone(reading(), milestone, 2023, day(6, year=2024))
    assert (words in sentence) if words else sentence == ""


def test_a_milestone_that_is_still_to_come_is_not_late():
    milestone = SimpleNamespace(title="Bail signé", due_on=day(9), done_on=None)
    assert describe_milestone(reading(), milestone, 2023, day(6)) == ""


def test_sentences_that_do_not_fit_are_left_out_and_counted():
    sentences = [Sentence(str(n), "Une phrase." * 30, "", "") for n in range(100)]
    draft = first_draft._draft_of_lists([("Les chiffres :", sentences)])
    assert len(draft.text) <= first_draft.LONGEST
    assert draft.left == 100 - draft.text.count("\n- ")
    assert draft.left > 0


def test_a_reserved_comment_is_not_in_the_sentence():
    assert "réservé" not in prose(shown(441, comment=COMMENT_RESERVED))
