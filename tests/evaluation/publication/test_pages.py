"""The pages on the way to publication, as each who has something to do there reads them."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from conventions.models import Convention, Organisation
from evaluation.models import Part, Printing, Validation, ValidationWord
from evaluation.publication import events
from evaluation.publication.out_of_date import out_of_date_in
from evaluation.writing.events import write_narrative, write_year_text
from evaluation.year.pages import YearPageMixin
from evaluation.year.reading import read_year
from indicators.collection.events import reopen_campaign
from indicators.models import Campaign
from tests import factories as f
from tests.agreements.factories import SeatFactory
from tests.committee.pages import after, page_of
from tests.evaluation.publication.scene import (
    YEAR,
    agreed,
    keep_drawn,
    now,
    proposed,
    published,
    submitted,
    validated,
    written_year,
)
from tests.stories import told_once

# What pages make of what they read is the same on both databases.


@told_once
def committee(db):
    committee = written_year()
    committee.reader = f.MembershipFactory(organisation=committee.epci, reader=True).user
    return committee


def url(committee, name: str = "publication", *args) -> str:
    return reverse(f"evaluation:{name}", args=[committee.convention.slug, YEAR, *args])


def read(client, committee, user, name: str = "publication", *args) -> str:
    client.force_login(user)
    return page_of(client.get(url(committee, name, *args)))


class TestWhereItStands:
    @pytest.mark.parametrize(
        ("reached", "sentence", "button"),
        [
            (None, "elle est en cours de rédaction", "Soumettre l’évaluation"),
            (submitted, "doit valider les analyses", None),
            (validated, "l’accord des parties est à demander", "Demander l’accord des parties"),
            (proposed, "2 parties doivent encore donner leur accord", None),
            (agreed, "toutes les parties sont d’accord", "Publier l’évaluation"),
            (published, "publiée", None),
        ],
    )
    def test_the_state_is_the_title_and_the_button_of_the_coordinator(
        self, client, committee, reached, sentence, button
    ):
        if reached:
            reached(committee)
        page = read(client, committee, committee.coordinator)
        assert sentence in page
        buttons = {
            "Soumettre l’évaluation", "Demander l’accord des parties", "Publier l’évaluation"
        }  # fmt: skip
        assert {one for one in buttons if one in page} == ({button} if button else set())

    def test_agreements_are_counted_in_figures(self, client, committee, proposed_edition):
        committee.agree(proposed_edition.version, committee.caf_member)
        page = read(client, committee, committee.coordinator).replace("\xa0", " ")
        assert "1 accord sur 2" in page
        assert "a validé par la voix de" in page

    def test_a_content_that_has_changed_is_the_title(self, client, committee, agreed_edition):
        Organisation.objects.filter(pk=committee.epci.pk).update(name="Renommée")
        page = read(client, committee, committee.coordinator)
        assert "elle a changé depuis qu’elle est soumise" in page
        assert "reste à la publier" not in page
        assert agreed_edition.is_in_hand

    def test_the_page_costs_the_same_queries_however_long_its_history(
        self, client, committee, django_assert_max_num_queries
    ):
        for turn in range(4):
            submitted(committee)
            write_narrative(
                committee.theme, YEAR, f"Texte {turn}.", revision=turn + 1, by=committee.coordinator
            )
        submitted(committee)
        client.force_login(committee.coordinator)
        with django_assert_max_num_queries(60):
            client.get(url(committee))

    def test_who_waits_is_answered_without_the_year_being_read_again(
        self, client, committee, django_assert_max_num_queries
    ):
        edition = submitted(committee)
        client.force_login(committee.coordinator)
        page = client.get(url(committee)).content.decode()
        asked = re.search(r'data-hx-get="([^"]+)" data-hx-trigger="every 3s"', page)[1]
        htmx = {"HX-Request": "true"}
        with django_assert_max_num_queries(12):
            assert client.get(asked, headers=htmx).status_code == 204
        # Who opens the same address reads the page.
        assert client.get(asked).status_code == 200
        Printing.objects.filter(edition=edition).update(state="failed")
        answer = client.get(asked, headers=htmx)
        assert "data-hx-trigger" not in answer.content.decode()

    def test_a_reader_reads_that_the_year_is_not_published(self, client, committee):
        submitted(committee)
        page = read(client, committee, committee.reader)
        assert "pas encore publiée" in page
        assert "Lire le projet" not in page

    def test_a_published_version_has_its_file_and_digest(
        self, client, committee, published_edition
    ):
        page = read(client, committee, committee.reader)
        assert "1 version publiée" in page.replace("\xa0", " ")
        assert published_edition.printings.get(is_final=True, rendition="whole").sha256 in page

    @pytest.mark.parametrize("who", ["reader", "caf_member"])
    @pytest.mark.usefixtures("published_edition")
    def test_a_published_version_is_shown_without_reading_the_year(
        self, client, committee, monkeypatch, who
    ):
        monkeypatch.setattr(YearPageMixin, "reading", property(lambda view: 1 / 0))
        assert "1 version publiée" in read(client, committee, getattr(committee, who)).replace(
            "\xa0", " "
        )

    @pytest.mark.usefixtures("published_edition")
    def test_corrections_stand_one_above_the_other(self, client, committee):
        write_narrative(committee.theme, YEAR, "Corrigé.", revision=1, by=committee.coordinator)
        assert "Soumettre une version corrigée" in read(client, committee, committee.coordinator)
        published(committee, reason="Une erreur de mois.")
        page = read(client, committee, committee.reader).replace("\xa0", " ")
        assert "publiée, version 2" in page
        assert "Ce qui est corrigé : Une erreur de mois." in page

    def test_a_publication_that_did_not_succeed_says_why(self, client, committee, agreed_edition):
        printing = events.request_publication(agreed_edition, by=committee.coordinator)
        Printing.objects.filter(pk=printing.pk).update(state="failed")
        page = read(client, committee, committee.coordinator)
        assert "n’a pas abouti" in page
        assert "Publier l’évaluation" in page


def test_a_published_year_lacks_nothing_for_the_final_evaluation(client, committee):
    Convention.objects.update(start=datetime.date(YEAR, 1, 1))
    committee.campaign.convention.refresh_from_db()
    final = reverse("evaluation:final", args=[committee.convention.slug])
    client.force_login(committee.coordinator)
    assert "L’évaluation n’est pas publiée." in page_of(client.get(final))
    published(committee)
    page = page_of(client.get(final))
    assert "L’évaluation n’est pas publiée." not in page
    assert "publiée" in page


class TestActing:
    def test_the_coordinator_submits(self, client, committee):
        page = read(client, committee, committee.coordinator, "submit")
        assert "valide les analyses de ses données" in page
        assert "est soumise" in after(client, client.post(url(committee, "submit")))

    def test_a_content_already_submitted_is_not_offered_again(self, client, committee):
        submitted(committee)
        page = read(client, committee, committee.coordinator, "submit")
        assert "rien n’a changé" in page
        assert "Figer et soumettre" not in page

    @pytest.mark.usefixtures("published_edition")
    def test_a_content_already_published_is_not_offered_again(self, client, committee):
        page = read(client, committee, committee.coordinator, "submit")
        assert "Ce contenu est déjà publié" in page

    def test_texts_about_an_open_collection_are_listed_once_it_is_closed(self, client, committee):
        page = read(client, committee, committee.coordinator, "submit")
        assert "À relire avant de figer" not in page
        by, text = committee.coordinator, "Le recueil, ouvert le 3 mars, est encore en cours."
        write_year_text(committee.convention, YEAR, Part.INTRODUCTION, text, revision=1, by=by)
        write_narrative(committee.theme, YEAR, "Bilan en cours de rédaction.", revision=1, by=by)
        page = read(client, committee, committee.coordinator, "submit").replace("\xa0", " ")
        assert "« Introduction » dit encore que le recueil est en cours." in page
        assert "dit encore qu’il est en cours de rédaction." in page

    def test_texts_about_an_open_collection_are_not_listed_before_it_is_closed(self, committee):
        by, text = committee.coordinator, "Le recueil est encore en cours."
        write_year_text(committee.convention, YEAR, Part.INTRODUCTION, text, revision=1, by=by)

        def outdated_texts():
            campaign = Campaign.objects.of(committee.convention).get(year=YEAR)
            return out_of_date_in(read_year(committee.convention, campaign))

        assert len(outdated_texts()) == 1
        soon = timezone.localdate() + datetime.timedelta(days=9)
        reopen_campaign(committee.campaign, due_on=soon, reason="Une erreur.", by=by)
        assert outdated_texts() == []

    def test_validation_is_offered_once_the_project_is_drawn(self, client, committee):
        edition = submitted(committee)
        page = read(client, committee, committee.caf_member)
        assert "Valider les analyses, ou" not in page
        assert "Vous pourrez alors valider les analyses" in page
        keep_drawn(edition.printings.get())
        assert "Valider les analyses, ou" in read(client, committee, committee.caf_member)

    def test_nothing_to_validate_says_so_in_its_title(self, client, committee):
        page = read(client, committee, committee.caf_member, "validate")
        assert "Aucune analyse de 2023 n’attend de validation" in page

    @pytest.mark.usefixtures("published_edition")
    def test_a_correction_asks_why(self, client, committee):
        write_narrative(committee.theme, YEAR, "Corrigé.", revision=1, by=committee.coordinator)
        client.force_login(committee.coordinator)
        refused = client.post(url(committee, "submit"), {"reason": ""})
        assert "Ce qui est corrigé, et pourquoi" in page_of(refused)
        client.post(url(committee, "submit"), {"reason": "Le mois."})
        assert "Évaluation 2023" in read(client, committee, committee.coordinator)

    def test_a_member_validates(self, client, committee):
        edition = submitted(committee)
        page = read(client, committee, committee.caf_member, "validate")
        assert "sont-elles justes" in page
        sent = {"edition": edition.pk, "word": "validated", "text": ""}
        shown = after(client, client.post(url(committee, "validate"), sent))
        assert "Les analyses sont validées" in shown
        assert Validation.objects.get().word == ValidationWord.VALIDATED

    def test_a_change_without_its_text_is_not_sent(self, client, committee):
        edition = submitted(committee)
        client.force_login(committee.caf_member)
        sent = {"edition": edition.pk, "word": "change", "text": ""}
        page = page_of(client.post(url(committee, "validate"), sent))
        assert "Dites ce qui est à modifier" in page
        assert not Validation.objects.exists()

    def test_a_change_is_read_by_the_coordinator(self, client, committee):
        edition = submitted(committee)
        client.force_login(committee.caf_member)
        sent = {"edition": edition.pk, "word": "change", "text": "Le mot « crèche »."}
        client.post(url(committee, "validate"), sent)
        page = read(client, committee, committee.coordinator)
        assert "demande une modification" in page
        assert "Le mot « crèche »." in page.replace("\xa0", " ")

    def test_an_answer_to_another_content_is_not_taken(self, client, committee):
        first = submitted(committee)
        write_narrative(committee.theme, YEAR, "Autre.", revision=1, by=committee.coordinator)
        submitted(committee)
        client.force_login(committee.caf_member)
        sent = {"edition": first.pk, "word": "change", "text": "Rien des places perdues."}
        shown = page_of(client.post(url(committee, "validate"), sent))
        assert "n’est plus celui qui est soumis" in shown
        assert "Ce qui a changé depuis ce qui était soumis le" in shown
        assert "Autre." in shown
        assert "Rien des places perdues." in shown
        assert not Validation.objects.exists()

    def test_an_adviser_gives_an_avis(self, client, committee):
        adviser = SeatFactory(organisation=committee.caf, adviser=True).user
        edition = submitted(committee)
        assert "Votre avis" in read(client, committee, adviser, "validate")
        sent = {"edition": edition.pk, "text": "Très clair."}
        assert "Votre avis est enregistré" in after(
            client, client.post(url(committee, "validate"), sent)
        )
        assert "Très clair." in read(client, committee, committee.caf_member)

    def test_a_validation_is_taken_back(self, client, committee):
        edition = validated(committee)
        page = read(client, committee, committee.caf_member, "validate")
        assert "Retirer la validation" in page
        sent = {"organisation": committee.caf.pk}
        shown = after(client, client.post(url(committee, "take_back", edition.pk), sent))
        assert "doit valider les analyses" in shown

    def test_the_coordinator_asks_the_parties(self, client, committee):
        edition = validated(committee)
        client.force_login(committee.coordinator)
        shown = after(client, client.post(url(committee, "propose", edition.pk)))
        assert "appelées à donner leur accord" in shown
        client.force_login(committee.epci_member)
        points = page_of(client.get(reverse("committee:points", args=[committee.convention.slug])))
        assert "Évaluation annuelle 2023" in points

    def test_the_coordinator_returns_the_edition(self, client, committee, proposed_edition):
        client.force_login(committee.coordinator)
        address = url(committee, "give_back", proposed_edition.pk)
        shown = after(client, client.post(address, {"reason": "Erreur."}))
        assert "rendue à la rédaction" in shown
        assert not now(proposed_edition).is_in_hand

    def test_the_coordinator_requests_the_publication(self, client, committee, agreed_edition):
        assert "ne change plus" in read(
            client, committee, committee.coordinator, "publish", agreed_edition.pk
        )
        shown = after(client, client.post(url(committee, "publish", agreed_edition.pk)))
        assert "en préparation" in shown
        keep_drawn(agreed_edition.printings.get(is_final=True, rendition="whole"))
        assert "publiée" in read(client, committee, committee.coordinator)

    def test_the_project_shows_what_changed_since(self, client, committee):
        validated(committee)
        write_narrative(
            committee.theme, YEAR, "La crèche ouvre.", revision=1, by=committee.coordinator
        )
        submitted(committee)
        page = read(client, committee, committee.caf_member, "validate")
        assert "Ce qui a changé" in page
        assert "La crèche ouvre." in page or "ouvre" in page


class TestTasks:
    def tasks(self, client, committee, user) -> str:
        client.force_login(user)
        return page_of(client.get(committee.convention.get_absolute_url()))

    def test_a_member_who_validates_has_the_validation_among_their_tasks(self, client, committee):
        submitted(committee)
        page = self.tasks(client, committee, committee.caf_member)
        assert "Les analyses de l’évaluation 2023 attendent votre validation" in page
        assert "attendent votre validation" not in self.tasks(
            client, committee, committee.epci_member
        )

    def test_the_task_to_validate_goes_once_validated(self, client, committee):
        validated(committee)
        page = self.tasks(client, committee, committee.caf_member)
        assert "attendent votre validation" not in page

    @pytest.mark.parametrize(
        ("reached", "sentence"),
        [(validated, "l’accord des parties est à demander"), (agreed, "il reste à la publier")],
    )
    def test_the_coordinator_reads_what_comes_next(self, client, committee, reached, sentence):
        reached(committee)
        assert sentence in self.tasks(client, committee, committee.coordinator)


class TestTheOutside:
    def test_an_edition_of_another_convention_is_not_found(
        self, client, committee, published_edition
    ):
        stranger = f.MembershipFactory(coordinator=True).user
        client.force_login(stranger)
        file = published_edition.printings.get(is_final=True, rendition="whole").pk
        for address in [
            url(committee), url(committee, "submit"), url(committee, "edition_file", file),
            url(committee, "publish", published_edition.pk),
        ]:  # fmt: skip
            assert client.get(address).status_code == 404

    def test_an_act_by_who_may_not_is_refused(self, client, committee, agreed_edition):
        client.force_login(committee.caf_member)
        client.post(url(committee, "publish", agreed_edition.pk))
        client.post(url(committee, "give_back", agreed_edition.pk), {"reason": "x"})
        assert now(agreed_edition).is_proposed
        assert not agreed_edition.printings.filter(is_final=True).exists()


def test_the_list_of_years_says_what_is_published(client, committee):
    client.force_login(committee.reader)
    years = reverse("indicators:campaigns", args=[committee.convention.slug])
    assert "publiée le" not in page_of(client.get(years))
    published(committee)
    assert "publiée le" in page_of(client.get(years))


class TestWhatIsPublishedLacks:
    """A published year is not asked for anything as if it were still to be published."""

    @pytest.fixture
    def lacking(self, committee):
        published(committee)
        f.ThemeFactory(axis=committee.theme.axis)

    def test_the_page_where_it_is_completed_says_what_an_addition_makes(
        self, client, committee, lacking
    ):
        page = read(client, committee, committee.coordinator, "complete")
        assert "manque" in page
        assert "un ajout demande une version corrigée, avec son motif" in page

    def test_the_page_of_the_publication_leads_to_what_lacks(self, client, committee, lacking):
        client.force_login(committee.coordinator)
        page = client.get(url(committee))
        assert "n’empêche pas de publier" not in page_of(page)
        assert f'href="{url(committee, "complete")}">Voir ce qui manque' in page.content.decode()
