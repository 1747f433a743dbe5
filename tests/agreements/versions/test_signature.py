"""What was signed is agreed: loading a convention makes versions in force for all parties."""

from collections import Counter
from pathlib import Path

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements.commitments import canonical
from agreements.commitments.commitment import by_kind
from agreements.models import State, Version
from agreements.versions import events as drafts
from agreements.versions.signature import record_signature
from committee.amendments import events as amendments_events
from committee.comments import events as comments_events
from committee.models import AmendmentProposal
from conventions.loading import load
from conventions.models import Convention, Objective, Origin, Theme
from tests import factories as f
from tests.agreements.factories import SeatFactory, committee_of
from tests.conventions.loading.samples import MINIMAL
from tests.conventions.loading.structures import structure

PROJECT = MINIMAL
DATES = "  signee_le: 2021-07-01\n  debut: 2021-07-01\n  fin:"
SIGNED = MINIMAL.replace("  fin:", DATES)


def signed_structure(*axes: str) -> str:
    return structure(*axes).replace(
        "  fin:", "  signee_le: 2021-07-01\n  debut: 2021-07-01\n  fin:"
    )


pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

DATA = Path(__file__).parents[3] / "conventions" / "data"
REAL = DATA / "grand_chatellerault.yaml"


@pytest.fixture
def load_text(tmp_path):
    path = tmp_path / "convention.yaml"

    def load_text(text: str):
        path.write_text(text)
        return load(path).convention

    return load_text


def in_force(convention):
    return Version.objects.of(convention).in_force()


def version_of(row) -> Version:
    return Version.objects.about(row).in_force().get()


def counted_in(file: Path) -> dict[str, int]:
    """What the file itself holds, of each kind that is signed."""
    content = yaml.safe_load(file.read_text())
    themes = [theme for axis in content["axes"] for theme in axis.get("thematiques", [])]
    objectives = [o for part in [*content["axes"], *themes] for o in part.get("objectifs", [])]
    parts = [sub for objective in objectives for sub in objective.get("sous_objectifs", [])]
    return {
        "article": len(content["articles"]),
        "annex": len(content["annexes"]),
        "axis": len(content["axes"]),
        "theme": len(themes),
        "objective": len(objectives) + len(parts),
    }


@pytest.mark.parametrize("name", ["grand_chatellerault.yaml", "val_de_claise_fictif.yaml"])
def test_each_signed_part_of_a_file_is_in_force(name):
    convention = load(DATA / name).convention
    expected = {kind: count for kind, count in counted_in(DATA / name).items() if count}
    assert Counter(in_force(convention).values_list("kind", flat=True)) == expected
    assert not Version.objects.of(convention).exclude(state=State.IN_FORCE).exists()


def test_the_real_convention_says_what_its_rows_say():
    convention = load(REAL).convention
    versions = list(in_force(convention).with_subjects())
    assert 90 <= len(versions) <= 100
    for version in versions:
        assert (version.number, version.origin) == (1, Origin.SIGNATURE)
        assert version.content == by_kind(version.kind).content(version.subject)
        assert version.text == canonical.canonical(version.content)
        assert version.digest == canonical.digest(version.text)
        assert version.in_force_at.date() == convention.signed_on
        assert (version.author, version.author_name) == (None, "")
        assert version.title


def test_a_file_loaded_again_writes_no_version():
    convention = load(REAL).convention
    before = list(Version.objects.values_list("pk", "number", "state", "text"))
    assert load(REAL).convention == convention
    assert list(Version.objects.values_list("pk", "number", "state", "text")) == before
    assert record_signature(convention) == 0


def test_a_corrected_title_is_the_next_version_and_the_mistake_stays_readable(load_text):
    convention = load_text(signed_structure("1 Acceuillir: : Ouvrir"))
    axis = convention.axes.get()
    mistaken = version_of(axis)
    others = {v.pk for v in in_force(convention)} - {mistaken.pk}
    load_text(signed_structure("1 Accueillir: : Ouvrir"))
    mistaken.refresh_from_db()
    corrected = version_of(axis)
    assert (corrected.number, corrected.title, corrected.succeeds) == (2, "Accueillir", mistaken)
    assert (mistaken.state, mistaken.content["title"]) == (State.REPLACED, "Acceuillir")
    assert mistaken.ended_at
    assert {v.pk for v in in_force(convention)} == others | {corrected.pk}


def test_a_text_that_the_file_no_longer_has_is_withdrawn_and_stays_readable(load_text):
    convention = load_text(signed_structure("1 Accueillir: : Ouvrir; Former"))
    version = version_of(Objective.objects.get(title="Former"))
    load_text(signed_structure("1 Accueillir: : Ouvrir"))
    version.refresh_from_db()
    assert version.state == State.WITHDRAWN
    assert version.content["title"] == "Former"
    assert [v.subject for v in Version.objects.filter(pk=version.pk).with_subjects()] == [None]
    assert not in_force(convention).filter(pk=version.pk).exists()


def test_an_unsigned_convention_has_nothing_agreed(load_text):
    convention = load_text(PROJECT)
    assert not convention.is_signed
    assert not Version.objects.exists()


