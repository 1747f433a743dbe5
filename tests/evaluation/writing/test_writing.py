"""Writing a year: how it will read, what stands beside, what is kept, the former texts."""

import json
import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.events import anonymise
from ctg_portal.rules import Refused
from evaluation.models import Narrative, OwnDraft, Part, YearText
from evaluation.writing.events import keep_draft, write_narrative, write_year_text
from tests import factories as f
from tests.actions.factories import noted, with_milestones
from tests.committee.pages import after, page_of, value_of
from tests.evaluation.planning import action_of, on
from tests.indicators.factories import (
    campaign_of,
    figures,
    indicator_in_force,
)
from tests.indicators.factories import (
    value_of as figure_of,
)
from tests.stories import told_once

pytestmark = pytest.mark.postgresql

ACTION = "Ouvrir un lieu"


@told_once
def theme(committee):
    """With a figure that moved, a secret one, one that is missing, an action with its note."""
    committee.caf.masking_threshold = 5
    committee.caf.save()
    moved = indicator_in_force(committee)
    secret = indicator_in_force(committee, title="Familles suivies", is_confidential=True)
    missing = indicator_in_force(committee, title="Ateliers", baseline_value=None,
                                 baseline_year=None, targets=[])  # fmt: skip
    figures(committee, moved, {2022: 431})
    committee.campaign = campaign_of(committee, 2023, [moved, secret, missing], state="closed")
    figure_of(committee.campaign, moved, 441, provisional=True)
    figure_of(committee.campaign, secret, 3)
    action = action_of(committee, ACTION, "done", since=on(11))
    action = with_milestones(action, ("Bail signé", on(2), on(3)))
    noted(action, 2023, "Onze **communes** servies.", brakes="Le bail a tardé.")
    return committee.orientation.theme


def url_of(committee, theme, what="", part="") -> str:
    name = f"evaluation:{'year_text' if part else 'narrative'}{what and '_'}{what}"
    return reverse(name, args=[committee.convention.slug, 2023, part or theme.pk])


@pytest.fixture
def writer(client, committee):
    client.force_login(committee.coordinator)
    return client


def plain(response) -> str:
    return page_of(response).replace("\u00a0", " ").replace("\u202f", " ")


def pieces(response) -> dict[str, str]:
    """The pieces that a page offers to take up, by key: what comes into the text."""
    html = response.content.decode()
    offered = re.findall(r'name="reprendre" value="([^"]+)"\s+data-adds="([^"]*)"', html)
    return {key: json.loads(unescape(adds)) for key, adds in offered}


class TestPreview:
    def test_a_preview_shows_marks_and_no_script_and_saves_nothing(self, writer, committee, theme):
        url = url_of(committee, theme, "preview")
        html = writer.post(url, {"text": "# Un\n\n**Onze** : <script>x</script>"}).content.decode()
        assert "<h4>Un</h4>" in html
        assert "<strong>Onze</strong>" in html
        assert "<script>" not in html
        assert not Narrative.objects.exists()
        assert not OwnDraft.objects.exists()

    def test_a_preview_without_javascript_keeps_the_text_in_the_form(
        self, writer, committee, theme
    ):
        sent = {"text": "Une **année**.", "revision": 0, "apercu": "oui"}
        response = writer.post(url_of(committee, theme), sent)
        assert "<strong>année</strong>" in response.content.decode()
        assert value_of(response, "text") == "Une **année**."
        assert not Narrative.objects.exists()

    @pytest.mark.parametrize("button", ["apercu", "enregistrer"])
    def test_the_preview_of_a_text_too_long_shows_its_beginning(
        self, writer, committee, theme, button
    ):
        text = "*Un* " * 4000 + "**La fin**"
        sent = {"text": text, "revision": 0, button: "oui"}
        html = writer.post(url_of(committee, theme), sent).content.decode()
        assert html.count("<em>Un</em>") == 4000
        assert "<strong>La fin</strong>" not in html
        assert "l’aperçu en montre le début" in html
        assert not Narrative.objects.exists()

    def test_the_preview_of_a_draft_too_long_shows_its_beginning(self, writer, committee, theme):
        text = "*Un* " * 4000 + "**La fin**"
        writer.post(url_of(committee, theme, "draft"), {"text": text, "revision": 0})
        for response in (
            writer.post(url_of(committee, theme, "preview"), {"text": text}),
            writer.get(url_of(committee, theme)),
        ):
            html = response.content.decode()
            assert "l’aperçu en montre le début" in html
            assert "<strong>La fin</strong>" not in html

    def test_a_reader_has_no_preview_draft_or_history(self, client, committee, theme):
        client.force_login(committee.caf_member)
        for what in ("preview", "draft", "discard"):
            assert client.post(url_of(committee, theme, what), {}).status_code == 403
        assert client.get(url_of(committee, theme, "history")).status_code == 403


