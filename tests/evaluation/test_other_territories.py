"""The whole job on territories that look like no other: from the convention file to the report."""

import datetime
import json
import logging
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from actions.follow_up import parts
from actions.follow_up.events import follow_up
from actions.models import Action
from actions.plan import events as plan
from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Version
from agreements.versions import events as drafts
from conventions.loading import load
from conventions.models import Convention, Objective, Theme
from ctg_portal.rules import Refused
from evaluation.period import TERM
from evaluation.report.content import ReportContent
from evaluation.report.document import draw, write
from evaluation.report.marks import Mark
from evaluation.report.reading import read_report
from evaluation.writing import events as narratives
from indicators.collection import events as campaigns
from indicators.definitions.events import add_indicator, canonical_content
from indicators.library.entries import library, prefill
from indicators.models import Indicator
from indicators.values import events, giving
from indicators.values.figure import Figure
from tests.agreements.factories import WHY, SeatFactory, agreed_since
from tests.crawl import Reader
from tests.databases import few_of
from tests.documents.reading import faults
from tests.factories import MembershipFactory
from tests.reading import unexplained

pytestmark = [pytest.mark.django_db, pytest.mark.long]
TODAY = timezone.localdate()
LONG = "Accompagner-durablement-les-familles " * 6
PEOPLE = [{"nom": "A B", "qualite": "Maire"}]


def party(acronym: str, kind: str, agrees: bool, **others) -> dict:
    name = {"sigle": acronym, "nom": f"{acronym} de l’Autre-Pays", "type": kind}
    return name | {"co_valide": agrees, "co_anime": agrees, "signataires": PEOPLE} | others


def file_of(axes: list, parties: list, *, start, end, signed=True, **fields) -> dict:
    convention = {
        "identifiant": "autre-pays", "titre": "Convention " + LONG[:200], "territoire": LONG[:190],
        "debut": start, "fin": end, "libelles": {
            "axe": {"un": "Enjeu", "des": "Enjeux", "genre": "m"},
            "thematique": {"un": "Brique", "des": "Briques", "genre": "f"},
            "objectif": {"un": "Ambition", "des": "Ambitions", "genre": "f"},
        },
    }  # fmt: skip
    if signed:
        convention["signee_le"] = start
    return {"format": 1, "convention": convention | fields, "parties": parties, "axes": axes,
            "communes": [{"insee": "99001", "nom": "Seule"}]}  # fmt: skip


def plain_axes(count: int) -> list:
    """Axes with their objectives directly below, no theme."""
    return [
        {"numero": n, "titre": f"{LONG[:150]} {n}", "objectifs": [{"titre": f"{LONG[:200]} {n}"}]}
        for n in range(1, count + 1)
    ]


def communes(agree_in_number: int) -> list:
    return [party(f"Commune {n}", "commune", n < agree_in_number) for n in range(5)]


def year(shift: int, *, month=1, day=1) -> datetime.date:
    return datetime.date(TODAY.year + shift, month, day)


TERRITORIES = {
    "nine axes, no theme, five communes, two agree": file_of(
        plain_axes(9), communes(2), start=year(-2), end=year(2)
    ),
    "one party that agrees, started this year": file_of(
        plain_axes(1), communes(1), start=year(0), end=year(3)
    ),
    "ended": file_of(plain_axes(3), communes(5), start=year(-6), end=year(-2, month=12, day=31)),
    "signed long after its start, themes": file_of(
        [{"numero": 4, "titre": "Un", "thematiques": [
            {"numero": "4.a", "titre": LONG[:180], "objectifs": [{"titre": "Ouvrir"}]},
            {"numero": "4.b", "titre": "Autre", "objectifs": [{"titre": "Fermer"}]},
        ]}],
        [party("SIVOM du Très-Long-Nom-Composé", "syndicat", True, secret={"arrondi": 5}),
         party("Départ.", "departement", True, secret={"seuil": 11})],
        start=year(-3), end=year(1), signee_le=year(-1),
    ),
}  # fmt: skip


@dataclass
class Territory:
    convention: Convention
    coordinator: object
    members: list

    @property
    def themes(self):
        return Theme.objects.filter(axis__convention=self.convention).order_by("pk")

    def in_force(self, **values) -> Indicator:
        draft = add_indicator(self.convention, canonical_content(values), by=self.coordinator)
        version = drafts.propose(draft, by=self.coordinator, after_term=WHY)
        for member in self.members:
            answers.answer(Reply(version), by=member)
        return Indicator.objects.get(pk=version.object_id)

    def acted(self, of_year: int) -> Action:
        """An action that began in a year, under the last theme, with its note of that year."""
        objective = Objective.objects.of(self.convention).last()
        body = self.convention.organisations.order_by("pk").first()
        first = datetime.date(of_year, 1, 1)
        content = plan.canonical_content({
            "title": LONG[:200].strip(), "theme": objective.theme, "objectives": [objective],
            "description": LONG, "leads": [{"organisation": body}], "starts_on": first,
            "is_continuous": True, "is_whole_territory": True,
        })  # fmt: skip
        draft = plan.add_action(self.convention, content, by=self.coordinator)
        version = drafts.propose(draft, by=self.coordinator, after_term=WHY)
        for member in self.members:
            answers.answer(Reply(version), by=member)
        action = Action.objects.get(pk=version.object_id)
        values = {"state": "in_progress", "state_on": first, "state_reason": ""}
        follow_up(action, parts.STATE, parts.STATE.plain(values), by=self.coordinator)
        note = parts.NotePart(of_year)
        values = {"text": LONG, "brakes": LONG, "levers": "", "prospects": ""}
        follow_up(action, note, note.plain(values), by=self.coordinator)
        return action


