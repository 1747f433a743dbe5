"""An action is added and written section by section: what is typed is kept."""

from itertools import pairwise

import pytest

from actions.models import Action
from agreements.models import Version
from agreements.versions import events as drafts
from committee.objectives import events as objectives
from conventions.models import Standing, Theme
from ctg_portal.rules import Refused
from tests import factories as f
from tests.accounts.reading import text_of
from tests.actions.factories import action_in_force, draft_action
from tests.actions.pages import held_by, read, reading, sending  # noqa: F401  (fixtures)
from tests.actions.plan.writing import (  # noqa: F401  (fixtures)
    SECTIONS,
    bare_draft,
    content,
    draft_of,
    essential,
    money,
    writing,
)
from tests.actions.ways.scene import plain, ways_url
from tests.agreements.factories import committee_of
from tests.reading import unexplained

pytestmark = pytest.mark.django_db


# Adding -------------------------------------------------------------------------------------------


def test_a_new_action_is_begun_by_its_essentials(committee, send):
    served = str(committee.orientation.pk)
    text = send("nouvelle/", typed=essential(
        committee, title="  Ouvrir   un lieu\nd’accueil ", objectives=[served], priority="high",
        is_innovative="on", note="Vu au comité technique",
    ))  # fmt: skip
    action = Action.objects.get()
    assert "Le brouillon est enregistré. Complétez-le par sections." in text
    assert send.response.url == ways_url(committee, f"{action.pk}/modifier/")
    assert (action.title, action.standing) == ("Ouvrir un lieu d’accueil", Standing.DRAFT)
    assert (action.priority, action.is_innovative) == ("high", True)
    assert list(action.objectives.all()) == [committee.orientation]
    assert draft_of(committee.coordinator).note == "Vu au comité technique"
    assert "Écrire « Ouvrir un lieu d’accueil »" in text
    assert "Décrivez l’action" in text.split("il reste à compléter")[1]
    assert "Proposer au comité" not in text


def test_a_form_sent_twice_makes_one_action(committee, send):
    for _ in range(2):
        send("nouvelle/", typed=essential(committee))
    assert Action.objects.count() == 1


def test_an_objective_brings_what_it_is_about(committee, get):
    get(f"nouvelle/?objectif={committee.orientation.pk}")
    values = held_by(get.response)
    assert values["objectives"] == [str(committee.orientation.pk)]
    assert values["theme"] == [str(committee.orientation.theme.pk)]
    assert "1 choix" in get.html.replace("\xa0", " ")


@pytest.mark.parametrize(
    "asked", ["", "abc", "-1", "²", "٣", "0", "9" * 30, "%00", "1%27", "a draft", "elsewhere"]
)
def test_an_odd_objective_brings_nothing(committee, get, asked):
    if asked == "a draft":
        asked = f.ObjectiveFactory(theme=committee.orientation.theme, draft=True).pk
    elif asked == "elsewhere":
        asked = committee_of().orientation.pk
    get(f"nouvelle/?objectif={asked}")
    assert "objectives" not in held_by(get.response)


def test_a_user_who_may_not_write_reads_why_and_loses_nothing_typed(committee, get, send, agent):
    text = get("nouvelle/", agent)
    assert "Seule la coordination" in text
    assert "Enregistrer" not in text
    get.client.force_login(agent)
    response = get.client.post(ways_url(committee, "nouvelle/"), essential(committee))
    assert "Seule la coordination" in read(response)
    assert held_by(response)["title"] == ["Ouvrir un lieu"]
    assert not Action.objects.exists()


def test_before_the_signature_a_draft_is_written_and_not_proposed(client):
    convention = f.ConventionFactory(project=True)
    client.force_login(f.MembershipFactory(convention=convention, coordinator=True).user)
    theme = f.ThemeFactory(axis__convention=convention)
    address = f"/conventions/{convention.slug}/plan-d-actions/nouvelle/"
    assert client.get(address).status_code == 200
    client.post(address, {"title": "Ouvrir", "theme": str(theme.pk), "priority": "normal"})
    [action] = Action.objects.all()
    draft = Version.objects.about(action).get()
    assert draft.is_draft
    with pytest.raises(Refused, match="qu’après la signature"):
        drafts.propose(draft, by=draft.author)


