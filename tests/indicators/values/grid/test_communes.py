"""The grid of an indicator by commune: typed row by row, pasted, read by who may."""

from decimal import Decimal

import pytest
from django.urls import reverse

from indicators.collection.events import close_campaign
from indicators.disclosure.events import disclose_now
from indicators.models import CampaignIndicator, TableState, Value
from indicators.values import events, giving
from indicators.values.figure import Figure
from tests.accounts.reading import tree_of
from tests.committee import pages
from tests.factories import MembershipFactory, OrganisationFactory
from tests.indicators.factories import campaign_of, communes, indicator_in_force
from tests.indicators.values.entering import entry_url, fields_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db

YEAR = 2024


def page_of(response):
    return pages.page_of(response).replace("\u00a0", " ")


@told_once
def places(committee):
    rows = communes(committee, "Archigny", "Cernay", "Senillé-Saint-Sauveur")
    rows[2].insee_code = "86245"
    rows[2].save()
    return rows


@told_once
def entry(committee, places):
    indicator = indicator_in_force(
        committee, title="Places agréées", grain="commune", aggregation="sum"
    )
    return campaign_of(committee, YEAR, [indicator]).campaign_indicators.get()


@pytest.fixture
def url(entry):
    return entry_url(entry.campaign, f"{entry.pk}/communes/")


def numbers(entry):
    rows = entry.values.order_by("commune__name").values_list("commune__name", "number")
    return dict(rows)


def test_the_list_of_what_is_owed_has_the_table_as_one_thing(client, entry, url, agent):
    client.force_login(agent)
    page = page_of(client.get(entry_url(entry.campaign)))
    assert "Il reste 1 indicateur à renseigner sur 1" in page
    assert "0 commune sur 3" in page


def test_figures_are_typed_and_the_total_is_told(client, entry, url, places, agent):
    client.force_login(agent)
    fields = fields_of(client.get(url), form=-2)
    fields |= {
        f"v{entry.pk}-{places[0].pk}-figure": "12",
        f"v{entry.pk}-{places[1].pk}-figure": "0",
    }
    page = page_of(client.post(url, fields, follow=True))
    assert numbers(entry) == {"Archigny": 12, "Cernay": 0}
    assert "2 communes sur 3 renseignées" in page
    assert "12, partiel : 2 communes sur 3" in page
    fields = fields_of(client.get(url), form=-2)
    fields[f"v{entry.pk}-{places[2].pk}-figure"] = "n.d."
    fields[f"v{entry.pk}-{places[2].pk}-beside"] = "Pas de relevé."
    client.post(url, fields)
    fields = fields_of(client.get(url), form=-2)
    fields[f"v{entry.pk}-figure"] = "20"
    page = page_of(client.post(url, fields, follow=True))
    assert "Le chiffre du territoire, 20, n’est pas celui que donnent les communes, 12" in page


def test_a_row_is_saved_by_itself(client, entry, url, places, agent):
    client.force_login(agent)
    fields = fields_of(client.get(url), form=-2)
    fields[f"v{entry.pk}-{places[0].pk}-figure"] = "12"
    key = f"{entry.pk}-{places[0].pk}"
    answer = client.post(f"{url}?ligne={key}", fields, headers={"HX-Request": "true"})
    assert "Enregistré" in answer.content.decode()
    assert numbers(entry) == {"Archigny": 12}


@pytest.mark.parametrize(
    ("typed", "told"), [("douze", "« douze » n’est pas un nombre"), ("−12", "« −12 » est négatif")]
)
def test_what_is_wrong_stays_beside_its_commune(client, entry, url, places, agent, typed, told):
    client.force_login(agent)
    fields = fields_of(client.get(url), form=-2)
    wrong = f"v{entry.pk}-{places[0].pk}-figure"
    fields[wrong] = typed
    fields[f"v{entry.pk}-{places[1].pk}-figure"] = "3"
    response = client.post(url, fields)
    assert told in page_of(response)
    assert fields_of(response, form=-2)[wrong] == typed
    assert numbers(entry) == {"Cernay": 3}


