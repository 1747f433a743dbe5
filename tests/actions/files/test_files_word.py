"""One sheet as a Word document."""

import datetime
import io
from decimal import Decimal

import docx
import pytest
from django.core.files.base import ContentFile

from actions.files.reading import read_sheets
from actions.files.word import sheet_docx
from actions.models import Action
from conventions.models import Party
from ctg_portal.templatetags.french import quoted_within
from ctg_portal.text.typography import polish
from tests.actions import factories as a
from tests.agreements.factories import WHY, committee_of
from tests.documents.images import png
from tests.stories import told_once

pytestmark = pytest.mark.django_db

DAY = datetime.date(2023, 7, 1)


@told_once
def committee(db):
    term = {"start": datetime.date(2020, 1, 1), "end": datetime.date(2024, 12, 31)}
    return committee_of(signed_on=datetime.date(2019, 12, 31), **term)


def written(action):
    [sheet] = read_sheets(action.convention, [action], DAY)
    return docx.Document(io.BytesIO(sheet_docx(sheet, action.convention, DAY)))


def headings(document) -> list[tuple[int, str]]:
    return [
        (int(p.style.name[-1]), p.text)
        for p in document.paragraphs
        if p.style.name.startswith("Heading")
    ]


def words(document) -> str:
    """All paragraphs, with plain spaces."""
    expected = "\n".join(paragraph.text for paragraph in document.paragraphs)
    return expected.replace("\xa0", " ").replace("\u202f", " ")


def test_the_document_has_two_parts_agreed_content_and_follow_up(committee, agent):
    action = a.action_in_force(
        committee, fundings=[a.funding(committee.caf, 2021, planned="12000.50")]
    )
    [line] = action.fundings.all()
    action = a.spent(action, {line.pk: (Decimal(12000), None)})
    action = a.with_milestones(action, ("Ouvrir", "2021-03-01", None, 2))
    a.noted(action, 2021, brakes="Le local", by=agent)
    document = written(a.in_state(action, "paused", on=DAY, reason="Poste vacant."))
    assert headings(document) == [
        (1, f"Fiche action {action.number} Ouvrir un lieu d’accueil enfants-parents"),
        (2, "Ce qui est convenu"),
        (3, "Description"),
        (3, "Résultats attendus"),
        (2, "Le suivi"),
        (3, "Jalons"),
        (3, "Financement"),
        (3, "Bilan 2021"),
        (4, "Freins"),
    ]
    facts, milestones, fundings = document.tables
    assert facts.rows[0].cells[0].text == "Objectif"
    assert milestones.rows[1].cells[0].text == "Ouvrir (poids 2)"
    assert fundings.rows[-1].cells[0].text == "Total"
    text = words(document)
    assert "En pause depuis le 1er juillet 2023. Poste vacant." in text
    assert "En retard : 1 jalon n’est pas atteint." in text
    assert "CAF 99 : d’accord le " in text
    assert "fictives" not in text


def test_a_proposed_action_has_its_money_and_no_follow_up(committee):
    action = Action.objects.get(pk=a.proposed_action(committee).object_id)
    document = written(action)
    assert [text for level, text in headings(document) if level == 2] == ["Ce qui est convenu"]
    assert document.tables[-1].rows[-1].cells[3].text == "12\u202f000\u202f€"
    expected = f"après le terme de la convention : « {quoted_within(WHY)} ». CAF 99 : attendu ;"
    assert f"pas encore acceptée, {expected}" in words(document)


def test_a_fictional_action_is_marked(committee):
    action = a.action_in_force(committee, fundings=[])
    Action.objects.update(is_fictional=True)
    document = written(action)
    assert "Données fictives." in words(document)
    assert "données fictives" in document.sections[0].footer.paragraphs[0].text


class TestLogos:
    """Those of the parties (art. 6), at the head."""

    @pytest.fixture
    def action(self, committee):
        return a.action_in_force(committee, fundings=[])

    @staticmethod
    def logo_texts(document) -> list[str]:
        return [shape._inline.docPr.get("descr") for shape in document.inline_shapes]

    def test_the_logos_stand_first_with_the_names_of_the_parties(self, committee, action):
        caf, epci = committee.caf.party, committee.epci.party
        caf.logo.save("logo.png", ContentFile(png()))
        epci.logo.save("logo.png", ContentFile(png(width=2)))
        document = written(action)
        assert self.logo_texts(document) == [
            f"Logo\u00a0: {polish(str(party))}" for party in (caf, epci)
        ]
        assert document.paragraphs[0]._p.xpath(".//pic:pic")
        assert document.paragraphs[1].style.name == "Heading 1"

    def test_a_logo_whose_file_is_gone_is_left_out(self, committee, action):
        caf, epci = committee.caf.party, committee.epci.party
        caf.logo.save("logo.png", ContentFile(png()))
        Party.objects.filter(pk=epci.pk).update(logo="logos/absent.png")
        assert self.logo_texts(written(action)) == [f"Logo\u00a0: {polish(str(caf))}"]

    def test_without_a_logo_the_title_comes_first(self, action):
        document = written(action)
        assert self.logo_texts(document) == []
        assert document.paragraphs[0].style.name == "Heading 1"


@pytest.mark.parametrize("text", ["a\x01b\x0bc", "<w:p/> & <b>", "مركز 👍🏽", "x" * 5000])
def test_odd_texts_are_written_as_they_are(committee, text):
    action = a.action_in_force(committee)
    Action.objects.update(title=text[:200], description=text, audience=text[:300], plans=[text])
    action.fundings.update(scheme=text[:100])
    document = written(action)
    assert len(headings(document)) > 3
    assert text.replace("\x01", "").replace("\x0b", "") in words(document)
