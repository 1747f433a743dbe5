"""A sheet written from another one: of the same plan, or of a convention that one sees as well."""

import pytest

from actions.models import Action
from actions.plan import views_copying
from actions.plan.copying import PlacedAction, duplicate_action, take_up_actions
from agreements.models import Version
from conventions.models import Organisation
from ctg_portal.rules import Refused
from tests import factories as f
from tests.actions.factories import action_in_force, draft_action, funding, in_state, noted
from tests.actions.pages import held_in, read, reading, sending  # noqa: F401  (fixtures)
from tests.actions.ways.scene import action_row, ways_url
from tests.agreements.factories import committee_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


def drafts(committee) -> list[Action]:
    return list(Action.objects.of(committee.convention).filter(standing="draft").order_by("pk"))


def content_of(action) -> dict:
    return Version.objects.about(action).get().content


@told_once(name="elsewhere")
def other_convention(committee):
    """Another convention, with an action in force that has all a sheet and its life can have; the
    coordinator reads there too."""
    other = committee_of()
    Organisation.objects.filter(pk=other.epci.pk).update(name="Une autre agglomération")
    other.epci.refresh_from_db()
    action = action_in_force(
        other, title="Ouvrir un lieu ailleurs", partners=[other.epci], other_partners="M. Dupont",
        elected_referent="Mme Roy, maire", fundings=[funding(other.caf, 2024, planned="4000")],
        means=[{"organisation": other.caf, "fte": 1, "note": ""}],
    )  # fmt: skip
    noted(action, other.convention.start.year)
    f.MembershipFactory(organisation=other.caf, user=committee.coordinator, reader=True)
    other.extra["action"] = action
    return other


def test_a_sheet_is_duplicated_without_its_life(committee, send):
    action = in_state(action_in_force(committee), "done")
    noted(action, committee.convention.start.year)
    text = send(f"{action.pk}/dupliquer/", title="Ouvrir un second lieu")
    assert "Le brouillon est enregistré" in text
    [copy] = drafts(committee)
    assert (copy.title, copy.state) == ("Ouvrir un second lieu", "to_come")
    copied, old = content_of(copy), content_of(action)
    for name in ("theme", "objectives", "description", "leads", "communes"):
        assert copied[name] == old[name], name
    assert (copied["starts_on"], copied["fundings"], copy.notes.count()) == (None, [], 0)


def test_calendar_and_money_are_duplicated_where_that_is_asked(committee, send):
    action = action_in_force(committee)
    send(f"{action.pk}/dupliquer/", title="Un second lieu", is_whole="on")
    [copy] = drafts(committee)
    assert content_of(copy)["fundings"] == content_of(action)["fundings"]
    assert content_of(copy)["starts_on"] == content_of(action)["starts_on"]


def test_the_copy_has_a_title_of_its_own_and_no_lead_who_has_left(committee, send, agent):
    leads = [{"organisation": committee.caf, "name": str(agent), "user": agent}]
    action = action_in_force(committee, leads=leads)
    assert "Donnez à la nouvelle fiche un autre titre." in send(f"{action.pk}/dupliquer/")
    agent.memberships.update(ended_at="2024-01-01T00:00:00Z")
    duplicate_action(action, title="Autre", is_whole=False, by=committee.coordinator)
    [copy] = drafts(committee)
    [lead] = content_of(copy)["leads"]
    assert (lead["name"], lead["user"]) == (str(agent), None)


def test_who_may_not_write_duplicates_nothing(committee, client, reader):
    action = action_row(committee, "Une")
    client.force_login(reader)
    url = ways_url(committee, f"{action.pk}/dupliquer/")
    assert "Enregistrer le brouillon" not in client.get(url).content.decode()
    client.post(url, {"title": "Autre"})
    with pytest.raises(Refused):
        duplicate_action(action, title="Autre", is_whole=False, by=reader)
    assert drafts(committee) == []


def attach(client, committee, other, actions, **places):
    client.force_login(committee.coordinator)
    url = ways_url(committee, f"reprendre/?de={other.convention.slug}")
    chosen = {"fiche": [action.pk for action in actions]}
    page = client.post(url, chosen)
    assert page.status_code == 200
    return page, client.post(url, held_in(page, "form-narrow") | places | {"reprendre": "oui"})