def test_words_of_the_territory_are_in_the_forms(client):
    committee = committee_of(labels={"axe": "Enjeu", "thematique": "Chantier",
                                     "objectif": "Ambition"})  # fmt: skip
    Theme.objects.update(title="Petite enfance")
    client.force_login(committee.coordinator)
    text = plain(read(client.get(ways_url(committee, "nouvelle/"))))
    assert "Chantier d’abord concerné" in text
    assert "Autres chantiers" in text
    assert "hématique" not in text


def test_axes_without_themes_are_called_axes(client):
    committee = committee_of(labels={"axe": "Enjeu", "thematique": "Étape"})
    Theme.objects.update(title="")
    action = action_in_force(committee)
    client.force_login(committee.coordinator)
    asked, shown = (
        plain(text_of(unexplained(client.get(page).content.decode())))
        for page in (ways_url(committee, "nouvelle/"), action.get_absolute_url())
    )
    assert "Enjeu d’abord concerné" in asked
    # A folded list says that nothing is chosen.
    assert "Autres enjeux aucun choix" in asked
    assert "0 choix" not in asked
    assert "Autres enjeux" in asked
    assert f"Enjeu : {action.theme.axis.title.replace(chr(39), '’')}" in shown
    assert "tape" not in asked + shown


def test_an_objective_that_is_proposed_may_be_served_and_says_so(committee, get):
    version = objectives.add_objective(
        committee.orientation, committee.content("Un but nouveau"), by=committee.coordinator
    )
    assert "Un but nouveau" not in get("nouvelle/")
    drafts.propose(version, by=committee.coordinator)
    assert "Un but nouveau (proposition)" in get("nouvelle/")


def test_an_objective_ended_by_an_amendment_stays_chosen_and_says_so(committee, get):
    orientation = committee.orientation
    action = draft_action(committee, objectives=[orientation]).subject
    amendment = f.AmendmentFactory(convention=committee.convention, number=1)
    f.end(orientation, amendment)
    f.end(orientation.theme, amendment)
    text = get(f"{action.pk}/modifier/essentiel/")
    assert "(n’est plus en vigueur)" in text
    assert orientation.theme.title in text
    assert "(n’est plus en vigueur)" not in get("nouvelle/")


# Section by section -------------------------------------------------------------------------------


def test_the_typed_content_of_an_action_is_saved(committee, write):
    texts = {"diagnosis": "Peu de **places**.\n\n- une", "description": "Un lieu <b>ouvert</b>.",
             "audience": "Familles", "expected_results": "Deux cents familles"}  # fmt: skip
    text = write("contenu", texts, plans="SDSF\n\n  Contrat   de ville \nSDSF")
    assert {name: content(committee)[name].replace("\r\n", "\n") for name in texts} == texts
    assert content(committee)["plans"] == ["SDSF", "Contrat de ville"]
    assert "Le brouillon est enregistré" in text
    assert "Un lieu <b>ouvert</b>." in text


def test_the_typed_people_of_an_action_are_saved_in_order(committee, write, agent):
    epci, caf = str(committee.epci.pk), str(committee.caf.pk)
    write("acteurs", {
        "elected_referent": "Mme Élue, vice-présidente", "partners": [epci],
        "other_partners": "La MJC", "leads-TOTAL_FORMS": "4",
        "leads-0-organisation": epci, "leads-0-name": "Zoé Petit", "leads-0-capacity": "Cheffe",
        "leads-2-organisation": caf, "leads-2-user": str(agent.pk),
        "leads-3-name": "",
    })  # fmt: skip
    written = content(committee)
    assert (written["elected_referent"], written["other_partners"]) == (
        "Mme Élue, vice-présidente", "La MJC",
    )  # fmt: skip
    assert [partner["name"] for partner in written["partners"]] == ["Exemple"]
    leads = [
        (x["organisation"]["name"], x["name"], x["capacity"], x["user"]) for x in written["leads"]
    ]
    assert leads[0] == ("Exemple", "Zoé Petit", "Cheffe", None)
    assert leads[1][:3] == ("CAF 99", str(agent), "")
    assert leads[1][3]["id"] == agent.pk