@pytest.mark.parametrize("typed", ["env. 5", "5 (p)"])
def test_what_is_to_be_typed_instead_has_its_place_there(client, entry, url, places, agent, typed):
    client.force_login(agent)
    fields = fields_of(client.get(url), form=-2)
    fields[f"v{entry.pk}-{places[0].pk}-figure"] = typed
    page = page_of(client.post(url, fields))
    assert "dites en commentaire" in page
    assert "cochez" not in page


@pytest.mark.parametrize(
    "block",
    [
        "12\n0\n41",
        "Cernay\t0\nARCHIGNY\t12\nSenillé\t41",
        "Commune\t2024\nCernay\t0\nArchigny\t12\nSenille St Sauveur\t41",
    ],
)
def test_a_pasted_block_lands_by_the_names_of_communes(client, entry, url, agent, block):
    client.force_login(agent)
    fields = fields_of(client.get(f"{url}coller/"))
    preview = client.post(f"{url}coller/", fields | {"block": block, "heading": ""})
    assert "acceptées" in page_of(preview)
    client.post(f"{url}coller/", fields_of(preview) | {"keep": "yes"})
    assert numbers(entry) == {"Archigny": 12, "Cernay": 0, "Senillé-Saint-Sauveur": 41}


def test_a_preview_speaks_of_communes(client, entry, url, agent):
    client.force_login(agent)
    fields = fields_of(client.get(f"{url}coller/"))
    block = "Cernay\t0\nArchigny\t12\nSenillé\t41"
    page = page_of(client.post(f"{url}coller/", fields | {"block": block, "heading": ""}))
    assert "en face de la bonne commune" in page
    assert "placée par son code Insee ou son nom" in page
    assert "Ligne et commune" in page


# A block with more than figures in it ----------------------------------------------------------


def paste(client, url, block, **answers) -> tuple[str, object]:
    """The preview of a block, as it is read and as it came."""
    fields = fields_of(client.get(f"{url}coller/"))
    preview = client.post(f"{url}coller/", fields | {"block": block, "heading": ""} | answers)
    return " ".join(page_of(preview).split()), preview


def test_the_page_to_paste_speaks_of_communes(client, entry, url, agent):
    client.force_login(agent)
    page = " ".join(page_of(client.get(f"{url}coller/")).split())
    assert "avec ou sans les noms des communes" in page
    assert "Une ligne par commune, dans l’ordre de la grille ; ou le nom de la commune" in page


def test_a_title_and_a_total_around_communes_are_recognised(client, entry, url, agent):
    client.force_login(agent)
    block = "Accueil de loisirs 2024\tEnfants\nArchigny\t12\nCernay\t3\nTotal\t15"
    page, preview = paste(client, url, block)
    assert "Trois lignes collées : deux acceptées, une non lue" in page
    assert "La première ligne, « Accueil de loisirs 2024 », est lue comme un titre." in page
    assert "Ligne de total, non lue" in page
    assert "n’est pas une commune" not in page
    assert "n’est pas lue" not in page
    assert "dans l’ordre de la grille" not in page
    client.post(f"{url}coller/", fields_of(preview) | {"keep": "yes"})
    assert numbers(entry) == {"Archigny": 12, "Cernay": 3}


def test_names_beneath_an_unknown_title_are_read_beside_known_ones(client, entry, url, agent):
    client.force_login(agent)
    block = "Structure\tNombre\tObservations\nCernay\t3\tFermé\nArchigny\t12\t"
    _, preview = paste(client, url, block)
    client.post(f"{url}coller/", fields_of(preview) | {"keep": "yes"})
    assert numbers(entry) == {"Archigny": 12, "Cernay": 3}


def test_words_above_figures_without_a_name_are_asked_about(client, entry, url, agent):
    client.force_login(agent)
    page, _ = paste(client, url, "Enfants\n12\n3\n4")
    assert "La première ligne, « Enfants », est-elle le titre de la colonne" in page
    page, _ = paste(client, url, "Enfants\n12\n3\n4", heading="yes")
    assert "Trois lignes collées : trois acceptées" in page


