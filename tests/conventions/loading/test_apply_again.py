"""The same file twice writes nothing; a file with mistakes writes nothing either."""

from pathlib import Path
from shutil import copytree

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from simple_history.models import HistoricalChanges

from conventions.loading import ConventionFileError
from conventions.models import Convention, Objective
from tests.conventions.loading.samples import FULL, MINIMAL, changed
from tests.documents.images import png

DATA = Path(__file__).parents[3] / "conventions" / "data"


def all_rows() -> dict[str, list]:
    """Every row of the chapter, its history included."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_app_config("conventions").get_models()
    }


def writes_of(action) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        action()
    verbs = ("INSERT", "UPDATE", "DELETE")
    asked = [query["sql"] for query in queries if query["sql"].startswith(verbs)]
    return [sql for sql in asked if not sql.startswith('INSERT INTO "ctg_portal_mark"')]


def history_count() -> int:
    return sum(
        model._base_manager.count()
        for model in apps.get_app_config("conventions").get_models()
        if issubclass(model, HistoricalChanges)
    )


FILES = {"full": FULL, "minimal": MINIMAL} | {
    path.stem: path.read_text(encoding="utf-8") for path in DATA.glob("*.yaml")
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_a_file_loaded_twice_writes_nothing(load_text, tmp_path, text):
    copytree(DATA / "logos", tmp_path / "logos")
    first = load_text(text)
    before = all_rows()
    reports = []
    assert writes_of(lambda: reports.append(load_text(text))) == []
    assert all_rows() == before
    second = reports[0]
    assert not second.has_changes
    assert second.unchanged == first.created
    assert second.warnings == first.warnings


def test_a_logo_loaded_twice_writes_nothing(load_text, tmp_path, settings):
    (tmp_path / "logo.png").write_bytes(png())
    text = changed("    siege:", "    logo: logo.png\n    siege:")
    load_text(text)
    assert writes_of(lambda: load_text(text)) == []
    assert len(list(settings.MEDIA_ROOT.rglob("*.png"))) == 1


def test_a_corrected_row_alone_is_written(load_text):
    load_text(FULL)
    before = history_count()
    report = load_text(changed("titre: Habiter", "titre: Bien habiter"))
    assert report.updated == {"axe": 1}
    assert history_count() == before + 1


def test_the_journal_says_where_a_change_comes_from(load_text):
    load_text(FULL)
    objective = Objective.objects.get(code="LAEP")
    assert objective.history.get().history_change_reason == "Fichier de convention"


def test_reading_queries_do_not_grow_with_the_structure(load_text, django_assert_num_queries):
    def text(count: int) -> str:
        rows = "".join(
            f"      - {{titre: Objectif {n}, sous_objectifs: [Un {n}, Deux {n}]}}\n"
            for n in range(count)
        )
        communes = "".join(f"  - {{insee: '{n:05}', nom: C{n}}}\n" for n in range(count))
        return MINIMAL + rows + "communes:\n" + communes

    load_text(text(1))
    with CaptureQueriesContext(connection) as few:
        load_text(text(1))
    load_text(text(50))
    with django_assert_num_queries(len(few)):
        load_text(text(50))


def test_a_file_with_mistakes_writes_nothing(load_text):
    load_text(FULL)
    before = all_rows()
    with pytest.raises(ConventionFileError):
        load_text(changed("fin: 2025-12-31", "fin: 31/12/2025"))
    assert all_rows() == before


def test_a_load_that_breaks_off_writes_nothing(load_text, monkeypatch):
    def break_off(*_args):
        raise RuntimeError

    monkeypatch.setattr("conventions.loading.apply.apply_communes", break_off)
    with pytest.raises(RuntimeError):
        load_text(FULL)
    assert not Convention.objects.exists()
