"""The grid, and the preview of a block that is pasted into it."""

from decimal import Decimal

import pytest

from indicators.collection.events import close_campaign
from indicators.models import Value
from indicators.values import events, giving, writing
from indicators.values.figure import Figure
from tests.committee.pages import page_of
from tests.factories import MembershipFactory
from tests.indicators.factories import campaign_of, indicator_in_force, value_of
from tests.indicators.values.entering import Desk, entry_url, fields_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db

TITLES = ["Places agréées", "Relais ouverts", "Ateliers tenus", "Jeunes suivis", "Lieux d’accueil",
          "Permanences", "Séances"]  # fmt: skip
BEFORE = [100, 200, 300, 400, 500, 600, 700]
RATIO = {
    "title": "Taux de couverture", "unit": "%", "decimals": 1, "calculation": "ratio",
    "numerator": "places", "denominator": "enfants", "factor": 100,
}  # fmt: skip


@told_once
def indicators(committee):
    return [indicator_in_force(committee, title=t, code=f"C{n}") for n, t in enumerate(TITLES, 1)]


@told_once
def campaign(committee, indicators):
    before = campaign_of(committee, 2023, indicators, state="closed")
    for indicator, number in zip(indicators, BEFORE, strict=True):
        value_of(before, indicator, number)
    return campaign_of(committee, 2024, indicators)


@pytest.fixture
def entries(campaign):
    return list(campaign.campaign_indicators.with_relations().in_reading_order())


class Pasting:
    """A person who pastes a block, and reads where it lands."""

    def __init__(self, client, user, campaign):
        self.client, self.user, self.url = client, user, entry_url(campaign, "coller/")

    def paste(self, text, **others):
        self.client.force_login(self.user)
        self.pasted = text
        self.response = self.client.post(self.url, {"block": text} | others)
        return self

    def again(self, **typed):
        sent = fields_of(self.response) | {"block": self.pasted} | typed
        self.response = self.client.post(self.url, sent)
        return self

    def keep(self, **typed):
        return self.again(keep="yes", **typed)

    @property
    def block(self):
        return self.response.context["pasted"]

    @property
    def placed(self) -> list[tuple]:
        """Where lines land: title, what is read, what becomes of it."""
        return [
            (landing.row.definition.title if landing.row else None, landing.read, landing.becomes)
            for landing in self.block.landings
        ]

    @property
    def text(self) -> str:
        return " ".join(page_of(self.response).split())


@pytest.fixture
def pasting(client, agent, campaign):
    return Pasting(client, agent, campaign)


def kept(campaign) -> dict:
    values = Value.objects.filter(campaign_indicator__campaign=campaign)
    return {
        value.campaign_indicator.indicator.title: value.number.normalize()
        if value.number is not None
        else value.absence
        for value in values.select_related("campaign_indicator__indicator")
    }


def test_each_line_lands_in_its_place_and_nothing_is_kept_before_it_is_seen(pasting, campaign):
    pasting.paste("101\n\n290,5\n1 390\nn.d.\n590\n31/12/2024\n")
    assert pasting.placed == [
        ("Places agréées", "101", "taken"),
        ("Relais ouverts", "", "empty"),
        ("Ateliers tenus", "", "wrong"),
        ("Jeunes suivis", "1\u202f390", "to_explain"),
        ("Lieux d’accueil", "", "wrong"),
        ("Permanences", "590", "taken"),
        ("Séances", "", "wrong"),
    ]
    assert "Sept lignes collées : deux acceptées, une à expliquer, trois refusées" in pasting.text
    assert "une date semble avoir été collée" in pasting.text
    assert not kept(campaign)


def test_what_is_accepted_is_kept_and_the_rest_stays_to_be_corrected(pasting, campaign, entries):
    pasting.paste("101\n\n290,5\n1 390\nn.d.\n590\n31/12/2024\n").keep()
    assert kept(campaign) == {"Places agréées": 101, "Permanences": 590}
    assert "deux enregistrées, une à expliquer, trois refusées" in pasting.text
    third, fourth, fifth, seventh = (entries[n].pk for n in (2, 3, 4, 6))
    pasting.keep(
        **{f"v{third}-figure": "290", f"v{fourth}-beside": "Un lieu de plus",
           f"v{fifth}-beside": "Pas encore reçu", f"v{seventh}-figure": "710"}
    )  # fmt: skip
    assert pasting.response.url == entry_url(campaign, "grille/")
    assert kept(campaign) == {
        "Places agréées": 101, "Permanences": 590, "Ateliers tenus": 290, "Jeunes suivis": 1390,
        "Lieux d’accueil": "not_available", "Séances": 710,
    }  # fmt: skip
    values = Value.objects.filter(campaign_indicator__campaign=campaign)
    assert values.get(campaign_indicator=fourth).comment == "Un lieu de plus"
    assert values.get(campaign_indicator=fifth).reason == "Pas encore reçu"