class TestSources:
    def test_the_sources_of_a_theme_are_its_figures_actions_and_notes(
        self, writer, committee, theme
    ):
        text = plain(writer.get(url_of(committee, theme)))
        for words in (
            "L’indicateur « Places agréées en EAJE » passe de 431 à 441 places (+10) de 2022 à "
            "2023 (source : Caf d’Exemple, 2023). Ce chiffre est provisoire.",
            "Le chiffre 2023 de l’indicateur « Ateliers » n’a pas été transmis.",
            "est terminée depuis le 1er novembre 2023.",
            "a été atteint en mars 2023.",
            "Onze communes servies.",
            "Freins : Le bail a tardé.",
        ):
            assert words in text

    def test_a_secret_figure_is_in_no_source(self, writer, committee, theme):
        response = writer.get(url_of(committee, theme))
        about_it = [text for text in pieces(response).values() if "Familles suivies" in text]
        assert about_it == [
            "Le chiffre 2023 de l’indicateur « Familles suivies » est couvert par le secret "
            "statistique."
        ]

    def test_the_source_of_a_figure_leads_to_its_indicator(self, writer, committee, theme):
        html = writer.get(url_of(committee, theme)).content.decode()
        for entry in committee.campaign.campaign_indicators.all():
            assert f'href="{entry.indicator.get_absolute_url()}"' in html

    def test_a_piece_is_added_to_the_text_with_its_source_and_not_saved(
        self, writer, committee, theme
    ):
        url = url_of(committee, theme)
        for key, adds in pieces(writer.get(url)).items():
            sent = {"text": "Ce que j’ai écrit.", "revision": 0, "reprendre": key}
            response = writer.post(url, sent)
            text = value_of(response, "text")
            assert text.startswith("Ce que j’ai écrit.\n\n")
            assert text.endswith(adds)
            if key.startswith(("bilan", "freins")):
                assert f"(source : bilan 2023 de l’action {theme.number}" in text
        assert not Narrative.objects.exists()

    def test_an_unknown_piece_adds_nothing(self, writer, committee, theme):
        sent = {"text": "Ce que j’ai écrit.", "revision": 0, "reprendre": "chiffre-999999"}
        response = writer.post(url_of(committee, theme), sent)
        assert value_of(response, "text") == "Ce que j’ai écrit."

    def test_the_sources_of_the_whole_are_collection_counts_and_texts_of_themes(
        self, writer, committee, theme
    ):
        write_narrative(theme, 2023, "Une *belle* année.", revision=0, by=committee.coordinator)
        url = url_of(committee, theme, part=Part.CONCLUSION)
        response = writer.get(url)
        text = plain(response)
        for words in (
            "3 données ont été demandées à un organisme : la Caf d’Exemple.",
            "2 ont été transmises et aucune n’est vérifiée.",
            "1 chiffre est couvert par le secret statistique.",
            "En 2023, le seul indicateur qui se compare progresse",
            "Le plan d’actions de 2023 compte 1 action : 1 terminée.",
            "1 chiffre manque",
            "Une belle année.",
        ):
            assert words in text
        added = pieces(response)[f"texte-{theme.pk}"]
        assert added.startswith("Une *belle* année.\n\n(source : bilan 2023, « ")


