"""What a difference says beside its pieces: enough to show the fields that stay as they are."""

from agreements.commitments.commitment import by_kind
from agreements.versions.differences import compare_contents


def test_a_change_tells_what_the_field_says_now_and_whether_it_is_prose():
    before = {"number": 1, "title": "Objet", "text": "Un **relais** mensuel"}
    after = before | {"text": "Un **relais** hebdomadaire"}
    number, title, text = compare_contents(by_kind("article"), before, after)
    assert [change.is_changed for change in (number, title, text)] == [False, False, True]
    assert [change.is_prose for change in (number, title, text)] == [False, False, True]
    assert (title.text, text.text) == ("Objet", "Un **relais** hebdomadaire")


def test_a_field_of_one_version_only_is_shown_as_added_or_removed():
    article = by_kind("article")
    added = compare_contents(article, {"number": 1}, {"number": 1, "title": "Objet"})
    assert [(c.label, c.is_changed, c.text) for c in added] == [
        ("Numéro", False, "1"),
        ("Titre", True, "Objet"),
    ]
    [_number, removed] = compare_contents(article, {"number": 1, "title": "Objet"}, {"number": 1})
    assert (removed.is_changed, removed.text) == (True, "")