def test_a_block_begins_at_the_row_in_which_it_is_pasted(pasting, entries):
    pasting.paste("490\n590", since=str(entries[4].pk))
    assert [title for title, *_ in pasting.placed] == ["Lieux d’accueil", "Permanences"]


def test_what_does_not_fit_is_told(pasting, entries):
    pasting.paste("590\n690\n790", since=str(entries[5].pk))
    assert pasting.placed[2] == (None, "", "wrong")
    assert "Il n’y a plus de ligne dans la grille" in pasting.text


@pytest.mark.parametrize(
    "text",
    [
        "Ateliers tenus\t290\nPlaces agréées\t110",
        "C3\t290\nC1\t110",
        "C3\tAteliers tenus\t290\nC1\tPlaces agréées\t110",
        "Indicateur\t2023\t2024\nAteliers tenus\t300\t290\nPlaces agréées\t100\t110",
        "Commentaire\tLibellé\tValeur\n\tATELIERS TENUS\t290\n\tPlaces agreees\t110",
    ],
)
def test_lines_that_are_named_land_by_their_name(pasting, text):
    landed = [one for one in pasting.paste(text).placed if one[0]]
    assert landed == [("Ateliers tenus", "290", "taken"), ("Places agréées", "110", "taken")]
    assert "chacune est placée par son code ou son libellé" in pasting.text


def test_a_line_that_names_nothing_known_is_refused_among_others_that_do(pasting, campaign):
    pasting.paste("Places agréées\t110\nTout autre chose\t12\n\t13\nSéances\t").keep()
    assert pasting.placed == [
        ("Places agréées", "110", "kept"),
        (None, "", "wrong"),
        (None, "", "wrong"),
        ("Séances", "", "empty"),
    ]
    assert "« Tout autre chose » n’est pas un indicateur de ce recueil" in pasting.text
    assert "ne dit pas de quel indicateur" in pasting.text
    assert kept(campaign) == {"Places agréées": 110}


def test_names_that_say_nothing_here_are_told(pasting):
    pasting.paste("a faire\t110\nbientôt\t190\nfini\t290")
    assert [title for title, *_ in pasting.placed] == TITLES[:3]
    assert "ne nomme aucun indicateur de ce recueil" in pasting.text


def test_a_code_and_a_title_that_disagree_are_refused(pasting):
    pasting.paste("C1\tPlaces agréées\t110\nC2\tAteliers tenus\t190")
    assert pasting.placed[1] == (None, "", "wrong")
    assert "une colonne a peut-être glissé" in pasting.text


def test_two_lines_for_one_indicator_are_both_refused(pasting, campaign):
    pasting.paste("Places agréées\t110\nPlaces agréées\t111\nSéances\t710").keep()
    assert kept(campaign) == {"Séances": 710}
    assert "Deux lignes portent sur cet indicateur" in pasting.text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("200\n300\n400\n500\n600\n700", "Placés une ligne plus bas, aucun ne surprendrait"),
        ("999\n100\n200\n300\n400\n500\n600", "Placés une ligne plus haut"),
        ("1\n2\n3\n4\n5\n6\n7", "ou est d’une autre année"),
    ],
)
def test_a_column_that_looks_shifted_is_told(pasting, text, told):
    assert told in pasting.paste(text).text


def test_a_column_of_true_figures_is_not_suspected(pasting):
    text = pasting.paste("101\n205\n310\n390\n510\n590\n900").text
    assert "glissé" not in text
    assert "autre année" not in text


