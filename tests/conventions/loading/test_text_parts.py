"""An article, or an annex, of a corrected file is known by its title and text before its number."""

import pytest

from committee.amendments.events import propose_amendment
from committee.models import AmendmentProposal
from conventions.loading.mistakes import ConventionFileError
from conventions.models import Annex, Article, Convention
from tests.conventions.loading.samples import FULL
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
BEFORE, _, AFTER = FULL.partition("articles:\n")
AFTER = AFTER[AFTER.index("axes:\n") :]
HANGS = "une proposition en dépend"
OBJECT, TERM, REVISION = ("Objet", "Le but."), ("Durée", "Cinq ans."), ("Révision", "Par avenant.")


@pytest.fixture(params=[(Article, "articles"), (Annex, "annexes")], ids=["articles", "annexes"])
def kind(request):
    return request.param


@pytest.fixture
def part(kind):
    return kind[0].objects.get


@pytest.fixture
def load_parts(load_text, kind):
    """Load a file of these parts, (title, text), numbered from 1 or by ``numbers``."""

    def load_parts(*parts, numbers=None):
        numbers = numbers or range(1, len(parts) + 1)
        lines = [
            f'  - {{numero: {number}, titre: "{title}", texte: "{text}"}}'
            for number, (title, text) in zip(numbers, parts, strict=True)
        ]
        return load_text("\n".join([f"{BEFORE}{kind[1]}:", *lines, AFTER]))

    return load_parts


def texts_of(kind) -> list:
    return [(row.number, row.title, row.text) for row in kind[0].objects.all()]


def test_a_proposed_amendment_stays_with_its_article_when_another_is_inserted(load_text):
    """The file had left out an article, and has it now."""
    first = "articles:\n  - {numero: 1, titre: Objet, texte: Le but.}\n"
    load_text(f"{BEFORE}{first}  - {{numero: 2, titre: Durée, texte: Cinq ans.}}\n{AFTER}")
    term = Article.objects.get(title="Durée")
    coordinator = MembershipFactory(
        organisation=Convention.objects.get().organisations.first(), coordinator=True
    ).user
    propose_amendment(term, wording="Six ans.", reason="Trop court.", by=coordinator)
    load_text(
        f"{BEFORE}{first}  - {{numero: 2, titre: Territoire, texte: La vallée.}}\n"
        f"  - {{numero: 3, titre: Durée, texte: Cinq ans.}}\n{AFTER}"
    )
    about = AmendmentProposal.objects.get().subject
    assert (about, about.number, about.title) == (term, 3, "Durée")
    assert list(term.wordings.values_list("number", "title")) == [(3, "Durée")]


def test_a_part_inserted_before_others_leaves_them_their_rows(load_parts, hanging, part, kind):
    load_parts(OBJECT, TERM, REVISION)
    term = part(title="Durée")
    hanging[term] = hanging[part(title="Révision")] = HANGS
    report = load_parts(OBJECT, ("Territoire", "La vallée."), TERM, REVISION)
    assert part(title="Durée") == term
    assert [number for number, *_ in texts_of(kind)] == [1, 2, 3, 4]
    assert sum(report.created.values()) == 1
    assert not load_parts(OBJECT, ("Territoire", "La vallée."), TERM, REVISION).has_changes


@pytest.mark.parametrize("corrected", [("Durée du texte", "Cinq ans."), ("Durée", "Quatre ans.")])
def test_a_part_is_matched_by_its_title_or_its_text(load_parts, hanging, part, corrected):
    load_parts(OBJECT, TERM)
    term = part(title="Durée")
    hanging[term] = HANGS
    load_parts(OBJECT, ("Territoire", "La vallée."), corrected)
    term.refresh_from_db()
    assert (term.number, term.title, term.text) == (3, *corrected)


@pytest.mark.parametrize(
    "corrected",
    [
        [OBJECT, ("Moyens", "Un poste.")],  # Durée left out, or corrected at once?
        [OBJECT, ("Moyens", "Un poste."), ("Durée de la convention", "Quatre ans.")],
        [OBJECT, ("Révision", "Cinq ans."), ("Durée", "Par avenant.")],  # titles exchanged?
        [OBJECT, ("Durée", "La vallée."), ("Durée", "Quatre ans.")],
    ],
)
def test_an_ambiguous_part_is_refused(load_parts, hanging, part, kind, corrected):
    load_parts(OBJECT, TERM, REVISION)
    before = texts_of(kind)
    hanging[part(title="Durée")] = HANGS
    with pytest.raises(ConventionFileError, match="ne corriger d’abord que l’un des deux"):
        load_parts(*corrected)
    assert texts_of(kind) == before


def test_a_part_corrected_in_two_steps_as_the_message_says_keeps_its_row(load_parts, hanging, part):
    load_parts(OBJECT, TERM)
    term = part(title="Durée")
    hanging[term] = HANGS
    load_parts(OBJECT, ("Durée de la convention", "Cinq ans."))
    load_parts(OBJECT, ("Durée de la convention", "Quatre ans."))
    term.refresh_from_db()
    assert (term.number, term.text) == (2, "Quatre ans.")


def test_a_part_takes_the_number_of_another_that_has_moved(load_parts, hanging, part):
    load_parts(OBJECT, TERM)
    term = part(title="Durée")
    hanging[term] = HANGS
    load_parts(OBJECT, TERM, numbers=[1, 9])
    load_parts(OBJECT, ("Moyens", "Un poste."))
    term.refresh_from_db()
    assert (term.number, term.title) == (9, "Durée")
    assert part(title="Moyens").number == 2


def test_a_part_that_is_kept_gives_up_its_number(load_parts, hanging, part):
    load_parts(OBJECT, TERM, REVISION)
    term = part(title="Durée")
    hanging[term] = HANGS
    report = load_parts(OBJECT, REVISION)
    term.refresh_from_db()
    assert (term.number, part(title="Révision").number) == (4, 2)
    assert any("n’est plus dans le fichier" in warning for warning in report.warnings)


def test_a_part_without_dependents_is_replaced_without_a_question(load_parts, kind):
    load_parts(OBJECT, TERM)
    load_parts(OBJECT, ("Moyens", "Un poste."))
    assert texts_of(kind)[1] == (2, "Moyens", "Un poste.")


def test_a_number_of_an_amendment_is_not_taken(load_parts, amend, part):
    load_parts(OBJECT, TERM, REVISION)
    amend(part(title="Révision"), text="Par avis.")
    with pytest.raises(ConventionFileError, match="déjà pris, par un avenant"):
        load_parts(OBJECT, ("Territoire", "La vallée."), TERM, REVISION)


def test_parts_without_a_text_are_known_by_their_titles(load_parts, hanging, part):
    load_parts(("Communes", ""), ("Actions", ""))
    actions = part(title="Actions")
    hanging[actions] = HANGS
    load_parts(("Signataires", ""), ("Communes", ""), ("Actions", ""))
    actions.refresh_from_db()
    assert actions.number == 3
    with pytest.raises(ConventionFileError):
        load_parts(("Signataires", ""), ("Communes", ""), ("Budget", ""))


def test_parts_of_one_title_are_loaded_again(load_parts, hanging, kind):
    load_parts(OBJECT, ("Fiche", ""), ("Fiche", ""))
    hanging[kind[0].objects.get(number=2)] = HANGS
    assert not load_parts(OBJECT, ("Fiche", ""), ("Fiche", "")).has_changes