@pytest.mark.parametrize(
    ("said", "meant"),
    [("Senille", ""), ("Archigni", "Archigny"), ("Senillé-St", "Senillé-Saint-Sauveur"),
     ("Accueil de loisirs en 2024", None)],
)  # fmt: skip
def test_what_is_suggested_is_near(client, entry, url, agent, said, meant):
    client.force_login(agent)
    page, _ = paste(client, url, f"Cernay\t1\n{said}\t3")
    if meant == "":  # a name of before a merger
        assert "deux acceptées" in page
    elif meant:
        assert f"Vouliez-vous dire « {meant} » ?" in page
    else:
        assert "n’est pas une commune" in page
        assert "Vouliez-vous" not in page


def test_lines_that_are_left_out_do_not_disturb_the_order(client, entry, url, places, agent):
    client.force_login(agent)
    since = f"{entry.pk}-{places[1].pk}"
    block = "Cernay\t3\nPoitiers\t9\nSenillé\t4"
    page, _ = paste(client, url, block, since=since)
    assert "ne sont pas dans l’ordre" not in page
    page, _ = paste(client, url, "Senillé\t4\nCernay\t3", since=since)
    assert "ne sont pas dans l’ordre" in page


def test_a_column_that_is_one_line_too_long_is_asked_about_where_it_falls_on_the_total(
    client, entry, url, agent
):
    client.force_login(agent)
    page, preview = paste(client, url, "20\n30\n40\n12")
    assert "La ligne 4, 12, tombe sur « Tout le territoire »" in page
    assert "12, est inférieur à ce que comptent 3 communes : 90" in page
    client.post(f"{url}coller/", fields_of(preview) | {"keep": "yes"})
    assert None not in numbers(entry)
    page, preview = paste(client, url, "20\n30\n40\n90")
    assert "tombe sur « Tout le territoire »" in page
    client.post(f"{url}coller/", fields_of(preview) | {"keep": "yes"})
    assert numbers(entry)[None] == 90


def test_the_territory_is_named_in_a_block(client, entry, url, agent):
    client.force_login(agent)
    page, preview = paste(client, url, "Archigny\t20\nTout le territoire\t70")
    assert "deux acceptées" in page
    client.post(f"{url}coller/", fields_of(preview) | {"keep": "yes"})
    assert numbers(entry) == {"Archigny": 20, None: 70}


@pytest.mark.parametrize("heading", ["Places agréées", "places agreees"])
def test_of_several_columns_the_one_called_as_the_indicator_is_read(
    client, entry, url, agent, heading
):
    client.force_login(agent)
    fields = fields_of(client.get(f"{url}coller/"))
    block = f"Commune\tPopulation\t{heading}\nCernay\t400\t0\nArchigny\t1100\t12"
    preview = client.post(f"{url}coller/", fields | {"block": block, "heading": ""})
    client.post(f"{url}coller/", fields_of(preview) | {"keep": "yes"})
    assert numbers(entry) == {"Archigny": 12, "Cernay": 0}


def test_where_several_columns_may_be_it_the_whole_file_is_told_of(client, entry, url, agent):
    client.force_login(agent)
    fields = fields_of(client.get(f"{url}coller/"))
    block = "Commune\tA\tB\nCernay\t400\t0\nArchigny\t1100\t12"
    page = page_of(client.post(f"{url}coller/", fields | {"block": block, "heading": ""}))
    assert "laquelle faut-il lire" in page
    assert "déposer le fichier entier" in page