def test_texts_that_turn_out_unsigned_are_in_force_again_once_signed(load_text):
    convention = load_text(SIGNED)
    signed = in_force(convention).count()
    load_text(PROJECT)
    assert not in_force(convention).exists()
    load_text(SIGNED)
    assert in_force(convention).count() == signed
    assert set(in_force(convention).values_list("number", flat=True)) == {2}


def test_a_theme_without_a_title_was_signed_by_nobody_until_it_has_one():
    theme = f.ThemeFactory(title="", number="")
    convention = theme.axis.convention
    record_signature(convention)
    assert not Version.objects.about(theme).exists()
    for title, number in [("Petite enfance", 1), ("", None), ("Enfance", 2)]:
        Theme.objects.filter(pk=theme.pk).update(title=title)
        record_signature(convention)
        standing = Version.objects.about(theme).in_force().first()
        assert (standing.number if standing else None) == number


def test_a_text_ended_by_an_amendment_is_withdrawn(load_text):
    convention = load_text(SIGNED)
    axis = convention.axes.get()
    version = version_of(axis)
    amendment = f.AmendmentFactory(convention=convention, number=1)
    f.end(axis, amendment)
    assert record_signature(convention) == 0
    version.refresh_from_db()
    assert version.state == State.WITHDRAWN


def test_a_version_of_the_committee_is_not_recorded_as_signed():
    committee = committee_of()
    version = committee.in_force()
    record_signature(committee.convention)
    assert [v.origin for v in Version.objects.about(version.subject)] == [Origin.COMMITTEE]
    signed = in_force(committee.convention).signed()
    assert sorted(signed.values_list("kind", flat=True)) == ["axis", "objective", "theme"]


# A row that people have spoken of stays -----------------------------------------------------------


@pytest.fixture
def two_objectives(load_text):
    convention = load_text(signed_structure("1 Accueillir: : Ouvrir; Former"))
    seat = SeatFactory(organisation__convention=convention)
    return convention, Objective.objects.get(title="Former"), seat.user


def load_without(load_text):
    load_text(signed_structure("1 Accueillir: : Ouvrir"))


def test_a_commented_row_is_kept(two_objectives, load_text):
    _convention, row, member = two_objectives
    comments_events.comment(version_of(row), text="À revoir", by=member)
    load_without(load_text)
    assert Objective.objects.filter(pk=row.pk).exists()
    assert version_of(row).is_in_force


def test_a_row_that_an_amendment_is_proposed_for_is_kept(two_objectives, load_text):
    _convention, row, member = two_objectives
    amendments_events.propose_amendment(row, wording="Former tous", reason="Mieux", by=member)
    load_without(load_text)
    assert Objective.objects.filter(pk=row.pk).exists()
    assert AmendmentProposal.objects.about(row).count() == 1


def test_a_row_that_the_committee_took_up_is_kept_with_a_warning(two_objectives, tmp_path):
    convention, row, _member = two_objectives
    committees = f.ObjectiveFactory(parent=row, committee=True)
    coordinator = f.MembershipFactory(organisation__convention=convention, coordinator=True).user

    drafts.save_draft(
        committees,
        {"title": "Former dix", "due_on": None, "measure": "", "is_priority": False},
        by=coordinator,
    )
    path = tmp_path / "later.yaml"
    path.write_text(signed_structure("1 Accueillir: : Ouvrir"))
    report = load(path)
    assert Objective.objects.filter(pk__in=[row.pk, committees.pk]).count() == 2
    assert any("« Former » n’est plus dans le fichier" in said for said in report.warnings)


def test_a_row_that_nobody_spoke_of_is_deleted(two_objectives, load_text):
    _convention, row, _member = two_objectives
    load_without(load_text)
    assert not Objective.objects.filter(pk=row.pk).exists()


# Many conventions ---------------------------------------------------------------------------------


def queries_of_a_load(convention) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        record_signature(convention)
    return [query["sql"] for query in queries]


def test_a_load_asks_as_much_beside_many_conventions_as_alone():
    convention = f.ArticleFactory().convention
    record_signature(convention)
    alone = queries_of_a_load(convention)
    for _ in range(20):
        other = f.ArticleFactory().convention
        f.ObjectiveFactory(theme__axis__convention=other)
        record_signature(other)
    assert Version.objects.exclude(convention=convention).count() == 80
    among_many = queries_of_a_load(convention)
    assert len(among_many) == len(alone) <= 20
    # And each reads the rows of its own convention only.
    assert all(f"= {convention.pk}" in sql for sql in among_many if "agreements_version" in sql)
    assert Convention.objects.count() == 21


def test_a_load_asks_as_much_for_many_texts_as_for_one():
    convention = f.ArticleFactory().convention
    record_signature(convention)
    few = len(queries_of_a_load(convention))
    for n in range(20_000, 20_040):
        f.ArticleFactory(convention=convention, number=n)
        f.ObjectiveFactory(theme__axis__convention=convention)
    record_signature(convention)
    assert len(queries_of_a_load(convention)) == few
