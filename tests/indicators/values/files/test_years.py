"""Several years in one file: past years, entries, corrections, where indicators start from."""

import datetime
import re
from decimal import Decimal

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from agreements.models import Version
from agreements.versions.endings import draft_ending
from agreements.versions.events import save_draft
from conventions.models import Convention
from ctg_portal.rules import Refused
from indicators.models import Campaign, Value, ValueTransition
from indicators.series.reading import read_series
from indicators.values.events import correct_value
from indicators.values.figure import Figure
from indicators.values.files.importing import preview_values
from indicators.values.files.years import REASON, ImportOfYears
from indicators.values.giving import verify_value
from indicators.values.writing import value_of
from notifications.models import Notice
from notifications.sending import send_due_mail
from spreadsheets.columns.questions import Asking
from spreadsheets.importing import events
from spreadsheets.importing.reading import preview_of
from spreadsheets.models import Import
from spreadsheets.reading.open import open_book
from tests.committee.mail.mailing import at
from tests.indicators.values.files.office import plain, remarks_of, wrong
from tests.indicators.values.files.test_importing import keep
from tests.spreadsheets.files import xlsx

pytestmark = pytest.mark.django_db
HEAD = ["Code", "Indicateur", "2018", "2019", "2020", "2021", "2022", "2023"]
PLACES = ["1.1", "Places agréées en EAJE", 350, 360, 370, 380, 400, 412]
ATELIERS = ["1.10", "Ateliers parents-enfants", None, None, 7, 8, None, 9]


@pytest.fixture
def term(office):
    """The term is from 2020 on; 2022 is closed, with the places alone, 2023 is open."""
    start = datetime.date(2020, 1, 1)
    Convention.objects.filter(pk=office.committee.convention.pk).update(start=start)
    return Convention.objects.get(pk=office.committee.convention.pk)


def read(term, user, *rows, sheets=None, **answers):
    book = open_book("suivi.xlsx", xlsx(*rows, sheets=sheets))
    return ImportOfYears().preview(term.slug, book, Asking(answers), user)


def after(preview) -> dict[str, str]:
    return {plain(line.label): plain(line.after) for line in preview.to_keep}


def bring(term, by, *rows, **answers) -> Import:
    upload = SimpleUploadedFile("suivi.xlsx", xlsx(*rows))
    row = events.bring("indicators.years", term.slug, upload, by=by)
    if answers:
        row = events.answer(row, answers, by=by)
    return row


def year_of(term, year: int) -> Campaign | None:
    return Campaign.objects.of(term).for_year(year).first()


def numbers(campaign: Campaign) -> dict[str, object]:
    values = Value.objects.filter(campaign_indicator__campaign=campaign)
    values = values.select_related("campaign_indicator__indicator")
    return {value.campaign_indicator.indicator.code: value.number for value in values}


def test_a_title_that_is_nearly_one_is_answered_once_for_all_years(term, office):
    nearly = ["", "Places agrée dans EAJE", 350, 360, 370, 380, 400, 412]
    preview = read(term, office.committee.coordinator, HEAD, nearly)
    (group,) = preview.sheetful.groups
    assert (group.text, plain(group.suggestion)) == (
        "Places agrée dans EAJE", "1.1 – Places agréées en EAJE",
    )  # fmt: skip
    answers = {group.name: str(office.entry("1.1").indicator_id)}
    answered = read(term, office.committee.coordinator, HEAD, nearly, **answers)
    assert after(answered)["Places agréées en EAJE (2020)"] == "370"