class TestFirstDraft:
    def test_a_first_draft_fills_the_form_and_is_not_saved(self, writer, committee, theme):
        url = url_of(committee, theme)
        assert "Proposer un premier jet" in page_of(writer.get(url))
        response = writer.post(url, {"text": "", "revision": 0, "premier-jet": "oui"})
        text = value_of(response, "text")
        assert text.startswith("Les chiffres de 2023 :\n\n- L’indicateur « ")
        assert "Les actions en 2023 :\n\n- L’action" in text
        assert text.count("\n- ") == 5
        assert not Narrative.objects.exists()
        assert after(writer, writer.post(url, {"text": text, "revision": 0}))
        assert Narrative.objects.get().text == text

    def test_a_first_draft_is_not_offered_beside_a_text_and_replaces_none(
        self, writer, committee, theme
    ):
        write_narrative(theme, 2023, "Déjà écrit.", revision=0, by=committee.coordinator)
        url = url_of(committee, theme)
        assert "Proposer un premier jet" not in page_of(writer.get(url))
        response = writer.post(url, {"text": "Déjà écrit.", "revision": 1, "premier-jet": "oui"})
        assert value_of(response, "text").startswith("Déjà écrit.\n\nLes chiffres")
        assert value_of(response, "revision") == "1"

    @pytest.mark.parametrize(
        ("part", "begins"),
        [
            (Part.INTRODUCTION, "Le recueil des chiffres de 2023 a été ouvert le "),
            (Part.CONCLUSION, "En 2023, le seul indicateur qui se compare progresse"),
        ],
    )
    def test_a_first_draft_of_the_whole_begins_with_the_collection_or_the_counts(
        self, writer, committee, theme, part, begins
    ):
        url = url_of(committee, theme, part=part)
        response = writer.post(url, {"text": "", "revision": 0, "premier-jet": "oui"})
        assert value_of(response, "text").replace("\u00a0", " ").startswith(begins)
        assert not YearText.objects.exists()

    def test_the_words_of_the_co_chairs_have_no_first_draft(self, writer, committee, theme):
        url = url_of(committee, theme, part=Part.FOREWORD)
        assert "Proposer un premier jet" not in page_of(writer.get(url))

    def test_a_first_draft_of_a_theme_without_content_leaves_the_text(self, writer, committee):
        campaign_of(committee, 2023)
        theme = committee.orientation.theme
        sent = {"text": "Moi.", "revision": 0, "premier-jet": "oui"}
        response = writer.post(url_of(committee, theme), sent)
        assert "ni chiffre ni action" in page_of(response)
        assert value_of(response, "text") == "Moi."