def test_the_typed_calendar_of_an_action_is_saved(committee, write):
    commune = committee.extra["commune"]
    write("calendrier", starts_on="2025-03-01", ends_on="2030-12-31", is_whole_territory=None,
          communes=[str(commune.pk)])  # fmt: skip
    written = content(committee)
    assert (written["starts_on"], written["ends_on"]) == ("2025-03-01", "2030-12-31")
    assert (written["is_whole_territory"], written["communes"][0]["name"]) == (False, commune.name)


def test_the_typed_means_of_an_action_are_saved(committee, write):
    text = write(
        "moyens", {"means-0-organisation": str(committee.epci.pk), "means-0-fte": "0,5",
                   "means-0-note": "Animation"},
        **money(0, committee, planned="12 000,50 €", scheme="Bonus territoire"),
        **money(1, committee, funder="", funder_name="Région", nature="investment", planned="0"),
    )  # fmt: skip
    written = content(committee)
    assert [(m["organisation"]["name"], m["fte"], m["note"]) for m in written["means"]] == [
        ("Exemple", "0.5", "Animation")
    ]
    names = ("funder_name", "nature", "scheme", "planned")
    assert [tuple(line[name] for name in names) for line in written["fundings"]] == [
        ("", "operating", "Bonus territoire", "12000.5"), ("Région", "investment", "", "0"),
    ]  # fmt: skip
    assert "CAF 99, 2025, fonctionnement (Bonus territoire) : 12 000,50 €" in text


def test_saving_what_a_section_holds_changes_nothing(committee, send, agent):
    whole = action_in_force(
        committee, plans=["SDSF"], partners=[committee.epci], other_partners="Une MJC",
        means=[{"organisation": committee.caf, "fte": "1.25", "note": "Animation"}],
        leads=[{"organisation": committee.caf, "name": str(agent), "user": agent}],
        other_themes=[f.ThemeFactory(axis=committee.orientation.theme.axis)],
    )  # fmt: skip
    for section in SECTIONS:
        assert "Rien n’a changé" in send(f"{whole.pk}/modifier/{section}/")
    assert not Version.objects.about(whole).drafts().exists()


def test_emptied_or_ticked_rows_are_deleted(committee, write):
    write("moyens", money(0, committee) | money(1, committee, year="2026"))
    write("moyens", {f"fundings-0-{n}": "" for n in ("funder", "year", "planned")},
          **{"fundings-0-nature": "investment", "fundings-1-DELETE": "on", "fundings-1-year": "x"},
          **money(2, committee, year="2030"))  # fmt: skip
    assert [line["year"] for line in content(committee)["fundings"]] == [2030]


def test_a_section_is_saved_to_add_rows_or_to_go_on(committee, write, send, written):
    write("moyens", money(0, committee) | money(1, committee, year="2026"), action="encore")
    assert send.response.url == ways_url(committee, f"{written.pk}/modifier/moyens/")
    values = held_by(send.response.client.get(send.response.url))
    assert values["fundings-TOTAL_FORMS"] == ["4"]
    assert [values[f"fundings-{n}-year"] for n in range(4)] == [["2025"], ["2026"], [""], [""]]
    for section, following in pairwise(SECTIONS):
        write(section, action="suite")
        assert send.response.url.endswith(f"/modifier/{following}/")
    write("moyens", action="suite")
    assert send.response.url == ways_url(committee, f"{written.pk}/modifier/")