def test_a_column_a_year_says_what_becomes_of_each(term, office):
    preview = read(term, office.committee.coordinator, HEAD, PLACES, ATELIERS)
    assert after(preview) == {
        "Places agréées en EAJE, situation initiale": "360 (2019)",
        "Places agréées en EAJE (2020)": "370",
        "Places agréées en EAJE (2021)": "380",
        "Ateliers parents-enfants (2020)": "7",
        "Ateliers parents-enfants (2021)": "8",
        # 2023 is open: what the Caf has sent is entered for it.
        "Places agréées en EAJE (2023)": "412",
        "Ateliers parents-enfants (2023)": "9",
    }
    # 2022 is the same.
    assert [plain(line.label) for line in preview.unchanged] == ["Places agréées en EAJE (2022)"]
    assert wrong(preview) == {}
    said = remarks_of(preview)
    assert "2020 et 2021 sont reprises dans un recueil clos, « repris d’un fichier »" in said
    assert "2018, avant la convention" in said
    assert "brouillons d’indicateur" in said


def test_baselines_and_past_years_below_zero_are_mistakes_at_their_cells(term, office):
    below_zero = [*PLACES[:3], -360, -370, *PLACES[5:]]
    preview = read(term, office.committee.coordinator, HEAD, below_zero)
    mistakes = {mistake.place: mistake.text for mistake in preview.mistakes}
    assert sorted(place[-2:] for place in mistakes) == ["D2", "E2"]
    assert all("est négatif. Seul peut l’être" in text for text in mistakes.values())


def test_past_years_are_closed_and_count_and_ask_nobody(term, office):
    coordinator = office.committee.coordinator
    row = bring(term, coordinator, HEAD[:-1], PLACES[:-1], ATELIERS[:-1])
    before = Notice.objects.count()
    keep(row, coordinator, is_partial=True)
    assert row.is_applied, row.transitions.last()
    for year, places, ateliers in ((2020, 370, 7), (2021, 380, 8)):
        campaign = year_of(term, year)
        assert campaign.is_closed
        assert campaign.is_from_file
        assert campaign.state_label == "repris d’un fichier"
        assert numbers(campaign) == {"1.1": Decimal(places), "1.10": Decimal(ateliers)}
        assert all(entry.is_rule_frozen for entry in campaign.campaign_indicators.all())
    assert [step.verb for step in year_of(term, 2021).transitions.all()] == ["brought"]
    assert {act.verb for act in ValueTransition.objects.all()} == {"brought"}
    # Who provides them is told, once for both years.
    assert Notice.objects.count() == before + 1
    assert Notice.objects.latest("pk").kind == "years_brought"
    [series] = read_series(term, term.indicators.filter(code="1.1").with_definition())
    assert [(cell.year, cell.figure.text) for cell in series.collected][:3] == [
        (2020, "370"), (2021, "380"), (2022, "400"),
    ]  # fmt: skip


def test_who_provides_is_told_once_without_a_figure(term, office, agent):
    coordinator = office.committee.coordinator
    keep(bring(term, coordinator, HEAD[:-1], PLACES[:-1]), coordinator, is_partial=True)
    morning = timezone.now().replace(hour=9) + datetime.timedelta(days=8)
    for minutes in (0, 6):  # what is due finds its people, and is sent a little later
        with at(morning + datetime.timedelta(minutes=minutes)):
            send_due_mail()
    [message] = [one for one in mail.outbox if one.to == [agent.email] and "2020" in one.subject]
    assert "2020 et 2021 sont reprises" in plain(message.subject)
    assert f"/conventions/{term.slug}/indicateurs/" in message.body
    assert not re.search(r"\b(370|380)\b", message.body)
    assert [one for one in mail.outbox if one.to == [coordinator.email]] == []


def test_undone_the_years_go(term, office):
    coordinator = office.committee.coordinator
    row = bring(term, coordinator, HEAD, PLACES, ATELIERS)
    keep(row, coordinator, is_partial=True)
    assert events.undo(row, by=coordinator) == (7, [])
    assert year_of(term, 2020) is None
    assert year_of(term, 2021) is None
    gone = Campaign.with_cancelled.get(year=2021)
    assert [step.verb for step in gone.transitions.all()] == ["brought", "let_go"]
    assert not Version.objects.drafts().exists()
    # And the year may be brought again.
    keep(bring(term, coordinator, HEAD, PLACES), coordinator, is_partial=True)
    assert numbers(year_of(term, 2021)) == {"1.1": Decimal(380)}