def test_words_of_another_plan_become_a_draft_of_this_one(committee, client, elsewhere):
    source, theme = elsewhere.extra["action"], committee.orientation.theme
    page, sent = attach(client, committee, elsewhere, [source],
                        **{f"a{source.pk}": f"o{committee.orientation.pk}"})  # fmt: skip
    assert "non repris : Une autre agglomération" in read(page)
    assert sent.status_code == 302
    [copy] = drafts(committee)
    written = content_of(copy)
    assert (copy.title, copy.theme) == ("Ouvrir un lieu ailleurs", theme)
    assert [link["id"] for link in written["objectives"]] == [committee.orientation.pk]
    # The organisation of the same name is the one of this convention, without a person.
    [lead] = written["leads"]
    assert lead["organisation"]["id"] == committee.caf.pk
    assert (lead["name"], lead["capacity"], lead["user"]) == ("", "", None)
    for name in ("starts_on", "elected_referent", "other_partners"):
        assert not written[name], name
    assert (written["fundings"], written["means"], written["partners"], written["communes"]) == (
        [],
    ) * 4
    version = Version.objects.about(copy).get()
    assert elsewhere.convention.territory not in version.text + version.note
    assert (copy.notes.count(), copy.milestones.count()) == (0, 0)
    # Sent twice, it is written once.
    attach(
        client, committee, elsewhere, [source], **{f"a{source.pk}": f"o{committee.orientation.pk}"}
    )
    assert drafts(committee) == [copy]


def test_sheets_ticked_beyond_the_limit_are_counted_in_a_message(
    committee, client, elsewhere, monkeypatch
):
    monkeypatch.setattr(views_copying, "MOST", 1)
    other = action_in_force(elsewhere, title="Ouvrir un second lieu ailleurs")
    ticked = [elsewhere.extra["action"], other]
    page, _ = attach(client, committee, elsewhere, ticked)
    assert "1 fiche cochée reste à reprendre ensuite : 1 au plus à la fois." in read(page)


def test_an_action_without_a_place_is_not_taken_up(committee, client, elsewhere):
    source = elsewhere.extra["action"]
    _, sent = attach(client, committee, elsewhere, [source], **{f"a{source.pk}": ""})
    assert "Dites au moins d’une fiche" in read(sent)
    assert drafts(committee) == []
    _, sent = attach(client, committee, elsewhere, [source], **{f"a{source.pk}": "o999999"})
    assert drafts(committee) == []


def test_nothing_of_an_unseen_convention_is_taken_up(committee, client, elsewhere):
    hidden = committee_of()
    secret = action_row(hidden, "Cachée")
    client.force_login(committee.coordinator)
    assert "Cachée" not in read(client.get(ways_url(committee, "reprendre/")))
    url = ways_url(committee, f"reprendre/?de={hidden.convention.slug}")
    assert client.get(url).status_code == 404
    assert client.post(url, {"fiche": secret.pk}).status_code == 404
    # Nor under the address of one that is seen, nor by the event itself.
    url = ways_url(committee, f"reprendre/?de={elsewhere.convention.slug}")
    sent = {"fiche": secret.pk, f"a{secret.pk}": f"t{committee.orientation.theme_id}",
            "reprendre": "oui"}  # fmt: skip
    assert client.post(url, sent).status_code == 302
    attached = [PlacedAction(secret, committee.orientation.theme)]
    with pytest.raises(Refused):
        take_up_actions(committee.convention, attached, by=committee.coordinator)
    assert drafts(committee) == []


def test_a_draft_of_another_plan_is_not_taken_up(committee, client, elsewhere):
    draft = draft_action(elsewhere, title="Brouillon d’ailleurs")
    client.force_login(committee.coordinator)
    text = read(client.get(ways_url(committee, "reprendre/")))
    assert "Ouvrir un lieu ailleurs" in text
    assert "Brouillon d’ailleurs" not in text
    attached = [PlacedAction(Action.objects.get(pk=draft.object_id), committee.orientation.theme)]
    with pytest.raises(Refused):
        take_up_actions(committee.convention, attached, by=committee.coordinator)


def test_who_may_not_write_here_takes_nothing_up(committee, client, elsewhere, reader):
    f.MembershipFactory(organisation=elsewhere.caf, user=reader, reader=True)
    source = elsewhere.extra["action"]
    client.force_login(reader)
    assert source.title not in client.get(ways_url(committee, "reprendre/")).content.decode()
    attached = [PlacedAction(source, committee.orientation.theme)]
    with pytest.raises(Refused):
        take_up_actions(committee.convention, attached, by=reader)