class TestDraft:
    def keep(self, client, committee, theme, text, revision=0):
        url = url_of(committee, theme, "draft")
        return client.post(url, {"text": text, "revision": revision})

    def test_a_draft_is_stored_and_fills_the_form(self, writer, committee, theme):
        answer = self.keep(writer, committee, theme, "À moitié").content.decode()
        moment = timezone.localtime(OwnDraft.objects.get().saved_at)
        assert f"Brouillon enregistré à {moment:%-Hh%M}" in answer
        response = writer.get(url_of(committee, theme))
        assert value_of(response, "text") == "À moitié"
        assert "Brouillon enregistré" in page_of(response)
        assert not Narrative.objects.exists()

    def opened(self, writer, committee, theme) -> str:
        """The name of a page that was just opened."""
        return value_of(writer.get(url_of(committee, theme)), "page")

    def test_a_draft_is_not_overwritten_from_a_page_drawn_before_it(self, writer, committee, theme):
        """The page was opened on Friday, and the draft was written elsewhere on Sunday."""
        draft = url_of(committee, theme, "draft")
        office, home = (self.opened(writer, committee, theme) for _ in range(2))
        writer.post(draft, {"text": "Vendredi", "revision": 0, "page": office})
        home = self.opened(writer, committee, theme)
        for text in ("Tout un dimanche", "Tout un dimanche de travail"):
            answer = writer.post(draft, {"text": text, "revision": 0, "page": home})
            assert "Brouillon enregistré" in answer.content.decode()
        monday = {"text": "Vendredi, lundi", "revision": 0, "page": office}
        answer = writer.post(draft, monday).content.decode()
        assert "un brouillon plus récent de ce texte" in answer
        assert OwnDraft.objects.get().text == "Tout un dimanche de travail"
        refused = writer.post(url_of(committee, theme), monday | {"image": "oui"})
        assert "il n’est pas remplacé" in page_of(refused)
        assert value_of(refused, "text") == "Vendredi, lundi"
        assert value_of(refused, "page") == office
        assert OwnDraft.objects.get().text == "Tout un dimanche de travail"
        answer = after(writer, writer.post(url_of(committee, theme), monday))
        assert "Le texte est enregistré." in answer
        assert "la page du texte le montre" in answer
        assert (
            value_of(writer.get(url_of(committee, theme)), "text") == "Tout un dimanche de travail"
        )

    def test_a_draft_is_overwritten_by_the_button_to_replace_it(self, writer, committee, theme):
        draft = url_of(committee, theme, "draft")
        office, home = (self.opened(writer, committee, theme) for _ in range(2))
        writer.post(draft, {"text": "Dimanche", "revision": 0, "page": home})
        monday = {"text": "Lundi", "revision": 0, "page": office}
        assert "un brouillon plus récent" in writer.post(draft, monday).content.decode()
        answer = writer.post(draft, monday | {"remplacer": "oui"}).content.decode()
        assert "Brouillon enregistré" in answer
        answer = writer.post(draft, monday | {"text": "Lundi soir"}).content.decode()
        assert "Brouillon enregistré" in answer
        writer.post(url_of(committee, theme), monday)
        assert not OwnDraft.objects.exists()

    def test_a_draft_is_not_discarded_from_a_page_drawn_before_it(self, writer, committee, theme):
        """The page shows Friday's draft, which « Abandonner le brouillon » is about."""
        draft, discard = (url_of(committee, theme, what) for what in ("draft", "discard"))
        office = self.opened(writer, committee, theme)
        writer.post(draft, {"text": "Vendredi", "revision": 0, "page": office})
        home = self.opened(writer, committee, theme)
        writer.post(draft, {"text": "Tout un dimanche", "revision": 0, "page": home})
        given_up = writer.post(discard, {"text": "Vendredi", "revision": 0, "page": office})
        assert given_up.url == url_of(committee, theme)
        answer = after(writer, given_up)
        assert "il n’est pas abandonné" in answer
        assert value_of(writer.get(given_up.url), "text") == "Tout un dimanche"
        writer.post(discard, {"text": "Vendredi", "revision": 0, "page": home})
        assert not OwnDraft.objects.exists()

    @pytest.mark.parametrize("page", ["", "x", "nan-1", "inf", "1e400-", "-1-é", "9" * 99])
    def test_a_page_without_a_name_stores_a_draft(self, writer, committee, theme, page):
        self.keep(writer, committee, theme, "Un")
        sent = {"text": "Deux", "revision": 0, "page": page}
        writer.post(url_of(committee, theme, "draft"), sent)
        assert OwnDraft.objects.get().text == "Deux"

    def test_a_draft_is_shown_to_nobody_else(self, client, committee, theme):
        other = f.MembershipFactory(coordinator=True, organisation=committee.epci).user
        keep_draft("Confidence", revision=0, by=other, convention=committee.convention, year=2023,
                   theme=theme)  # fmt: skip
        client.force_login(committee.coordinator)
        for url in (url_of(committee, theme), committee.campaign.get_absolute_url()):
            assert "Confidence" not in client.get(url).content.decode()

    def test_a_draft_is_deleted_on_saving_and_on_discarding(self, writer, committee, theme):
        self.keep(writer, committee, theme, "À moitié")
        writer.post(url_of(committee, theme), {"text": "Entier", "revision": 0})
        assert not OwnDraft.objects.exists()
        self.keep(writer, committee, theme, "Autre", revision=1)
        text = after(writer, writer.post(url_of(committee, theme, "discard")))
        assert "Le brouillon est abandonné." in text
        assert not OwnDraft.objects.exists()
        assert Narrative.objects.get().text == "Entier"

    def test_a_draft_that_is_the_saved_text_is_deleted(self, writer, committee, theme):
        write_narrative(theme, 2023, "Un\nDeux", revision=0, by=committee.coordinator)
        self.keep(writer, committee, theme, "Un\r\nDeux et", revision=1)
        answer = self.keep(writer, committee, theme, "Un\r\nDeux", revision=1).content.decode()
        assert "celui qui est enregistré" in answer
        assert not OwnDraft.objects.exists()

    def test_an_emptied_text_is_a_draft(self, writer, committee, theme):
        write_narrative(theme, 2023, "Un", revision=0, by=committee.coordinator)
        self.keep(writer, committee, theme, "", revision=1)
        assert value_of(writer.get(url_of(committee, theme)), "text") == ""

    def test_a_stale_draft_is_shown_beside_the_newer_text(self, writer, committee, theme):
        self.keep(writer, committee, theme, "Mon brouillon à moi")
        other = f.MembershipFactory(coordinator=True, organisation=committee.epci).user
        write_narrative(theme, 2023, "Le texte du voisin", revision=0, by=other)
        url = url_of(committee, theme)
        response = writer.get(url)
        text = page_of(response)
        assert str(other) in text
        assert "voisin" in text
        assert "Garder l’autre texte" in text
        assert value_of(response, "text") == "Mon brouillon à moi"
        writer.post(
            url, {"text": "Mon brouillon à moi", "revision": value_of(response, "revision")}
        )
        assert Narrative.objects.get().text == "Mon brouillon à moi"

    def test_the_page_with_a_draft_writes_nothing_to_the_database(
        self, writer, committee, theme, django_assert_max_num_queries
    ):
        self.keep(writer, committee, theme, "Mon brouillon")
        before = OwnDraft.objects.values().get()
        with django_assert_max_num_queries(60) as asked:
            writer.get(url_of(committee, theme))
        verbs = {query["sql"].split()[0] for query in asked.captured_queries}
        assert not verbs & {"INSERT", "UPDATE", "DELETE"}
        assert OwnDraft.objects.values().get() == before

    def test_a_draft_too_long_is_refused(self, writer, committee, theme):
        answer = self.keep(writer, committee, theme, "x" * 200_001).content.decode()
        assert 'class="wrong"' in answer
        assert not OwnDraft.objects.exists()

    def test_a_draft_of_the_whole_is_stored_and_deleted_on_saving(self, writer, committee, theme):
        url = url_of(committee, theme, "draft", part=Part.CONCLUSION)
        writer.post(url, {"text": "À moitié", "revision": 0})
        response = writer.get(url_of(committee, theme, part=Part.CONCLUSION))
        assert value_of(response, "text") == "À moitié"
        write_year_text(
            committee.convention, 2023, Part.CONCLUSION, "Fin", revision=0, by=committee.coordinator
        )
        assert not OwnDraft.objects.exists()

    def test_a_reader_stores_no_draft(self, committee, theme):
        about = {"convention": committee.convention, "year": 2023}
        for text in ({"theme": theme}, {"part": Part.CONCLUSION}):
            with pytest.raises(Refused):
                keep_draft("x", revision=0, by=committee.caf_member, **about, **text)

    def test_a_draft_is_deleted_with_the_account_of_its_writer(self, committee, theme):
        other = f.MembershipFactory(coordinator=True, organisation=committee.epci).user
        keep_draft(
            "x", revision=0, by=other, convention=committee.convention, year=2023, theme=theme
        )
        anonymise(other, by=other)
        assert not OwnDraft.objects.exists()


