"""What changed between two contents, in French that is read without knowing the tables."""

from django.template.loader import render_to_string

from evaluation.publication.differences import changes_between
from tests.accounts.reading import text_of

LONG = "Participation des habitants aux projets de la structure et à la vie de la commune, dont "
TITLE = f"{LONG}ceux qui n’avaient pas encore d’accès à leurs droits"


def content(years: dict[int, str | tuple[str, str]], title: str = "Places") -> dict:
    cells = [(shown, "") if isinstance(shown, str) else shown for shown in years.values()]
    figures = [{"text": text, "mark": mark, "is_sign": False} for text, mark in cells]
    row = {"anchor": "i-1", "title": title, "figures": figures}
    theme = {"anchor": "t-1", "title": "Petite enfance", "columns": {"years": [*years]}}
    return {"axes": [{"anchor": "a-1", "title": "Axe", "themes": [theme | {"rows": [row]}]}]}


def added(before: dict, after: dict) -> str:
    [change] = [one for one in changes_between(before, after) if one.label.endswith("chiffres")]
    return "".join(piece.text for piece in change.pieces if piece.change == "added").strip()


def test_a_changed_figure_is_shown_with_its_year():
    before = content({2023: "441"})
    assert added(before, content({2022: "400", 2023: "441"})) == "2022 : 400"


def test_a_changed_sign_is_shown_in_words():
    before = content({2023: "441"})
    assert added(before, content({2023: ("441", "p*")})) == "(provisoire, pas encore vérifié)"
    assert added(before, content({2023: "≠\u00a0441"})) == "(rupture de série)"


def test_a_long_name_is_cut_between_words():
    changes = changes_between(content({2023: "1"}, TITLE), content({2023: "2"}, TITLE))
    assert [one.label for one in changes] == [
        f"Petite enfance – {LONG}ceux qui n’avaient pas encore … : chiffres"
    ]


def test_a_change_without_details_is_described_in_french():
    hidden = content({2023: "3"}), content({2023: "secret"})
    shown = text_of(render_to_string(
        "evaluation/publication/changes.html", {"changes": changes_between(*hidden)}
    ))  # fmt: skip
    assert "chiffres changement, sans son détail" in shown.replace("\u00a0", " ")
