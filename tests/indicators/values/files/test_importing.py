"""A file that was brought is kept, undone, left; as if its figures had been typed."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ctg_portal.rules import Refused
from documents.drawing.composition import compose
from indicators.models import Value, ValueTransition
from indicators.values.events import save_value
from indicators.values.figure import Figure
from indicators.values.giving import submit_values
from indicators.values.writing import value_of
from spreadsheets.importing import events
from spreadsheets.importing.jobs import forget_files
from spreadsheets.importing.reading import preview_of
from spreadsheets.models import Answer, Import
from tests.factories import MembershipFactory
from tests.spreadsheets.files import xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
ROWS = [["Code", "Valeur", "Commentaire"], ["1.1", 412, "Un mot"], ["1.2", 30, None]]


def bring(office, by, *rows) -> Import:
    upload = SimpleUploadedFile("suivi.xlsx", xlsx(*(rows or ROWS)))
    return events.bring("indicators.values", office.scope, upload, by=by)


def keep(row, by, *, is_partial=False, digest=None):
    digest = digest or preview_of(row, by).digest
    application = events.ask_to_apply(row, digest=digest, is_partial=is_partial, by=by)
    compose(application)
    application.refresh_from_db()
    row.refresh_from_db()
    return application


def why(application) -> str:
    return application.transitions.last().reason


def rows_of(model, *left) -> list[dict]:
    """The rows but for what differs by the moment and the place."""
    left = {"id", "value_id", "entered_at", "created_at", "submitted_at",
            "revision", *left}  # fmt: skip
    rows = model.objects.order_by("pk").values()
    return [{name: held for name, held in row.items() if name not in left} for row in rows]


def test_what_is_valid_is_kept_with_its_account(office, agent):
    row = bring(office, agent)
    application = keep(row, agent)
    assert (row.state, row.counts["new"]) == ("applied", 2)
    assert office.kept() == {"1.1": Decimal(412), "1.2": Decimal(30)}
    assert application.is_ready
    assert application.size > 1000
    assert [act.verb for act in ValueTransition.objects.all()] == ["saved", "saved"]
    assert {act.by for act in ValueTransition.objects.all()} == {agent}


def test_a_person_has_one_file_kept_at_a_time(office, agent):
    first, second = bring(office, agent), bring(office, agent)
    events.ask_to_apply(first, digest="", is_partial=False, by=agent)
    with pytest.raises(Refused, match="Un autre de vos fichiers"):
        events.ask_to_apply(second, digest="", is_partial=False, by=agent)


def test_with_a_mistake_all_or_nothing_or_what_is_valid(office, agent):
    row = bring(office, agent, *ROWS, ["1.10", "env. 12"])
    assert "1 ligne est à corriger" in why(keep(row, agent)).replace("\xa0", " ")
    assert (row.state, office.kept()) == ("received", {})
    keep(row, agent, is_partial=True)
    assert (row.state, row.counts["refused"], len(office.kept())) == ("applied", 1, 2)


@pytest.mark.parametrize(("code", "below_zero"), [("1.1", -12), ("2.2", "−12,50")])
def test_a_number_below_zero_is_a_mistake_at_its_cell(office, agent, code, below_zero):
    row = bring(office, agent, ROWS[0], [code, below_zero], ROWS[2])
    [mistake] = preview_of(row, agent).mistakes
    assert mistake.place.endswith("B2")
    assert "est négatif. Seul peut l’être un chiffre dont la définition le dit" in mistake.text
    keep(row, agent, is_partial=True)
    assert (row.counts["refused"], office.kept()) == (1, {"1.2": 30})


def test_who_comes_second_looks_again(office, agent):
    other = MembershipFactory(organisation=office.committee.caf).user
    first, second = bring(office, agent), bring(office, other, ["Code", "Valeur"], ["1.1", 9])
    digest = preview_of(second, other).digest
    keep(first, agent)
    assert "a changé depuis cet aperçu" in why(keep(second, other, digest=digest))
    assert office.kept()["1.1"] == 412
    assert preview_of(second, other).changed[0].before == "412, « Un mot »"
    keep(second, other)
    assert office.kept()["1.1"] == 9


def test_a_value_that_is_typed_meanwhile_is_not_written_over(office, agent, monkeypatch):
    row = bring(office, agent)
    preview = preview_of(row, agent)
    save_value(office.entry("1.1"), Figure(number=Decimal(5)), by=agent)
    with pytest.raises(Refused):
        events.apply(row, preview, by=agent)


def test_an_import_is_undone_for_seven_days(office, agent):
    save_value(office.entry("1.1"), Figure(number=Decimal(5), comment="avant"), by=agent)
    row = bring(office, agent)
    keep(row, agent)
    assert events.undo(row, by=agent) == (2, [])
    row.refresh_from_db()
    assert row.is_undone
    assert office.kept() == {"1.1": 5}
    assert value_of(office.entry("1.1")).comment == "avant"


def test_what_was_built_on_stays(office, agent):
    row = bring(office, agent)
    keep(row, agent)
    save_value(office.entry("1.2"), Figure(number=Decimal(31)), by=agent)
    count, left = events.undo(row, by=agent)
    assert count == 1
    since = f"{agent} a enregistré une autre valeur depuis l’import."
    assert left == [f"Enfants accueillis en relais petite enfance : {since}"]
    assert row.transitions.last().reason == left[0]
    assert office.kept() == {"1.2": 31}


def test_what_was_submitted_is_not_undone(office, agent):
    row = bring(office, agent, ["Code", "Valeur"], ["1.2", 30])
    keep(row, agent)
    submit_values([office.entry("1.2")], by=agent)
    with pytest.raises(Refused) as refused:
        events.undo(row, by=agent)
    reason = refused.value.refusal.reason
    since = f"{agent} a transmis cette valeur depuis l’import."
    assert reason == f"Rien n’est annulé. Enfants accueillis en relais petite enfance : {since}"
    assert office.kept() == {"1.2": 30}


def test_of_many_lines_that_stay_the_first_are_told_with_the_number_of_the_others():
    left = [f"Ligne {n} : elle a été corrigée depuis." for n in range(1, 6)]
    assert events._none_put_back(left).reason.endswith(
        "Ligne 3 : elle a été corrigée depuis. 2\u00a0autres lignes restent aussi."
    )
    assert "autre" not in events._none_put_back(left[:3]).reason


def test_after_seven_days_nothing_is_undone_and_the_file_goes(office, agent):
    row = bring(office, agent)
    keep(row, agent)
    name, storage = row.file.name, row.file.storage
    with time_machine.travel(timezone.now() + datetime.timedelta(days=8)):
        with pytest.raises(Refused, match="Sept jours"):
            events.undo(row, by=agent)
        forget_files()
    row.refresh_from_db()
    assert (row.file.name, row.applications.count()) == ("", 0)
    assert {line.before == {} for line in row.kept_lines.all()} == {True}
    assert storage.exists(name) in (True, False)  # it goes with the commit


def test_the_seven_days_are_those_since_it_was_kept(office, agent):
    """Brought on the first, kept on the seventh, undone on the ninth."""
    row = bring(office, agent)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=6)):
        keep(row, agent)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=8)):
        forget_files()
        row.refresh_from_db()
        assert row.file
        events.undo(row, by=agent)
    assert office.kept() == {}


def test_only_who_brought_it_keeps_or_undoes_it(office, agent):
    other, row = MembershipFactory(organisation=office.committee.caf).user, bring(office, agent)
    for act in (
        lambda: events.ask_to_apply(row, digest="", is_partial=False, by=other),
        lambda: events.abandon(row, by=other),
        lambda: events.answer(row, {}, by=other),
        lambda: events.undo(row, by=other),
    ):
        with pytest.raises(Refused):
            act()


def test_a_reader_brings_no_file(office, committee):
    reader = MembershipFactory(organisation=committee.caf, role="reader").user
    with pytest.raises(Refused, match="par qui saisit"):
        bring(office, reader)
    stranger = MembershipFactory().user
    with pytest.raises(Refused, match="n’existe plus pour vous"):
        bring(office, stranger)


def test_files_that_nobody_decides_on_do_not_pile_up(office, agent, monkeypatch):
    monkeypatch.setattr(events, "MOST_UNDECIDED", 1)
    row = bring(office, agent)
    with pytest.raises(Refused, match="attendent d’être enregistrés ou abandonnés"):
        bring(office, agent)
    events.abandon(row, by=agent)
    bring(office, agent)


def test_answers_are_remembered_for_the_next_file_of_that_office(office, agent):
    rows = [["Indicateur", "Valeur", "Humeur"], ["Places agrées en EAJE", 405, "bonne"]]
    row = bring(office, agent, *rows)
    [box] = preview_of(row, agent).sheetful.rows[0].yellow
    events.answer(row, {box.name: str(office.entry("1.1").indicator_id),
                        "typed@Feuille!B2": "406"}, by=agent)  # fmt: skip
    assert preview_of(row, agent).is_whole
    colleague = MembershipFactory(organisation=office.committee.caf).user
    assert preview_of(bring(office, colleague, *rows), colleague).is_whole
    other = MembershipFactory(organisation=office.committee.epci).user
    assert not preview_of(bring(office, other, *rows), other).is_whole
    assert [answer.key for answer in Answer.objects.all()] == [box.name]


def test_abandoned_the_file_goes(office, agent):
    row = bring(office, agent)
    events.abandon(row, by=agent)
    row.refresh_from_db()
    assert (row.state, row.file.name) == ("abandoned", "")
    with pytest.raises(Refused):
        events.ask_to_apply(row, digest="", is_partial=True, by=agent)


# The same as by hand ---------------------------------------------------------------------------

CODES = ["1.1", "1.2", "1.10", "3.1"]
CELLS = st.one_of(
    st.integers(0, 5000), st.just("n.d."), st.just(""), st.just("effacer"), st.just("1 234")
)
SURE = {f"sure@{rule}": "1" for rule in ("change", "year", "repeated")}
COMMENTS = st.sampled_from(["", "Un mot", "Deux de plus"])


def by_hand(office, code: str, cell, comment: str, by) -> None:
    """What somebody would type for a line."""
    entry, value = office.entry(code), value_of(office.entry(code))
    was = Figure.of(value) if value else Figure()
    if cell == "effacer":
        save_value(entry, Figure(), by=by)
    elif cell == "n.d.":
        reason = comment or was.reason or "Le fichier indique « n.d. » (non disponible)."
        figure = Figure(absence="not_available", reason=reason, comment=was.comment)
        save_value(entry, figure, by=by)
    elif cell == "":
        if comment and value and not was.absence:
            save_value(entry, Figure(number=was.number, comment=comment), by=by)
        elif comment and value:
            save_value(
                entry, Figure(absence=was.absence, reason=was.reason, comment=comment), by=by
            )
    else:
        number = Decimal(str(cell).replace(" ", ""))
        save_value(entry, Figure(number=number, comment=comment or was.comment), by=by)


@pytest.mark.long
@given(
    rounds=st.lists(
        st.dictionaries(st.sampled_from(CODES), st.tuples(CELLS, COMMENTS), min_size=1),
        min_size=1, max_size=3,
    )
)  # fmt: skip
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_an_import_leaves_what_entries_by_hand_leave(office, agent, rounds):
    Value.objects.all().delete()
    Import.objects.all().delete()
    for lines in rounds:
        for code in (code for code in CODES if code in lines):
            by_hand(office, code, *lines[code], agent)
    typed = rows_of(Value), rows_of(ValueTransition)
    Value.objects.all().delete()
    for lines in rounds:
        rows = [["Code", "Valeur", "Commentaire"]]
        rows += [[code, *lines[code]] for code in CODES if code in lines]
        row = bring(office, agent, *rows)
        events.answer(row, SURE, by=agent)
        row.refresh_from_db()
        preview = preview_of(row, agent)
        events.apply(row, preview, by=agent)
    assert (rows_of(Value), rows_of(ValueTransition)) == typed


def test_a_preview_asks_as_many_queries_for_many_lines(
    office, agent, django_assert_max_num_queries
):
    def queries(*codes) -> int:
        row = bring(
            office, agent, ["Code", "Valeur"], *([code, 400 + n] for n, code in enumerate(codes))
        )
        with django_assert_max_num_queries(40) as asked:
            assert len(preview_of(row, agent).new) == len(codes)
        return len(asked)

    assert queries("1.1") == queries("1.1", "1.2", "1.10", "2.2", "3.1")