@pytest.mark.parametrize(
    "text", ["Indicateur\tValeur\nMontant versé (k€)\t12",
             "Indicateur\tValeur (k€)\nMontant versé\t12",
             "Indicateur\tMontant en milliers d’euros\nMontant versé\t12",
             "Montant versé [k€]\t12"],
)  # fmt: skip
def test_a_unit_beside_a_figure_is_that_of_it(client, committee, agent, text):
    """« Montant (k€) » was kept in euros."""
    amount = indicator_in_force(committee, title="Montant versé", unit="€", decimals=2)
    campaign = campaign_of(committee, 2024, [amount])
    pasting = Pasting(client, agent, campaign).paste(text)
    assert pasting.placed == [("Montant versé", "", "wrong")]
    assert "écrivez le nombre en entier, avec tous ses zéros" in pasting.text
    pasting.paste(text.replace("k€", "€").replace("milliers d’euros", "€"))
    assert pasting.placed == [("Montant versé", "12,00", "taken")]


def test_a_first_line_that_may_be_a_title_is_asked_about(pasting):
    pasting.paste("2024\n190")
    assert "est-elle le titre de la colonne, ou une valeur" in pasting.text
    pasting.again(heading="yes")
    assert pasting.placed == [("Places agréées", "190", "to_explain")]
    pasting.paste("2024\n190").again(heading="no")
    assert [read for _, read, _ in pasting.placed] == ["2\u202f024", "190"]


def test_which_of_two_columns_is_asked(pasting):
    pasting.paste("Places agréées\t100\t110\nSéances\t700\t710")
    assert "laquelle faut-il lire" in pasting.text
    pasting.again(column="3")
    assert [read for _, read, _ in pasting.placed] == ["110", "710"]


def test_a_cell_left_empty_erases_nothing(pasting, campaign, entries, agent):
    events.save_value(entries[0], Figure(number=Decimal(105)), by=agent)
    pasting.paste("\n190").keep()
    assert kept(campaign) == {"Places agréées": 105, "Relais ouverts": 190}


def test_what_was_given_stays_in_its_place_and_is_changed_before_ones_eyes(
    pasting, campaign, entries, agent, colleague
):
    events.save_value(entries[0], Figure(number=Decimal(105)), by=agent)
    giving.submit_values(entries[:1], by=agent)
    pasting.paste("105\n190")
    assert [becomes for *_, becomes in pasting.placed] == ["same", "taken"]
    pasting.paste("106\n190")
    assert "Elle remplace la valeur transmise, 105 : elle sera de nouveau à transmettre." in (
        pasting.text
    )
    pasting.keep()
    assert kept(campaign) == {"Places agréées": 106, "Relais ouverts": 190}
    assert entries[0].values.get().state == "draft"


def test_a_colleague_who_wrote_meanwhile_is_not_written_over(pasting, campaign, entries, colleague):
    pasting.paste("101\n190")
    events.save_value(entries[0], Figure(number=Decimal(99)), by=colleague)
    pasting.keep()
    assert kept(campaign) == {"Places agréées": 99, "Relais ouverts": 190}
    assert "a enregistré une autre valeur" in pasting.text
    token = writing.revision_of(Value.objects.get(campaign_indicator=entries[0]))
    pasting.keep(**{f"v{entries[0].pk}-decision": f"garder:{token}"})
    assert kept(campaign)["Places agréées"] == 101


def test_a_line_that_has_come_to_land_elsewhere_is_seen_there_first(pasting, campaign, entries):
    """The row of the first line has left the collection since the preview was drawn."""
    pasting.paste("190\n\n290")
    entries[0].delete()
    pasting.keep()
    assert kept(campaign) == {"Ateliers tenus": 290}
    assert pasting.placed[0] == ("Relais ouverts", "190", "taken")


def test_a_line_of_another_organisation_is_refused(client, committee, campaign, agent):
    other = indicator_in_force(committee, title="Trajets", provider=committee.epci)
    theirs = campaign_of(committee, 2022, [other, *[e.indicator for e in
        campaign.campaign_indicators.all()[:1]]])  # fmt: skip
    pasting = Pasting(client, agent, theirs).paste("Trajets\t12\nPlaces agréées\t100")
    assert pasting.placed[0] == (None, "", "wrong")
    assert "Cette valeur est saisie par" in pasting.text
    pasting.keep()
    assert "Trajets" not in kept(theirs)


def test_a_ratio_is_pasted_as_two_terms(client, committee, agent):
    campaign = campaign_of(committee, 2021, [indicator_in_force(committee, **RATIO)])
    pasting = Pasting(client, agent, campaign).paste("12 / 50")
    assert pasting.placed == [("Taux de couverture", "24,0\u202f%", "taken")]
    pasting.paste("Numérateur\tDénominateur\n12\t50")
    assert pasting.placed == [("Taux de couverture", "24,0\u202f%", "taken")]
    assert pasting.paste("24").placed[0][2] == "wrong"
    assert "donnez le numérateur et le dénominateur" in pasting.text