def load_file(tmp_path: Path, content: dict):
    path = tmp_path / "convention.yaml"
    path.write_text(json.dumps(content, default=str))  # which YAML can read
    return load(path)


def territory_of(tmp_path, content: dict) -> Territory:
    convention = load_file(tmp_path, content).convention
    required = convention.organisations.filter(party__agreement_required=True)
    home = convention.organisations.order_by("pk").last()
    return Territory(
        convention, MembershipFactory(organisation=home, coordinator=True).user,
        [SeatFactory(organisation=organisation).user for organisation in required],
    )  # fmt: skip


def defined(territory: Territory) -> list[Indicator]:
    """Entries of the library and one of its own, over all themes; the provider has no account."""
    convention, themes = territory.convention, list(territory.themes)
    provider = convention.organisations.order_by("pk").first()
    day = convention.reading_day(TODAY)
    definitions = []
    for n, entry in enumerate(library()[:6]):
        values = prefill(entry, convention, day)
        values |= {"theme": themes[n % len(themes)], "provider": values["provider"] or provider,
                   "definition": "Ce qui est compté."}  # fmt: skip
        if values["calculation"] == "ratio":
            values |= {"numerator": "haut", "denominator": "bas"}
        definitions.append(territory.in_force(**values))
    orientation = Objective.objects.of(convention).first()
    definitions.append(territory.in_force(
        title=LONG.strip()[:300], theme=orientation.theme, provider=provider, unit="équivalents",
        definition=LONG, objectives=[orientation], baseline_value=Decimal(0), direction="down",
        baseline_year=convention.start.year, targets=[{"year": None, "value": Decimal(-5)}],
        allows_negative=True,
    ))  # fmt: skip
    return definitions


def collected(territory: Territory, of_year: int):
    convention, by = territory.convention, territory.coordinator
    due_on = max(datetime.date(of_year + 1, 6, 1), TODAY)
    campaign = campaigns.prepare_campaign(convention, of_year, due_on=due_on, by=by)
    campaign = campaigns.open_campaign(campaign, by=by)
    for n, entry in enumerate(campaign.campaign_indicators.order_by("pk")):
        is_ratio = entry.version.content["calculation"] == "ratio"
        given = {"numerator": n + 3, "denominator": 40} if is_ratio else {"number": n * 7}
        # The coordinator enters nothing for a provider with a secrecy rule.
        events.save_value(entry, Figure(comment="Ainsi.", **given), by=None)
    sent = giving.submit_values(list(campaign.campaign_indicators.all()), by=None)
    assert not sent.blocked
    for theme in territory.themes[:2]:
        narratives.write_narrative(theme, of_year, LONG, revision=0, by=by)
    campaigns.close_campaign(campaign, by=by)
    campaign.refresh_from_db()
    return campaign


def content_of(territory: Territory, campaign, *period) -> ReportContent:
    """Of the year of a campaign, or another period; without the glossary, which is long to draw."""
    convention = Convention.objects.get(pk=territory.convention.pk)
    return replace(read_report(convention, campaign, *period), glossary=[])