def test_a_commune_of_a_long_table_is_looked_for(client, committee, agent):
    communes(committee, *(f"Commune {at:02}" for at in range(13)), "Saint-Léger")
    indicator = indicator_in_force(committee, grain="commune", aggregation="sum")
    entry = campaign_of(committee, YEAR, [indicator]).campaign_indicators.get()
    url = entry_url(entry.campaign, f"{entry.pk}/communes/")
    client.force_login(agent)
    assert "Chercher" in page_of(client.get(url))
    response = client.get(url, {"commune": "saint leger"})
    assert "1 commune sur 14" in page_of(response)
    assert "Commune 03" not in page_of(response)
    fields = fields_of(response, form=-2)
    [name] = [name for name in fields if name.endswith("-figure")]
    saved = client.post(f"{url}?commune=saint+leger", fields | {name: "7"}, follow=True)
    assert numbers(entry) == {"Saint-Léger": 7}
    assert "1 commune sur 14 renseignée" in page_of(saved)
    assert "Commune 03" not in page_of(saved)
    assert "Aucune commune ne répond" in page_of(client.get(url, {"commune": "zzz"}))


def test_what_is_missing_of_a_long_table_is_shown_alone(client, committee, agent):
    places = communes(committee, *(f"Commune {at:02}" for at in range(14)))
    indicator = indicator_in_force(committee, grain="commune", aggregation="sum")
    entry = campaign_of(committee, YEAR, [indicator]).campaign_indicators.get()
    url = entry_url(entry.campaign, f"{entry.pk}/communes/")
    client.force_login(agent)
    assert "Voir ce qui manque" not in page_of(client.get(url))
    for place in places[:12]:
        events.save_value(entry, Figure(number=Decimal(3)), commune=place, by=agent)
    page = client.get(url)
    assert "Voir ce qui manque : 2 communes sur 14." in " ".join(page_of(page).split())
    assert f"{url}?manque=oui" in page.content.decode()
    lacking = client.get(url, {"manque": "oui"})
    fields = fields_of(lacking, form=-2)
    assert len([name for name in fields if name.endswith("-figure")]) == 2
    assert "2 communes sans chiffre sur 14" in page_of(lacking)
    saved = client.post(f"{url}?manque=oui", fields | {f"v{entry.pk}-{places[12].pk}-figure": "7"})
    assert saved.url == f"{url}?manque=oui"
    assert "1 commune sans chiffre sur 14" in page_of(client.get(saved.url))


def test_where_all_is_given_nothing_is_to_be_saved(client, entry, url, places, agent):
    client.force_login(agent)
    for place in places:
        events.save_value(entry, Figure(number=Decimal(3)), commune=place, by=agent)
    assert "Enregistrer et transmettre" in " ".join(page_of(client.get(url)).split())
    events.save_value(entry, Figure(number=Decimal(9)), by=agent)
    giving.submit_values([entry], by=agent)
    for address in (url, entry_url(entry.campaign)):
        assert "Enregistrer et transmettre" not in " ".join(page_of(client.get(address)).split())


def test_a_commune_of_elsewhere_is_told(client, entry, url, agent):
    client.force_login(agent)
    fields = fields_of(client.get(f"{url}coller/"))
    page = page_of(client.post(f"{url}coller/", fields | {"block": "Cernay\t1\nPoitiers\t3"}))
    assert "« Poitiers » n’est pas une commune du territoire en 2024" in page


def test_the_table_is_submitted_then_verified_by_a_colleague(
    client, entry, url, places, agent, colleague
):
    for commune, number in zip(places, (12, 0, 41), strict=True):
        events.save_value(entry, Figure(number=Decimal(number)), commune=commune, by=agent)
    client.force_login(agent)
    submit = entry_url(entry.campaign, "transmettre/")
    page = client.get(submit)
    assert "1 tableau est prêt à transmettre" in page_of(page)
    assert "3 communes sur 3" in page_of(page)
    client.post(submit, fields_of(page))
    verify = entry_url(entry.campaign, "verification/")
    client.force_login(colleague)
    page = client.get(verify)
    assert "1 tableau attend votre vérification" in page_of(page)
    token = next(v for k, v in inputs(page) if k == "valeur")
    client.post(verify, {"valeur": token})
    assert CampaignIndicator.objects.get(pk=entry.pk).table_state == TableState.VERIFIED


def inputs(response):
    root = tree_of(response.content.decode())
    return [(i.get("name"), i.get("value")) for i in root.iter("input")]