def test_a_closed_year_takes_no_block(client, committee, agent):
    campaign = campaign_of(committee, 2021, [indicator_in_force(committee)], state="closed")
    assert "Le recueil 2021 est clos" in Pasting(client, agent, campaign).paste("12").text


def test_the_grid_keeps_what_has_no_cell_in_it(client, agent, campaign, entries):
    figure = Figure(number=Decimal(105), comment="Relevé", provisional=True, source="Registre")
    events.save_value(entries[0], figure, by=agent)
    desk = Desk(client, agent, campaign)
    desk.url = entry_url(campaign, "grille/")
    desk.open()
    desk.fields = fields_of(desk.response, -2)
    desk.type(entries[0], figure="106").type(entries[1], figure="n.d.", beside="Pas reçu")
    assert "Enregistré" in desk.send_row(entries[0])
    assert "Enregistré" in desk.send_row(entries[1])
    value = Value.objects.get(campaign_indicator=entries[0])
    stored = (value.number, value.comment, value.provisional, value.source)
    assert stored == (106, "Relevé", True, "Registre")
    assert Value.objects.get(campaign_indicator=entries[1]).reason == "Pas reçu"


def test_a_comment_that_the_grid_does_not_show_is_not_written_over(
    client, agent, campaign, entries
):
    """The grid shows the reason of an absence; its comment is read on the list."""
    absent = Figure(absence="not_available", reason="Panne", comment="Relevé en mai")
    for entry in entries[:2]:
        events.save_value(entry, absent, by=agent)
    desk = Desk(client, agent, campaign)
    desk.url = entry_url(campaign, "grille/")
    desk.open()
    desk.fields = fields_of(desk.response, -2)
    assert "Relevé en mai" not in desk.fields.values()
    desk.type(entries[0], figure="106", beside="Enfin compté").type(entries[1], figure="207")
    assert "Enregistré" in desk.send_row(entries[0])
    assert "Enregistré" in desk.send_row(entries[1])
    values = Value.objects.filter(campaign_indicator__in=entries[:2]).order_by("number")
    texts = [(value.reason, value.comment) for value in values]
    assert texts == [("", "Relevé en mai\nEnfin compté"), ("", "Relevé en mai")]


def test_the_grid_shows_a_theme_or_all(client, agent, committee, campaign):
    client.force_login(agent)
    theme = committee.orientation.theme
    response = client.get(entry_url(campaign, f"grille/?theme={theme.pk}"))
    assert len(response.context["page"].shown) == len(TITLES)
    nothing = client.get(entry_url(campaign, "grille/?theme=0"))
    assert "Aucun indicateur" in page_of(nothing)


@pytest.mark.parametrize("address", ["grille/", "coller/"])
def test_who_enters_nothing_finds_nothing_to_enter(client, campaign, committee, address):
    reader = MembershipFactory(organisation=committee.caf, reader=True).user
    client.force_login(reader)
    assert "Aucun indicateur" in page_of(client.get(entry_url(campaign, address)))


def test_figures_typed_while_the_year_is_closed_are_given_back(
    client, committee, campaign, entries, agent
):
    client.force_login(agent)
    url, row = entry_url(campaign, "grille/"), f"v{entries[0].pk}"
    fields = fields_of(client.get(url), form=-2)
    fields |= {f"{row}-figure": "12 345", f"{row}-beside": "Une place de plus."}
    close_campaign(campaign, by=committee.coordinator)
    response = client.post(url, fields)
    assert "12 345 ; Une place de plus." in response.content.decode().replace("\u00a0", " ")
    assert not Value.objects.filter(campaign_indicator__campaign=campaign).exists()


def test_a_pasted_count_below_zero_is_refused_in_its_line_and_stays(pasting, campaign):
    pasting.paste("C1\t−3\nC2\t210")
    wrong, taken = pasting.block.landings[:2]
    assert [landing.becomes for landing in (wrong, taken)] == ["wrong", "taken"]
    assert wrong.remarks[0].startswith("« −3 » est négatif. Seul peut l’être")
    assert "−3" in page_of(pasting.response)
    pasting.keep()
    assert [value.number for value in Value.objects.filter(campaign_indicator__campaign=campaign)
            ] == [210]  # fmt: skip