@pytest.mark.parametrize("name", few_of([*TERRITORIES], 2))
def test_a_territory_of_any_shape_publishes_its_year(tmp_path, client, caplog, name):
    territory = territory_of(tmp_path, TERRITORIES[name])
    defined(territory)
    start = territory.convention.start.year
    for shift in (0, 1):
        campaign = collected(territory, start + shift)
    action = territory.acted(start)
    version = Version.objects.about(action).in_force().get()
    agreed_since(version, datetime.date(start, 1, 1))
    content = content_of(territory, campaign)
    assert len(content.definitions) == 7
    has_begun = campaign.year <= TODAY.year
    themes = [theme for axis in content.axes for theme in axis.themes]
    titles = [(theme.title, line.title) for theme in themes for line in theme.actions]
    assert titles == [(action.theme.title, action.title)] * has_begun
    assert len(content.unwritten) == has_begun
    caplog.clear()
    now = timezone.now()
    mark = Mark.project(TODAY)
    document = draw(write(content, mark), content, mark, now)
    term = content_of(territory, campaign, TERM)
    final = draw(write(term, mark), term, mark, now)
    assert not [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert [*faults(document.content), *faults(final.content)] == []
    client.force_login(territory.coordinator)
    pages = pages_of(client, territory)
    assert len(pages) > 25
    # Chance may write any three letters into a token; a list offers all kinds of organisations;
    # public statistics have the names that their publishers gave them; where a territory chooses
    # its words, those of the law are named.
    text = re.sub(
        r'name="(csrfmiddlewaretoken|typed-by)" value="[^"]*"|<option.*?</option>',
        "",
        unexplained(
            " ".join(
                page
                for at, page in pages.items()
                if "/statistiques/" not in at and "/reglages/mots/" not in at
            )
        ),
    )
    named = ("Axe ", "Thématique", "thématique", "Objectif ", "Caf ", "MSA")
    within = ("bjectifs servis", "bjectifs mesurés", "mêmes objectifs", "un objectif", "Les axes,")
    for word in (*named, *within):
        assert word not in text.split("<main", 1)[-1] or word in LONG, word


def test_a_project_tells_why_nothing_is_proposed_yet(tmp_path, client):
    content = file_of(plain_axes(2), communes(2), start=year(1), end=year(4), signed=False)
    territory = territory_of(tmp_path, content)
    with pytest.raises(Refused):
        defined(territory)
    campaign = campaigns.prepare_campaign(
        territory.convention, year(1).year, due_on=year(1), by=territory.coordinator
    )
    with pytest.raises(Refused, match="en vigueur"):
        campaigns.open_campaign(campaign, by=territory.coordinator)
    client.force_login(territory.coordinator)
    pages = pages_of(client, territory)
    assert f"/conventions/autre-pays/evaluations/{year(1).year}/rapport/" in pages


def pages_of(client, territory) -> dict[str, str]:
    """What links lead to, by address, a page of each kind and each figure; but for files, the
    document on the screen, and the library, which is nobody's own."""
    reader = Reader(client, few=1)
    home = f"/conventions/{territory.convention.slug}/"
    reader.read(home, rf"^{home}(?!.*(bibliotheque|export|apercu|\.\w+$))")
    return reader.pages


# A corrected file ---------------------------------------------------------------------------------


@pytest.fixture
def signed(tmp_path):
    """A territory with themes, and two organisations that only provide figures."""
    content = TERRITORIES["signed long after its start, themes"] | {
        "organismes": [party_of_figures("Ancien"), party_of_figures("Nouveau")]
    }
    return territory_of(tmp_path, content), content


def party_of_figures(acronym: str) -> dict:
    return {"sigle": acronym, "nom": f"Observatoire {acronym}", "type": "association"}


def without_all_but_one(content: dict) -> dict:
    """The file once its second theme, its objective and both organisations are forgotten."""
    axis = content["axes"][0]
    first_axis = axis | {"thematiques": axis["thematiques"][:1]}
    return {key: value for key, value in content.items() if key != "organismes"} | {
        "axes": [first_axis]
    }


def test_rows_that_figures_rest_on_stay_when_the_file_drops_them(tmp_path, signed, client):
    territory, content = signed
    theme, other = territory.themes
    old, new = (territory.convention.organisations.get(acronym=a) for a in ("Ancien", "Nouveau"))
    objective = Objective.objects.get(theme=other)
    values = {"title": "Lits", "theme": other, "provider": old, "unit": "lits",
              "definition": "Les lits.", "objectives": [objective]}  # fmt: skip
    indicator = territory.in_force(**values)
    collected(territory, territory.convention.start.year)
    # Only the closed collection still names the one that provided the figure then.
    content_now = canonical_content(values | {"provider": new})
    draft = drafts.save_draft(indicator, content_now, by=territory.coordinator)
    version = drafts.propose(draft, by=territory.coordinator)
    for member in territory.members:
        answers.answer(Reply(version), by=member)
    report = load_file(tmp_path, without_all_but_one(content))
    assert set(territory.themes) == {theme, other}
    assert Objective.objects.filter(pk=objective.pk).exists()
    assert territory.convention.organisations.filter(acronym__in=["Ancien", "Nouveau"]).count() == 2
    warnings = " ".join(report.warnings)
    for name in ("Ancien", "Nouveau", "Autre", "Fermer"):
        assert name in warnings
    client.force_login(territory.coordinator)
    pages = pages_of(client, territory)
    assert any("Observatoire Ancien" in text for text in pages.values())


def test_rows_that_only_a_draft_names_go_when_the_file_drops_them(tmp_path, signed, client):
    territory, content = signed
    other = territory.themes[1]
    old = territory.convention.organisations.get(acronym="Ancien")
    values = {"title": "Lits", "theme": territory.themes[0], "provider": old, "unit": "lits",
              "definition": "Les lits.", "other_themes": [other]}  # fmt: skip
    add_indicator(territory.convention, canonical_content(values), by=territory.coordinator)
    load_file(tmp_path, without_all_but_one(content))
    client.force_login(territory.coordinator)
    indicator = Indicator.objects.get()
    base = f"/conventions/{territory.convention.slug}/indicateurs/{indicator.pk}/"
    assert client.get(base).status_code == 200
    assert client.get(f"{base}modifier/").status_code == 200