def test_a_table_is_returned_whole_from_its_page(client, entry, url, places, agent, colleague):
    for commune in places:
        events.save_value(entry, Figure(number=Decimal(1)), commune=commune, by=agent)
    giving.submit_values([entry], by=agent)
    client.force_login(colleague)
    assert "Retourner le tableau" in page_of(client.get(url))
    back = entry_url(entry.campaign, f"{entry.pk}/retourner/")
    client.post(back, fields_of(client.get(back)) | {"reason": "Deux communes sont inversées."})
    assert CampaignIndicator.objects.get(pk=entry.pk).table_state == TableState.RETURNED


@told_once
def mayor(committee, places):
    organisation = OrganisationFactory(
        convention=committee.convention, name="Commune d’Archigny", acronym="Archigny",
        kind="commune",
    )  # fmt: skip
    return MembershipFactory(organisation=organisation).user


def test_a_communes_own_people_see_and_type_theirs_alone(client, entry, url, places, agent, mayor):
    events.save_value(entry, Figure(number=Decimal(977)), commune=places[1], by=agent)
    client.force_login(mayor)
    offered = client.get(entry_url(entry.campaign))
    assert "Vous pouvez donner 1 chiffre de votre commune pour 2024" in page_of(offered)
    assert url in offered.content.decode()
    response = client.get(url)
    page = page_of(response)
    assert "Archigny" in page
    assert "Cernay" not in page
    assert "977" not in page
    assert "Votre chiffre part avec le reste du tableau." in page
    fields = fields_of(response, form=-2)
    assert f"v{entry.pk}-figure" not in fields
    fields[f"v{entry.pk}-{places[0].pk}-figure"] = "4"
    client.post(url, fields)
    assert numbers(entry)["Archigny"] == 4


def test_who_is_of_a_commune_reads_what_of_it_is_given(client, entry, places, agent, mayor):
    client.force_login(mayor)
    for place in (places[1], places[0]):
        assert "transmis" not in page_of(client.get(entry_url(entry.campaign)))
        events.save_value(entry, Figure(number=Decimal(977)), commune=place, by=agent)
        if place == places[0]:
            page = page_of(client.get(entry_url(entry.campaign)))
            assert "ils partent avec le reste des tableaux" in page
            assert ", saisi" in page.partition("Pour votre commune")[2]
        giving.submit_values([entry], by=agent)
    page = page_of(client.get(entry_url(entry.campaign)))
    assert "Les chiffres de votre commune sont transmis pour 2024" in page
    assert ", transmis" in page.partition("Pour votre commune")[2]
    close_campaign(entry.campaign, by=None)
    assert "Vous n’avez pas de données à saisir pour 2024" in page_of(
        client.get(entry_url(entry.campaign))
    )


def test_who_is_of_a_commune_is_led_to_what_is_left(client, entry, places, mayor):
    sentence = "Vous pouvez donner 1 chiffre de la commune pour 2024."
    convention = entry.campaign.convention
    home = reverse("conventions:dashboard", args=[convention.slug])
    client.force_login(mayor)
    for page in (home, places[0].get_absolute_url()):
        shown = client.get(page)
        assert sentence in page_of(shown)
        assert entry_url(entry.campaign) in shown.content.decode()
    commune = page_of(client.get(places[0].get_absolute_url()))
    assert commune.index(sentence) < commune.index("Les actions ici")
    assert sentence not in page_of(client.get(places[1].get_absolute_url()))
    events.save_value(entry, Figure(number=Decimal(4)), commune=places[0], by=mayor)
    assert sentence not in page_of(client.get(home))
    Value.objects.all().delete()
    client.force_login(MembershipFactory(organisation=convention.organisations.first()).user)
    assert sentence not in page_of(client.get(places[0].get_absolute_url()))


def test_others_read_nothing_of_a_table(client, committee, entry, url, places, agent):
    events.save_value(entry, Figure(number=Decimal(977)), commune=places[1], by=agent)
    giving.submit_values([entry], by=agent)
    client.force_login(committee.epci_member)
    assert client.get(url).status_code == 404


