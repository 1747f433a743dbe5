"""The pages of public statistics: what is in use, a file that is brought, what it has given."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ctg_portal.forms.revisions import revision_of
from indicators.models import Release, Value
from indicators.statistics import events
from indicators.values import events as values
from indicators.values import from_publishers, giving
from indicators.values.figure import Figure
from tests import factories as f
from tests.agreements.factories import committee_of
from tests.committee.mail.mailing import on_one_line
from tests.committee.pages import page_of
from tests.indicators.collection.test_calls import messages_at
from tests.indicators.factories import campaign_of, value_of
from tests.indicators.statistics.conftest import CODES, YEAR, public_indicator
from tests.indicators.statistics.published import cnaf, filosofi

pytestmark = pytest.mark.django_db
FIGURES = {"86066": 4200, "86001": 5, "86002": 40}


@pytest.fixture
def read(client, committee):
    def read(name, user, *args, status=200):
        client.force_login(user)
        return page_of(client.get(url(committee, name, *args)), status)

    return read


@pytest.fixture
def send(client, committee):
    def send(name, user, *args, **data):
        client.force_login(user)
        return client.post(url(committee, name, *args), data, follow=True)

    return send


def url(committee, name, *args) -> str:
    return reverse(f"indicators:{name}", args=[committee.convention.slug, *args])


def year_of(committee) -> int:
    return committee.convention.start.year


def bring(send, committee, content=None, user=None, **data):
    year = year_of(committee)
    content = cnaf(FIGURES, year=year) if content is None else content
    fields = {"source": "cnaf_allocataires", "year": year} | data
    fields["file"] = SimpleUploadedFile("s_ben_com_f.csv", content)
    return page_of(send("load_release", user or committee.coordinator, **fields))


def test_the_page_lists_sources_with_the_indicators_they_fill(read, committee, households, load):
    page = read("statistics", committee.caf_member)
    assert "Aucune statistique publique n’est encore chargée" in page
    assert "Foyers DR-05" in page
    assert "Licence Ouverte 2.0" in page
    assert "Les familles de la MSA n’y sont pas." in page
    assert "Déposer un fichier" not in page
    load()
    page = read("statistics", committee.coordinator)
    assert "Une statistique publique est en usage" in page
    assert "pour tout le portail" in page
    assert "Déposer un fichier" in page


def test_a_coordinator_brings_a_file(send, committee, households):
    page = bring(send, committee)
    assert "30 chiffres sont chargés : cette édition est en usage." in page
    release = Release.objects.get()
    assert (release.convention, release.file) == (committee.convention, "s_ben_com_f.csv")
    assert release.sha256 in page


def test_a_refused_file_is_reported_on_its_field(send, committee, households):
    page = bring(send, committee, b"a;b\n1;2\n")
    assert "Il manque les colonnes" in page
    assert not Release.objects.exists()


def test_a_user_who_does_not_coordinate_loads_no_release(read, send, committee, agent, households):
    assert "coordination" in read("load_release", agent)
    bring(send, committee, user=agent)
    assert not Release.objects.exists()


def test_a_second_release_is_compared_then_adopted(read, send, committee, households):
    bring(send, committee)
    page = bring(send, committee, cnaf(FIGURES | {"86066": 4300}, year=year_of(committee)))
    assert "comparez, puis décidez" in page
    assert "10 chiffres changent" in page
    waiting = Release.objects.waiting().get()
    assert "Mettre cette édition en usage" not in read("release", committee.caf_member, waiting.pk)
    page = page_of(send("release", committee.coordinator, waiting.pk))
    assert "L’édition 2 est en usage." in page


def test_a_release_that_was_looked_at_is_reached_by_its_file_and_put_in_use(
    read, send, committee, households
):
    bring(send, committee)
    other = cnaf(FIGURES | {"86066": 4300}, year=year_of(committee))
    bring(send, committee, other)
    page = bring(send, committee, other)
    assert "10 chiffres changent" in page
    waiting = Release.objects.waiting().get()
    page = page_of(send("release", committee.coordinator, waiting.pk))
    assert "L’édition 2 est en usage." in page
    assert "est déjà en usage" in bring(send, committee, other)


def test_an_release_is_set_aside_on_its_page(send, committee, households):
    bring(send, committee)
    bring(send, committee, cnaf(FIGURES | {"86066": 4300}, year=year_of(committee)))
    waiting = Release.objects.waiting().get()
    page = page_of(send("set_release_aside", committee.coordinator, waiting.pk, reason=""))
    assert "Ce champ est obligatoire" in page
    page = page_of(send("set_release_aside", committee.coordinator, waiting.pk, reason="Faux."))
    assert "L’édition 2 est écartée." in page
    assert "Faux." in page


def test_nobody_sees_the_release_of_another_convention(read, committee, communes, load):
    elsewhere = committee_of()
    release = load(by=committee.coordinator, convention=committee.convention)
    read("release", elsewhere.coordinator, release.pk, status=404)


def test_the_release_of_another_convention_is_not_found_below_ones_own(client, committee, load):
    elsewhere = committee_of()
    commune = f.CommuneFactory(convention=elsewhere.convention, insee_code="86066")
    signed = elsewhere.convention.amendments.get(number=0)
    f.CoverageFactory(commune=commune, since=signed)
    release = load(by=elsewhere.coordinator, convention=elsewhere.convention)
    client.force_login(committee.coordinator)
    assert client.get(url(committee, "release", release.pk)).status_code == 404


# What was taken -----------------------------------------------------------------------------------


def test_the_provider_reads_what_was_taken_and_confirms(
    read, send, committee, agent, campaign, load
):
    release = load()
    page = read("taken_up", agent, YEAR)
    assert "3 chiffres publiés attendent votre mot" in page
    assert "4 200" in page
    assert "arrondi à 5 près" in page
    assert "Contester" in page
    entry = campaign.campaign_indicators.get()
    page = page_of(send("confirm_published", agent, YEAR, entry.pk, release=release.pk))
    assert "3 chiffres sont confirmés." in page
    assert "Confirmer 3" not in page
    page = page_of(send("confirm_published", agent, YEAR, entry.pk, release=release.pk))
    assert "Plus rien n’attend d’être confirmé" in page


def test_a_figure_is_contested_on_its_page(read, send, committee, agent, campaign, load):
    load()
    value = Value.objects.get(commune__insee_code="86066")
    page = read("contest_value", agent, YEAR, value.pk)
    assert "Il est publié : 4 200 foyers." in page
    fields = {"why": "Exact.", "revision": revision_of(value)}
    page = page_of(send("contest_value", agent, YEAR, value.pk, figure="4 200", **fields))
    assert "C’est le chiffre publié" in page
    page = page_of(send("contest_value", agent, YEAR, value.pk, figure="4 187", **fields))
    assert "Votre chiffre compte désormais" in page
    assert "4 187" in page
    assert "Exact." in page
    page = read("contest_value", agent, YEAR, value.pk)
    assert "Seule une donnée reprise d’une statistique publique se conteste." in page


def test_the_coordinator_reads_that_it_is_contested_and_not_how(
    read, send, committee, agent, campaign, load
):
    committee.caf.masking_threshold = 11
    committee.caf.save()
    load()
    value = Value.objects.get(commune__insee_code="86001")
    fields = {"why": "Quatre familles.", "revision": revision_of(value)}
    send("contest_value", agent, YEAR, value.pk, figure="4", **fields)
    page = read("taken_up", committee.coordinator, YEAR)
    assert "contestée" in page
    assert "Quatre familles" not in page
    assert "contestée : contestée" not in page


def test_the_coordinator_does_not_read_what_is_being_typed(read, committee, agent, campaign, load):
    """A contested figure that is returned is a draft again, of whom types it."""
    committee.caf.opts_out_of_secrecy = True
    committee.caf.save()
    load()
    value = Value.objects.get(commune__insee_code="86066")
    from_publishers.contest_value(value, Figure(number=Decimal(4187)), reason="Exact.", by=agent)
    assert "4 187" in read("taken_up", committee.coordinator, YEAR)
    giving.return_value(value, reason="Est-ce bien cela ?", by=committee.coordinator)
    draft = {"by": agent, "commune": value.commune}
    values.save_value(value.campaign_indicator, Figure(number=Decimal(777)), **draft)
    assert "777" not in read("taken_up", committee.coordinator, YEAR)
    assert "777" in read("taken_up", agent, YEAR)


def test_a_contested_figure_is_shown_with_the_published_one(
    read, send, committee, agent, campaign, households, load
):
    committee.caf.opts_out_of_secrecy = True
    committee.caf.save()
    load()
    assert "conteste" not in read("indicator", committee.epci_member, households.pk)
    value = Value.objects.get(commune__insee_code="86066")
    fields = {"why": "Compte exact.", "revision": revision_of(value)}
    send("contest_value", agent, YEAR, value.pk, figure="4 187", **fields)
    page = read("indicator", committee.epci_member, households.pk)
    assert "2024, Châtellerault : la statistique publique dit 4 200" in page
    assert "Compte exact." in page
    committee.caf.masking_threshold, committee.caf.opts_out_of_secrecy = 11, False
    committee.caf.save()
    page = read("indicator", committee.epci_member, households.pk)
    assert "la statistique publique dit 4 200" in page
    assert "Compte exact." not in page


def test_who_provides_nothing_reads_nothing_of_what_was_taken(read, committee, campaign, load):
    load()
    page = read("taken_up", committee.caf_member, YEAR)
    assert "Aucun indicateur que vous saisissez ou fournissez" in page


def test_the_indicators_page_tells_departement_and_france(read, committee, communes, load):
    income = public_indicator(
        committee, "LO-08", unit="%", aggregation="none", is_confidential=False, decimals=1
    )
    page = read("indicator", committee.caf_member, income.pk)
    assert "À côté" not in page
    rows = [("86066", "COM", "PR_MD60", "19.0"), ("248600413", "EPCI", "PR_MD60", "16.2"),
            ("86", "DEP", "PR_MD60", "13.9"), ("FM", "FRANCE", "PR_MD60", "14.5"),
            ("33", "DEP", "PR_MD60", "12.0")]  # fmt: skip
    load(filosofi(rows), source="insee_filosofi")
    page = read("indicator", committee.caf_member, income.pk)
    assert "À côté : ce qui est publié" in page
    for words in ("Intercommunalité", "Vienne", "France", "16,2", "13,9", "14,5"):
        assert words in page
    assert "12,0" not in page


@pytest.mark.parametrize("grain", ["commune", "territory"])
def test_the_intercommunalite_does_not_tell_what_is_secret(read, committee, communes, load, grain):
    """One commune has all that there are: what the intercommunalité comes to is its figure."""
    committee.caf.masking_threshold = 5
    committee.caf.save()
    is_table = grain == "commune"
    fields = {"grain": grain, "aggregation": "sum" if is_table else "none"}
    income = public_indicator(committee, "LO-08", unit="foyers", **fields)
    load(filosofi(AROUND), source="insee_filosofi", year=YEAR)
    assert_told(read("indicator", committee.caf_member, income.pk), is_epci_told=False)
    campaign = campaign_of(committee, YEAR, [income])
    for commune, number in zip(communes, (3, 0, 0), strict=True) if is_table else [(None, 3)]:
        value_of(campaign, income, number, commune=commune)
    assert_told(read("indicator", committee.caf_member, income.pk), is_epci_told=False)


def test_the_published_figure_of_the_intercommunalite_is_shown(read, committee, communes, load):
    committee.caf.masking_threshold = 5
    committee.caf.save()
    income = public_indicator(committee, "LO-08", unit="foyers")
    release = load(filosofi(AROUND), source="insee_filosofi", year=YEAR)
    campaign = campaign_of(committee, YEAR, [income])
    for commune in communes:
        value_of(campaign, income, 19, commune=commune, release=release)
    assert_told(read("indicator", committee.caf_member, income.pk), is_epci_told=True)


@pytest.mark.parametrize("other", ["another code", "a term", "declared"])
def test_the_intercommunalite_does_not_tell_what_is_secret_under_another_code(
    read, committee, communes, load, other
):
    """What the intercommunalité has is published of one; the other counts the same, in secret."""
    committee.epci.masking_threshold = 5
    committee.epci.save()
    income = public_indicator(committee, "LO-08", unit="foyers", title="Foyers pauvres")
    release = load(filosofi(AROUND), source="insee_filosofi", year=YEAR)
    fields = {"provider": committee.epci, "unit": "foyers", "title": "Ménages aidés"}
    if other == "another code":
        fields["title"] = "Foyers pauvres"
    elif other == "declared":
        fields["parts"] = [income]
    else:
        fields |= {"unit": "%", "calculation": "ratio", "numerator": "Foyers pauvres",
                   "denominator": "Foyers", "factor": 100, "aggregation": "ratio"}  # fmt: skip
    secret = public_indicator(committee, "", code="X-1", **fields)
    campaign = campaign_of(committee, YEAR, [income, secret])
    for commune in communes:
        value_of(campaign, income, 19, commune=commune, release=release)
    assert_told(read("indicator", committee.caf_member, income.pk), is_epci_told=False)


def test_a_departement_of_which_all_communes_are_in_it_does_not_tell_it(read, committee, load):
    """Paris is the only commune of its own."""
    committee.caf.masking_threshold = 5
    committee.caf.save()
    signed = committee.convention.amendments.get(number=0)
    for code in ("75056", "86066"):
        commune = f.CommuneFactory(convention=committee.convention, insee_code=code)
        f.CoverageFactory(commune=commune, since=signed)
    secret = public_indicator(committee, "LO-08", unit="foyers")
    load(filosofi([*AROUND, ("75", "DEP", "PR_MD60", "15.1")]), source="insee_filosofi", year=YEAR)
    page = read("indicator", committee.caf_member, secret.pk)
    assert "Vienne" in page
    assert "13,9" in page
    assert "15,1" not in page
    committee.caf.masking_threshold, committee.caf.opts_out_of_secrecy = None, True
    committee.caf.save()
    assert "15,1" in read("indicator", committee.caf_member, secret.pk)


AROUND = [("86066", "COM", "PR_MD60", "19.0"), ("248600413", "EPCI", "PR_MD60", "16.2"),
          ("86", "DEP", "PR_MD60", "13.9"), ("FM", "FRANCE", "PR_MD60", "14.5")]  # fmt: skip


def assert_told(page: str, *, is_epci_told: bool) -> None:
    assert "À côté : ce qui est publié" in page
    assert "Vienne" in page
    assert "13,9" in page
    assert ("Intercommunalité" in page) == is_epci_told
    assert ("16,2" in page) == is_epci_told


def test_pages_ask_as_many_queries_for_many_as_for_few(client, committee, agent, campaign, load):
    load()
    client.force_login(agent)

    def count(name, *args) -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(url(committee, name, *args))
        return len(asked)

    few = {name: count(name, *args) for name, args in PAGES}
    for n in range(4):
        indicator = public_indicator(committee, ["DR-06", "SP-01", "SP-02", "LO-01"][n])
        version = campaign.campaign_indicators.first().version
        campaign.campaign_indicators.create(
            indicator=indicator, version=version, grain="commune", provider=indicator.provider,
            enterer=indicator.provider, due_on=campaign.due_on,
        )  # fmt: skip
    second = load(cnaf(FIGURES | {"86066": 9000}))
    events.adopt_release(second, by=None)
    assert Value.objects.count() == 5 * len(CODES)
    many = {name: count(name, *args) for name, args in PAGES}
    assert many == few


PAGES = [("statistics", []), ("taken_up", [YEAR])]


def test_the_provider_hears_of_all_that_was_taken_in_one_message(committee, agent, campaign, load):
    load()
    messages = messages_at(timezone.now() + timedelta(days=2))
    [own] = [message for message in messages if message.to == [agent.email]]
    assert "rempli par la statistique publique" in on_one_line(own.subject + own.body)
    assert "Foyers DR-05" in own.body
    assert "4 200" not in on_one_line(own.body)


# A census -----------------------------------------------------------------------------------------


def bring_ages(send, committee, name: str, year: int) -> str:
    lines = ["CODGEO;LIBGEO;SEXE;AGED100;NB", "86066;Châtellerault;1;000;120"]
    upload = SimpleUploadedFile(name, "\n".join(lines).encode())
    fields = {"source": "insee_ages", "year": year, "file": upload}
    return page_of(send("load_release", committee.coordinator, **fields))


def test_a_census_of_before_the_convention_is_brought(send, committee, households):
    year = year_of(committee) - 3
    assert "en usage" in bring_ages(send, committee, f"TD_POP1B_{year}.csv", year)
    assert Release.objects.get().year == year


def test_a_census_named_after_another_year_is_refused(send, committee, households):
    year = year_of(committee)
    page = bring_ages(send, committee, f"TD_POP1B_{year - 3}.csv", year)
    assert f"Le nom de ce fichier dit {year - 3}" in page
    assert not Release.objects.exists()


def test_a_census_is_listed_with_the_ratios_it_serves(read, committee, households):
    page = read("statistics", committee.coordinator)
    assert "pour 100 enfants de moins de 3 ans, pour 100 enfants de 3 à 11 ans" in page
    assert "pour 100 ménages" in page