class TestHistory:
    def test_the_history_shows_who_changed_what_and_gives_a_former_text_back(
        self, writer, committee, theme
    ):
        other = f.MembershipFactory(coordinator=True, organisation=committee.epci).user
        write_narrative(theme, 2023, "Onze communes.", revision=0, by=other)
        write_narrative(theme, 2023, "Douze communes.", revision=1, by=committee.coordinator)
        url = url_of(committee, theme, "history")
        response = writer.get(url)
        text = page_of(response)
        assert "Ce texte a été enregistré 2 fois" in text
        assert str(other) in text
        html = response.content.decode()
        assert re.search(r"<del[^>]*>.*Onze", html, re.DOTALL)
        first = Narrative.history.order_by("history_id").first()
        assert "C’était le premier texte" in page_of(writer.get(url, {"texte": first.pk}))
        response = writer.get(url_of(committee, theme), {"texte": first.pk})
        assert value_of(response, "text") == "Onze communes."
        assert value_of(response, "revision") == "2"
        assert Narrative.objects.get().text == "Douze communes."

    def test_a_former_text_is_shown_beside_the_draft(self, writer, committee, theme):
        write_narrative(theme, 2023, "Onze communes.", revision=0, by=committee.coordinator)
        writer.post(url_of(committee, theme, "draft"), {"text": "Treize villages.", "revision": 1})
        first = Narrative.history.first()
        response = writer.get(url_of(committee, theme), {"texte": first.pk})
        assert value_of(response, "text") == "Onze communes."
        assert "Treize" in page_of(response)
        assert OwnDraft.objects.get().text == "Treize villages."

    def test_a_former_text_of_another_theme_is_not_given_back(self, writer, committee, theme):
        elsewhere = f.ThemeFactory(axis__convention=committee.convention)
        write_narrative(elsewhere, 2023, "Ailleurs.", revision=0, by=committee.coordinator)
        asked = Narrative.history.first().pk
        response = writer.get(url_of(committee, theme), {"texte": asked})
        assert value_of(response, "text") == ""

    def test_a_text_never_saved_has_no_history(self, writer, committee, theme):
        assert "jamais été enregistré" in page_of(writer.get(url_of(committee, theme, "history")))