def test_who_enters_on_behalf_does_not_read_what_its_people_have_begun(
    client, committee, entry, url, places, agent
):
    """What they have begun is of a commune or of the whole territory."""
    events.save_value(entry, Figure(number=Decimal(977)), commune=places[1], by=agent)
    events.save_value(entry, Figure(number=Decimal(8642)), by=agent)
    client.force_login(committee.coordinator)
    page = "".join(client.get(url).content.decode().split())
    assert "Archigny" in page
    assert "977" not in page
    assert "8642" not in page


# What was given is changed, or corrected ------------------------------------------------------


@pytest.fixture
def given(entry, places, agent):
    for commune, number in zip(places, (12, 0), strict=False):
        events.save_value(entry, Figure(number=Decimal(number)), commune=commune, by=agent)
    giving.submit_values([entry], by=agent)
    return entry


@pytest.fixture
def closed(given, committee):
    close_campaign(given.campaign, by=committee.coordinator)
    return given


def links_of(response) -> dict[str, str]:
    """Where each figure leads, by what its link says."""
    links = tree_of(response.content.decode()).iter("a")
    targets = {" ".join("".join(link.itertext()).split()): link.get("href") for link in links}
    words = ("Modifier", "Corriger", "Donner", "Histoire")
    return {label: to for label, to in targets.items() if label.startswith(words)}


def test_a_figure_that_was_given_is_typed_anew_in_its_row(client, given, url, places, agent):
    client.force_login(agent)
    key = f"{given.pk}-{places[0].pk}"
    onward = links_of(client.get(url))
    assert f"v{key}-figure" not in fields_of(client.get(url), form=-2)
    [to] = [to for said, to in onward.items() if "Archigny" in said]
    assert to == f"{url}?changer={key}#ligne-{key}"
    fields = fields_of(client.get(to), form=-2)
    assert fields[f"v{key}-figure"] == "12"
    client.post(url, fields | {f"v{key}-figure": "13"})
    assert numbers(given) == {"Archigny": 13, "Cernay": 0}
    acts = given.values.get(commune=places[0]).transitions
    assert list(acts.values_list("verb", flat=True)) == ["saved", "submitted", "saved"]


def test_once_verified_a_figure_is_changed_on_its_page(
    client, given, url, places, agent, colleague
):
    giving.verify_table(given, by=colleague)
    client.force_login(agent)
    to = links_of(client.get(url))["Modifier : Archigny"]
    assert to == f"{url}{places[0].pk}/"
    opened = client.get(f"{url}?changer={given.pk}-{places[0].pk}")
    assert f"v{given.pk}-{places[0].pk}-figure" not in fields_of(opened, form=-2)
    response = client.get(to)
    assert "Places agréées, Archigny, 2024 : donnée vérifiée" in page_of(response)
    assert "transmise, 12" in page_of(response)
    client.post(to, fields_of(response) | {"figure": "14"})
    assert numbers(given)["Archigny"] == 14
    assert CampaignIndicator.objects.get(pk=given.pk).table_state == TableState.DRAFT


def test_in_a_closed_year_a_figure_is_corrected_for_a_reason(client, closed, url, places, agent):
    client.force_login(agent)
    onward = links_of(client.get(url))
    assert set(onward) == {
        "Corriger : Archigny", "Corriger : Cernay", "Donner : Senillé-Saint-Sauveur",
        "Donner : Tout le territoire",
    }  # fmt: skip
    to = onward["Corriger : Archigny"]
    fields = fields_of(client.get(to)) | {"figure": "15"}
    assert "motif" in page_of(client.post(to, fields | {"why": " "})).lower()
    assert numbers(closed)["Archigny"] == 12
    page = page_of(client.post(to, fields | {"why": "Un double compte."}, follow=True))
    assert "La correction est enregistrée" in page
    assert "Un double compte." in page
    value = closed.values.get(commune=places[0])
    assert (value.number, value.transitions.last().verb) == (15, "corrected")


