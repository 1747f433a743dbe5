"""What people would have a later amendment change: proposed, listed against the signed text."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from agreements.commitments.commitment import commitment_of
from committee.amendments import events as talk
from committee.amendments import rights
from committee.amendments.events import propose_amendment
from committee.amendments.models import LONGEST_WORDING
from committee.amendments.reading import AmendmentList, normalized, shortened, signed_wording
from committee.models import AmendmentProposal
from conventions.models import Article
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import long_date
from ctg_portal.text.differences import ADDED, SAME, Piece
from tests import factories as f
from tests.agreements.clock import days, on
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.pages import after, count_queries, page_of, value_of
from tests.committee.pages import committee_url as url
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@told_once
def committee():
    return committee_of()


@told_once
def article(committee):
    return f.ArticleFactory(
        convention=committee.convention,
        number=5,
        title="Échanges de données",
        text="Les parties s'engagent **chaque année**\nà échanger.\n\n- la liste\n- le reste",
    )


@pytest.fixture
def get(client, committee):
    def get(address="avenant/", user=None):
        client.force_login(user or committee.caf_member)
        return client.get(url(committee, address))

    return get


@pytest.fixture
def post(client, committee):
    def post(address, user=None, **data):
        client.force_login(user or committee.caf_member)
        return client.post(url(committee, address), data)

    return post


def proposing(row) -> str:
    return f"avenant/proposer/{commitment_of(row).kind}/{row.pk}/"


def propose(committee, row, wording="Autrement", reason="Plus juste", by=None):
    return propose_amendment(row, wording=wording, reason=reason, by=by or committee.caf_member)


def reader_of(committee):
    return f.MembershipFactory(organisation=committee.caf, reader=True).user


# Proposing ---------------------------------------------------------------------------------------


def test_a_member_rewrites_the_signed_text(committee, article, get, post, client):
    response = get(proposing(article))
    assert "Article 5 Proposer pour un avenant de changer « Échanges de données »" in page_of(
        response
    )
    signed = value_of(response, "wording")
    assert signed == (
        "Échanges de données\n\nLes parties s’engagent chaque année à échanger.\n\n"
        "- la liste\n- le reste"
    )
    wording = signed.replace("chaque année", "tous les six mois")
    response = post(proposing(article), wording=wording, reason="Plus souvent")
    assert response.url == url(committee, "avenant/")
    text = after(client, response)
    assert "Votre proposition est gardée pour un prochain avenant" in text
    assert "[supprimé : chaque année ] [ajouté : tous les six mois ]" in text
    proposal = AmendmentProposal.objects.get()
    assert (proposal.subject, proposal.wording, proposal.user) == (
        article, wording, committee.caf_member,
    )  # fmt: skip
    article.refresh_from_db()
    assert "chaque année" in article.text


@pytest.mark.parametrize("kind", ["article", "annex", "axis", "theme", "objective"])
def test_every_kind_of_signed_text_may_be_proposed_for(committee, article, get, post, kind):
    theme = committee.orientation.theme
    annex = f.AnnexFactory(convention=committee.convention)
    rows = {
        "article": article, "annex": annex, "axis": theme.axis, "theme": theme,
        "objective": committee.orientation,
    }  # fmt: skip
    page = get(proposing(rows[kind]))
    assert normalized(rows[kind].title) in value_of(page, "wording")
    assert post(proposing(rows[kind]), wording="Autre", reason="Mieux").status_code == 302
    assert AmendmentProposal.objects.about(rows[kind]).count() == 1


def test_the_signed_text_as_it_is_is_no_proposal(article, get, post):
    signed = value_of(get(proposing(article)), "wording")
    for same in (signed, signed.replace("\n", "\r\n"), signed.replace("’", "'")):
        response = post(proposing(article), wording=same, reason="Mieux")
        assert "C’est encore le texte signé : modifiez-le" in page_of(response)
    assert not AmendmentProposal.objects.exists()


def test_nothing_typed_is_lost_without_a_reason(article, post):
    response = post(proposing(article), wording="Tout autre", reason=" ")
    assert "À corriger" in page_of(response)
    assert value_of(response, "wording") == "Tout autre"


def test_the_longest_annexe_may_be_proposed_for(committee, post):
    annex = f.AnnexFactory(convention=committee.convention, text="Un mot. " * 5000)
    wording = signed_wording(annex)
    assert len(wording) > 39_000
    response = post(proposing(annex), wording=wording + " Un autre.", reason="Mieux")
    assert response.status_code == 302
    too_long = "mot " * (LONGEST_WORDING // 4 + 1)
    response = post(proposing(annex), wording=too_long, reason="Mieux")
    assert "À corriger" in page_of(response)


def test_who_does_not_sit_reads_why_not(committee, article, get, post):
    reader = reader_of(committee)
    text = "Une proposition pour un avenant vient d’un membre du comité ou de la coordination"
    assert text in page_of(get(proposing(article), reader))
    assert text in page_of(get("avenant/choisir/", reader))
    assert "Proposer un changement" not in page_of(get(user=reader))
    response = post(proposing(article), reader, wording="Autre", reason="Mieux")
    assert text in page_of(response)
    assert value_of(response, "wording") == "Autre"
    assert not AmendmentProposal.objects.exists()


def test_an_amendment_is_proposed_of_a_signed_text_in_force_only(committee, get, post):
    own = committee.in_force("Ouvrir").subject
    ended = f.ArticleFactory(convention=committee.convention, number=7)
    amendment = f.AmendmentFactory(convention=committee.convention, number=1)
    f.end(ended, amendment)
    for row in (own, ended):
        assert "Seul un texte signé, et encore en vigueur" in page_of(get(proposing(row)))
        assert post(proposing(row), wording="Autre", reason="Mieux").status_code == 200
    assert not AmendmentProposal.objects.exists()


@pytest.mark.parametrize("address", ["article/0/", "commune/1/", "objective/999999/"])
def test_an_address_of_no_signed_text_is_404(get, post, address):
    assert get(f"avenant/proposer/{address}").status_code == 404
    assert post(f"avenant/proposer/{address}").status_code == 404


def test_a_text_of_another_convention_is_404(committee, get):
    assert get(proposing(f.ArticleFactory())).status_code == 404


def test_the_same_form_sent_twice_is_one_proposal(committee, article, post):
    for _ in range(2):
        post(proposing(article), wording="Autre", reason="Mieux")
    assert AmendmentProposal.objects.count() == 1
    post(proposing(article), committee.epci_member, wording="Autre", reason="Mieux")
    post(proposing(article), wording="Encore autre", reason="Mieux")
    assert AmendmentProposal.objects.count() == 3


def test_the_form_lists_what_others_proposed(committee, article, get):
    propose(committee, article, by=committee.epci_member)
    assert f"{committee.epci_member} a déjà proposé un changement le" in page_of(
        get(proposing(article))
    )


def test_a_text_is_chosen_among_all_that_was_signed(committee, article, get):
    committee.in_force("Du comité")
    f.AnnexFactory(convention=committee.convention, title="Ressources")
    page = page_of(get("avenant/choisir/"))
    assert "Quel texte signé devrait changer" in page
    for text in ("Articles 1 Article 5 : Échanges de données", "Annexes 1", "Ressources",
                 "Axes 1", "Thématiques 1", "Objectifs 1"):  # fmt: skip
        assert text in page
    assert "Du comité" not in page


def test_kinds_are_called_as_the_territory_calls_them(client):
    committee = committee_of(labels={"objectif": "Priorité", "axe": "Défi"})
    client.force_login(committee.coordinator)
    page = page_of(client.get(url(committee, "avenant/choisir/")))
    assert "Défis 1" in page
    assert "Priorités 1" in page


# The list ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "title"),
    [
        (0, "Rien n’est proposé pour un prochain avenant"),
        (1, "Une proposition attend un prochain avenant"),
        (2, "Deux propositions attendent un prochain avenant"),
        (17, "17\u00a0propositions attendent un prochain avenant"),
    ],
)
def test_the_title_counts_the_proposals(committee, article, get, count, title):
    for n in range(count):
        propose(committee, article, wording=f"Autre {n}")
    talk.withdraw_amendment(propose(committee, article, "Retirée"), by=committee.coordinator)
    html = get().content.decode()
    assert f"<h1>{title}</h1>" in html
    assert html.index(title) < html.index("</title>")


def test_each_proposal_says_who_in_which_capacity_when_and_why(committee, article, get):
    with on(timezone.localdate() - days(10)):
        propose(committee, article, reason="Plus souvent")
        day = timezone.localdate()
    page = page_of(get())
    assert f"Proposé par {committee.caf_member}, Directrice, CAF 99, le" in page
    assert f"{day.day}" in page
    assert "Motif : Plus souvent" in page


def test_proposals_are_grouped_by_text_in_the_order_of_the_convention(committee, article):
    annex = f.AnnexFactory(convention=committee.convention)
    first = f.ArticleFactory(convention=committee.convention, number=1, title="Objet")
    for row in (committee.orientation, annex, article, first, article):
        propose(committee, row, wording=f"Autre {AmendmentProposal.objects.count()}")
    listing = AmendmentList(_here(committee))
    text = [(about.heading, len(about.proposals)) for about in listing.current]
    assert text == [("Article 1", 1), ("Article 5", 2), (f"Annexe {annex.number}", 1),
                    ("Objectif", 1)]  # fmt: skip


def test_withdrawn_proposals_stand_apart(committee, article, get):
    proposal = propose(committee, article, wording="Ce texte-ci")
    talk.withdraw_amendment(proposal, by=committee.coordinator)
    page = page_of(get())
    assert "Propositions retirées" in page
    assert page.index("Propositions retirées") < page.index("Ce texte-ci")
    assert f"retiré le {_day()} par {committee.coordinator}" in page.replace("\u00a0", " ")


def test_the_list_says_that_the_signed_text_has_become_the_proposed_one(committee, article, get):
    propose(committee, article, wording="Objet\n\nTout autre")
    assert "dit déjà ce qui est proposé" not in page_of(get())
    Article.objects.filter(pk=article.pk).update(title="Objet", text="Tout **autre**")
    assert "Le texte signé dit déjà ce qui est proposé" in page_of(get())


def test_the_list_asks_as_many_queries_for_many(committee, article, client):
    def asked(user) -> int:
        client.force_login(user)
        return count_queries(client.get, url(committee, "avenant/"))

    people = (committee.coordinator, committee.caf_member, reader_of(committee))
    propose(committee, article)
    propose(committee, committee.orientation)
    few = [asked(user) for user in people]
    for n in range(8):
        row = f.ArticleFactory(convention=committee.convention, number=10 + n)
        propose(committee, row, by=committee.epci_member)
        other = f.ObjectiveFactory(theme__axis__convention=committee.convention)
        talk.withdraw_amendment(propose(committee, other), by=committee.caf_member)
    assert [asked(user) for user in people] == few


# Withdrawing -------------------------------------------------------------------------------------


def test_an_author_withdraws_a_proposal_after_a_confirmation(committee, article, get, post, client):
    proposal = propose(committee, article)
    address = f"avenant/{proposal.pk}/retirer/"
    assert url(committee, address) in get().content.decode()
    assert f"Retirer la proposition de {committee.caf_member}" in page_of(get(address))
    assert AmendmentProposal.objects.not_withdrawn().exists()
    assert "La proposition est retirée" in after(client, post(address))
    proposal.refresh_from_db()
    assert proposal.withdrawn_by_name == str(committee.caf_member)
    assert "déjà retirée" in page_of(get(address))


def test_the_coordinator_withdraws_any_proposal_and_others_none(committee, article, get, post):
    proposal = propose(committee, article)
    address = f"avenant/{proposal.pk}/retirer/"
    assert url(committee, address) not in get(user=committee.epci_member).content.decode()
    assert "Seule la coordination" in page_of(get(address, committee.epci_member))
    assert post(address, committee.epci_member).status_code == 302
    assert AmendmentProposal.objects.not_withdrawn().exists()
    post(address, committee.coordinator)
    assert not AmendmentProposal.objects.not_withdrawn().exists()


def test_the_list_offers_to_withdraw_whom_the_right_lets(committee, article):
    """The list is the twin of the right, which asks the database once for each."""
    own = propose(committee, article)
    other = propose(committee, article, by=committee.epci_member)
    gone = propose(committee, article, "Retirée")
    talk.withdraw_amendment(gone, by=committee.coordinator)
    for user in (committee.caf_member, committee.coordinator, reader_of(committee)):
        listing = AmendmentList(_here(committee, user))
        offered = {
            proposal.row.pk
            for about in [*listing.current, *listing.withdrawn]
            for proposal in about.proposals
            if proposal.can_withdraw
        }
        allowed = {
            row.pk
            for row in AmendmentProposal.objects.filter(pk__in=[own.pk, other.pk, gone.pk])
            if rights.may_withdraw_amendment(user, row) is None
        }
        assert offered == allowed


def test_a_proposal_of_another_convention_is_404(committee, get):
    other = committee_of()
    proposal = propose(other, other.orientation)
    assert get(f"avenant/{proposal.pk}/retirer/").status_code == 404


def test_the_event_itself_refuses_who_may_not(committee, article):
    with pytest.raises(Refused):
        propose(committee, article, by=reader_of(committee))
    with pytest.raises(Refused):
        propose(committee, article, wording="  ")
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    assert propose(committee, article, by=adviser).capacity.startswith("Conseillère")


# Words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Une ligne\nqui continue", "Une ligne qui continue"),
        ("Un alinéa\n\nun autre", "Un alinéa\n\nun autre"),
        ("- un point\n  qui continue\n- un autre", "- un point qui continue\n- un autre"),
        ("1. un\n2. deux", "1. un\n2. deux"),
        ("**Gras** et l'autre", "Gras et l’autre"),
        ("  autour \n", "autour"),
        ("| a | b |\n|---|---|", "| a | b |\n|---|---|"),
    ],
)
def test_a_proposed_text_is_normalised_as_people_read_it(written, read):
    assert normalized(written) == read
    assert normalized(read) == read


def test_unchanged_text_is_shortened_around_a_change():
    long = " ".join(f"mot{n}" for n in range(400))
    first, added, last = shortened([Piece(long, SAME), Piece(long, ADDED), Piece("Fin", SAME)])
    assert added.text == long
    assert last.text == "Fin"
    assert first.text.startswith("mot0 mot1 ")
    assert first.text.endswith(" mot398 mot399")
    assert " […] " in first.text
    assert len(first.text) < 520
    assert set(first.text.split()) - {"[…]"} <= set(long.split())


def _here(committee, user=None):
    person = user or committee.coordinator
    manages = person == committee.coordinator
    return SimpleNamespace(user=person, convention=committee.convention, manages=manages)


def _day() -> str:
    return long_date(timezone.localdate()).replace("\u00a0", " ")