def test_what_was_built_on_a_year_keeps_it(term, office):
    coordinator = office.committee.coordinator
    row = bring(term, coordinator, HEAD, PLACES, ATELIERS)
    keep(row, coordinator, is_partial=True)
    entry = year_of(term, 2021).campaign_indicators.get(indicator__code="1.1")
    figure = Figure(number=Decimal(381))
    correct_value(entry, figure, reason="Erreur de copie", by=coordinator)
    count, left = events.undo(row, by=coordinator)
    assert (count, len(left)) == (6, 1)
    assert year_of(term, 2020) is None
    assert numbers(year_of(term, 2021)) == {"1.1": Decimal(381)}


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_what_its_own_people_say_of_a_year_is_theirs(term, office, agent, is_confirmed):
    """Who brought the file would else correct what they have confirmed, or corrected: it counts at
    once, under their name."""
    coordinator = office.committee.coordinator
    keep(bring(term, coordinator, HEAD, PLACES), coordinator, is_partial=True)
    entry = year_of(term, 2020).campaign_indicators.get()
    if is_confirmed:
        verify_value(entry.values.get(), by=agent)
    else:
        correct_value(entry, Figure(number=371), reason="Erreur de copie", by=agent)
    with pytest.raises(Refused, match="où quelqu’un saisit"):
        correct_value(entry, Figure(number=1), reason="Autre", by=coordinator)
    preview = read(term, coordinator, ["Code", "2020"], ["1.1", 1])
    assert all("où quelqu’un saisit" in text for text in wrong(preview).values())
    assert preview.to_keep == []


def test_a_year_of_which_something_is_written_stays(term, office):
    coordinator = office.committee.coordinator
    row = bring(term, coordinator, HEAD, PLACES)
    keep(row, coordinator, is_partial=True)
    from evaluation.models import Narrative  # noqa: PLC0415

    theme = office.committee.orientation.theme
    Narrative.objects.create(theme=theme, year=2021, text="Un texte.")
    count, left = events.undo(row, by=coordinator)
    assert (count, len(left)) == (3, 1)
    assert "2021" in left[0]


def test_a_closed_year_is_corrected_with_one_reason_for_the_file(term, office, agent):
    rows = [HEAD, [*PLACES[:6], 401, 412]]
    preview = read(term, agent, *rows)
    assert [group.name for group in preview.sheetful.groups] == [REASON]
    assert "Une année close change : dites pourquoi" in wrong(preview)["Feuille!G2"]
    assert (preview.waiting, preview.is_whole) == (1, False)
    assert "la coordination la reprend" in wrong(preview)["Feuille!E2"]
    row = bring(term, agent, *rows, **{REASON: "Extraction refaite"})
    keep(row, agent, is_partial=True)
    value = value_of(year_of(term, 2022).campaign_indicators.get(indicator__code="1.1"))
    assert (value.number, value.is_submitted) == (Decimal(401), True)
    act = value.transitions.last()
    assert (act.verb, act.reason) == ("corrected", "Extraction refaite")
    assert Notice.objects.filter(kind="value_corrected").count() == 1
    assert office.kept() == {"1.1": Decimal(412)}  # 2023, which is open: a draft
    # Not for the next file, whose reason is its own.
    again = read(term, agent, HEAD, [*PLACES[:6], 402, 412])
    assert not again.sheetful.groups[0].answer
    assert events.undo(row, by=agent) == (2, [])
    value.refresh_from_db()
    assert value.number == 400
    assert office.kept() == {}


def test_a_closed_year_that_did_not_ask_says_so(term, office, agent):
    preview = read(term, agent, ["Code", "2022"], ["1.10", 4])
    assert wrong(preview) == {"Feuille!B2": "Le recueil 2022 n’a pas demandé cet indicateur."}
    preview = read(term, agent, ["Code", "2022"], ["1.1", "effacer"])
    assert wrong(preview)["Feuille!B2"]