def test_in_a_closed_year_what_was_missing_is_given(client, closed, url, places, agent):
    client.force_login(agent)
    to = links_of(client.get(url))["Donner : Senillé-Saint-Sauveur"]
    client.post(to, fields_of(client.get(to)) | {"figure": "7", "why": "Relevé arrivé tard."})
    assert numbers(closed)["Senillé-Saint-Sauveur"] == 7
    entry = CampaignIndicator.objects.get(pk=closed.pk)
    assert (entry.communes_given, entry.communes_asked) == (3, 3)
    whole = links_of(client.get(url))["Donner : Tout le territoire"]
    client.post(whole, fields_of(client.get(whole)) | {"figure": "19", "why": "Le total."})
    assert closed.values.whole().get().number == 19


def test_two_who_correct_a_figure_at_once_compare(client, closed, url, places, agent, colleague):
    client.force_login(agent)
    to = f"{url}{places[0].pk}/"
    fields = fields_of(client.get(to)) | {"figure": "15", "why": "Un double compte."}
    events.correct_value(
        closed, Figure(number=Decimal(16)), commune=places[0], reason="Autre.", by=colleague
    )
    assert "a enregistré une autre valeur" in page_of(client.post(to, fields))
    assert numbers(closed)["Archigny"] == 16


def test_who_provides_nothing_finds_no_page_of_a_figure(
    client, committee, given, url, places, mayor
):
    client.force_login(committee.epci_member)
    assert client.get(f"{url}{places[0].pk}/").status_code == 404
    client.force_login(mayor)
    assert client.get(f"{url}{places[0].pk}/").status_code == 200
    assert client.get(f"{url}{places[1].pk}/").status_code == 404
    assert client.get(f"{url}territoire/").status_code == 404


def test_the_providers_people_read_what_others_are_not_shown_and_why(
    client, committee, places, agent
):
    committee.caf.masking_threshold = 5
    committee.caf.save()
    indicator = indicator_in_force(
        committee, is_confidential=True, grain="commune", aggregation="sum"
    )
    entry = campaign_of(committee, YEAR, [indicator]).campaign_indicators.get()
    for commune, number in zip(places, (3, 40, 41), strict=True):
        events.save_value(entry, Figure(number=Decimal(number)), commune=commune, by=agent)
    giving.submit_values([entry], by=agent)
    client.force_login(agent)
    url = entry_url(entry.campaign, f"{entry.pk}/communes/")
    assert "Pour les autres" not in page_of(client.get(url))
    disclose_now(entry, by=agent)
    page = page_of(client.get(url))
    assert page.count("Pour les autres : masqué : moins de 5") == 1
    assert page.count("Pour les autres : masqué : protège un autre chiffre") == 1


def test_figures_typed_while_the_year_is_closed_are_given_back(
    client, committee, entry, url, places, agent
):
    client.force_login(agent)
    row = f"v{entry.pk}-{places[0].pk}"
    fields = fields_of(client.get(url), form=-2)
    fields |= {f"{row}-figure": "12 345", f"{row}-beside": "Une place de plus."}
    close_campaign(entry.campaign, by=committee.coordinator)
    response = client.post(url, fields)
    assert "12 345 ; Une place de plus." in response.content.decode().replace("\u00a0", " ")
    assert not Value.objects.exists()


def test_a_total_that_is_less_asks_nothing_beside_a_figure_that_asks(
    client, committee, places, agent
):
    bounded = indicator_in_force(
        committee, title="Bornes", grain="commune", aggregation="sum", maximum=40
    )
    entry = campaign_of(committee, YEAR + 1, [bounded]).campaign_indicators.get()
    for commune in places:
        events.save_value(entry, Figure(number=Decimal(30)), commune=commune, by=agent)
    address = entry_url(entry.campaign, f"{entry.pk}/communes/")
    client.force_login(agent)
    asked = {}
    for number in (20, 50):
        events.save_value(entry, Figure(number=Decimal(number)), by=agent)
        page = page_of(client.get(address))
        asked[number] = (page.count("dites pourquoi"), page.count("expliquez-le"))
        assert f"Le chiffre du territoire, {number}, est inférieur" in page
    assert asked == {20: (1, 0), 50: (0, 1)}
