"""The point by which the parties agree to an evaluation stands in the register for good: who reads
no draft reads there that a text has changed, and not what it says."""

import pytest
from django.urls import reverse

from conventions.models import Organisation
from evaluation.editions.frozen import plain_of
from evaluation.models import Appreciation
from evaluation.publication.differences import changes_between, describe_changes
from evaluation.writing.events import write_narrative
from indicators.disclosure.events import refresh_convention_disclosures
from indicators.models import CampaignIndicator
from tests import factories as f
from tests.committee.pages import page_of
from tests.evaluation.publication.scene import YEAR, proposed, written_year
from tests.stories import told_once

DRAFT = "La crèche a fermé."


@told_once
def committee(db):
    committee = written_year()
    committee.reader = f.MembershipFactory(organisation=committee.epci, reader=True).user
    committee.agent = f.MembershipFactory(organisation=committee.caf, role="contributor").user
    proposed(committee)
    write_narrative(committee.theme, YEAR, DRAFT, revision=1, by=committee.coordinator)
    committee.edition = proposed(committee)
    committee.entry = committee.agree(committee.edition.version, committee.caf_member)
    return committee


@pytest.mark.parametrize("who", ["reader", "agent"])
def test_a_point_quotes_no_draft(client, committee, who):
    slug, version = committee.convention.slug, committee.edition.version
    entry = version.agreements.get()
    client.force_login(getattr(committee, who))
    point = page_of(client.get(reverse("committee:point", args=[slug, version.pk])))
    assert "a changé" in point or "texte" in point
    for name, pk in [("point", version.pk), ("entry", entry.pk), ("entry_text", entry.pk)]:
        answer = client.get(reverse(f"committee:{name}", args=[slug, pk]))
        changes_text = b"".join(answer).decode()
        assert "a fermé" not in changes_text
        assert "a ouvert" not in changes_text


def test_a_member_reads_former_and_new_text_on_the_page_of_publication(client, committee):
    client.force_login(committee.caf_member)
    address = reverse("evaluation:publication", args=[committee.convention.slug, YEAR])
    assert "fermé" in page_of(client.get(address))


def test_a_point_quotes_no_appreciation(committee):
    appreciation = Appreciation.objects.create(
        objective=committee.orientation, year=YEAR, verdict="reached", text="Grâce à tous."
    )
    proposed(committee)
    appreciation.text = "En vérité, rien n’a été fait."
    appreciation.save()
    changes_text = proposed(committee).version.content["changes"]
    assert "justification" in changes_text
    assert "Grâce" not in changes_text
    assert "rien" not in changes_text


def test_a_figure_rounded_since_is_not_revealed_by_the_difference(committee):
    Organisation.objects.filter(pk=committee.caf.pk).update(
        rounding_base=5, opts_out_of_secrecy=False
    )
    CampaignIndicator.objects.update(rounding_base=5, opts_out_of_secrecy=False)
    committee.campaign.refresh_from_db()
    refresh_convention_disclosures(committee.convention)
    edition = proposed(committee)
    assert "chiffres" in edition.version.content["changes"]
    assert "441" not in edition.version.content["changes"]
    former = committee.edition.snapshot
    figures = [one for one in changes_between(plain_of(former), plain_of(edition.snapshot))
               if one.label.endswith("chiffres")]  # fmt: skip
    assert figures
    assert not any(one.pieces for one in figures)


def content(*figures: str) -> dict:
    cells = [{"text": text, "mark": "", "is_sign": text == "secret"} for text in figures]
    return {"rows": [{"anchor": "i1", "title": "Foyers", "figures": cells}]}


class TestAFigureThatHasComeUnderSecrecy:
    @pytest.mark.parametrize("after", [("10", "secret"), ("10", "secret", "14"), ("secret", "9")])
    def test_a_figure_under_secrecy_since_is_in_no_difference(self, after):
        [change] = changes_between(content("10", "7"), content(*after))
        assert (change.before, change.text) == ("", "")
        assert describe_changes([change]) == "- Foyers : chiffres"

    def test_a_figure_shown_since_is_in_a_difference(self):
        [change] = changes_between(content("10", "secret"), content("10", "17"))
        assert "17" in change.text


def test_the_content_is_read_before_one_answers(client, db):
    committee = written_year()
    edition, slug = proposed(committee), committee.convention.slug
    client.force_login(committee.epci_member)
    answer = client.get(reverse("committee:point", args=[slug, edition.version.pk]))
    html, page = answer.content.decode(), answer.context["page"]
    read = reverse("evaluation:publication", args=[slug, YEAR])
    assert [one.url for one in page.read_apart] == [read]
    assert read not in [one.url for one in page.actions()]
    assert html.index(f'href="{read}"') < html.index("Tout le détail")
    # Nobody reads a digest to decide; the register has it.
    assert "Empreinte" not in page_of(answer)