def test_a_year_that_may_not_be_is_refused_in_words(term, office):
    preview = read(
        term, office.committee.coordinator, ["Code", "Année", "Valeur"],
        ["1.1", 2035, 1], ["1.2", timezone.localdate().year, 2], ["1.10", "l’an dernier", 3],
        ["2.2", None, 4],
    )  # fmt: skip
    said = wrong(preview)
    assert "n’est pas une de ses années" in said["Feuille!C2"]
    assert "n’est pas terminée" in said["Feuille!C3"]
    assert "année inconnue" in said["Feuille!C4"]
    assert "de quelle année" in said["Feuille!C5"]
    assert preview.to_keep == []


def test_a_protected_figure_is_its_providers_to_bring(term, office, agent):
    caf, coordinator = office.committee.caf, office.committee.coordinator
    caf.masking_threshold = 5
    caf.save()
    for version in Version.objects.in_force():
        if version.content["code"] == "1.10":
            from tests.indicators.factories import redefine  # noqa: PLC0415

            redefine(office.committee, version.subject, is_confidential=True)
    rows = [HEAD, PLACES, ATELIERS]
    preview = read(term, coordinator, *rows)
    assert "Le secret statistique protège cette donnée" in wrong(preview)["Feuille!E3"]
    assert not any("Ateliers" in label for label in after(preview))
    keep(bring(term, coordinator, *rows), coordinator, is_partial=True)
    # Then the Caf brings the same file, and nobody else reads what is small.
    preview = read(term, agent, *rows)
    assert after(preview)["Ateliers parents-enfants (2021)"] == "8"
    keep(bring(term, agent, *rows), agent, is_partial=True)
    assert numbers(year_of(term, 2021)) == {"1.1": Decimal(380), "1.10": Decimal(8)}


def test_a_sheet_a_year_and_a_sheet_that_says_none(term, office):
    head, coordinator = ["Code", "Valeur"], office.committee.coordinator
    sheets = {"2020": [head, ["1.1", 370]], "Suivi": [head, ["1.1", 380]]}
    preview = read(term, coordinator, sheets=sheets)
    assert [sheet["asks"] for sheet in preview.sheetful.sheets] == [[], ["year"]]
    assert after(preview) == {"Places agréées en EAJE (2020)": "370"}
    preview = read(term, coordinator, sheets=sheets, **{"year@Suivi": "2021"})
    assert after(preview) == {
        "Places agréées en EAJE (2020)": "370", "Places agréées en EAJE (2021)": "380",
    }  # fmt: skip


def test_what_is_said_once_is_said_of_the_last_year(term, office):
    preview = read(
        term, office.committee.coordinator,
        ["Code", "2020", "2021", "Observations", "Source", "Total"],
        ["1.1", 370, 380, "Une crèche de plus", "PMI", 750], ["1.10", 7, None, "Reprise", None, 7],
    )  # fmt: skip
    assert after(preview) == {
        "Places agréées en EAJE (2020)": "370, source : PMI",
        "Places agréées en EAJE (2021)": "380, « Une crèche de plus », source : PMI",
        "Ateliers parents-enfants (2020)": "7, « Reprise »",
    }
    roles = {column["letter"]: column["role"] for column in preview.sheetful.sheets[0]["columns"]}
    assert roles["F"] == "-"


def test_a_baseline_goes_into_ones_own_draft_and_back(term, office):
    coordinator = office.committee.coordinator
    indicator = term.indicators.get(code="1.1")
    content = Version.objects.about(indicator).in_force().get().content
    save_draft(indicator, content | {"title": "Places en crèche"}, by=coordinator)
    row = bring(term, coordinator, ["Code", "2018", "Source"], ["1.1", 350, "Rapport PMI"])
    keep(row, coordinator)
    [draft] = Version.objects.drafts()
    assert draft.content["title"] == "Places en crèche"
    assert draft.content["baseline_value"] == "350"
    assert (draft.content["baseline_year"], draft.content["baseline_source"]) == (
        2018, "Rapport PMI",
    )  # fmt: skip
    assert preview_of(bring(term, coordinator, ["Code", "2018", "Source"],
                            ["1.1", 350, "Rapport PMI"]), coordinator).to_keep == []  # fmt: skip
    events.undo(row, by=coordinator)
    [draft] = Version.objects.drafts()
    assert draft.content["baseline_value"] == "400"
    assert draft.content["title"] == "Places en crèche"


FIRST = ["Code", "2018", "Source"], ["1.1", 350, "Rapport PMI"]
WHY = "Trois réunions du groupe petite enfance l’ont demandé."


@pytest.mark.parametrize("is_undone", [False, True])
def test_the_reason_of_ones_draft_stays_whatever_a_file_brings_into_it(term, office, is_undone):
    coordinator = office.committee.coordinator
    indicator = term.indicators.get(code="1.1")
    content = Version.objects.about(indicator).in_force().get().content
    save_draft(indicator, content | {"title": "Places"}, note=WHY, by=coordinator)
    row = bring(term, coordinator, *FIRST)
    keep(row, coordinator)
    if is_undone:
        events.undo(row, by=coordinator)
    [draft] = Version.objects.drafts()
    assert draft.note == WHY
    assert draft.content["baseline_value"] == ("400" if is_undone else "350")


def test_no_file_makes_of_a_withdrawal_something_else(term, office):
    coordinator = office.committee.coordinator
    draft_ending(term.indicators.get(code="1.1"), note=WHY, by=coordinator)
    preview = read(term, coordinator, *FIRST)
    assert preview.to_keep == []
    assert "Votre brouillon retire cet indicateur" in " ".join(wrong(preview).values())
    [draft] = Version.objects.drafts()
    assert (draft.ends, draft.note) == (True, WHY)


def test_the_same_file_twice_changes_nothing(term, office):
    coordinator = office.committee.coordinator
    keep(bring(term, coordinator, HEAD, PLACES, ATELIERS), coordinator, is_partial=True)
    preview = read(term, coordinator, HEAD, PLACES, ATELIERS)
    assert preview.to_keep == []
    assert preview.counts["unchanged"] == 8  # with what everybody reads of 2022


def test_another_year_of_the_years_file_is_no_figure_of_this_one(office):
    """A total beside columns of years, last year's numerators: nothing of them is this year's."""
    book = open_book("a.xlsx", xlsx(["Code", "2021", "2022", "Total"], ["1.1", 380, 400, 780]))
    preview = preview_values(office.campaign, book, Asking(), None)
    assert preview.to_keep == []
    head = ["Code", "Valeur 2022", "Numérateur", "Dénominateur", "Commentaire"]
    book = open_book("a.xlsx", xlsx(head, ["2.3", None, 12, 48, "L’an dernier"]))
    assert preview_values(office.campaign, book, Asking(), None).to_keep == []


def test_a_reader_brings_no_years(term, office, client):
    client.force_login(office.committee.epci_member)
    page = client.get(f"/conventions/{term.slug}/evaluations/reprendre/")
    assert "envoyé par qui saisit" in page.text


@pytest.mark.parametrize("state", ["draft", "returned"])
def test_undone_what_was_never_given_counts_for_nothing_again(term, office, agent, state):
    campaign = year_of(term, 2022)
    assert campaign.is_closed
    value = value_of(campaign.campaign_indicators.get(indicator__code="1.1"))
    # As it was when the year was closed: 9999, a slip, typed and never given, or sent back.
    value.number, value.state, value.submitted_at = Decimal(9999), state, None
    value.save()
    rows = term.indicators.filter(code="1.1").with_definition()
    [before] = read_series(term, rows)
    assert before.figure(2022).is_missing

    row = bring(term, agent, HEAD, [*PLACES[:6], 401, 412], **{REASON: "Extraction refaite"})
    keep(row, agent, is_partial=True)
    [now] = read_series(term, rows)
    assert now.figure(2022).text == "401"

    events.undo(row, by=agent)
    [after] = read_series(term, rows)
    value.refresh_from_db()
    assert "9" not in after.figure(2022).words, (after.figure(2022).words, value.state)
