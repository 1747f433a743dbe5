"""What was told while no rule held, of a past year that a file gave, and was taken back as the file
was undone: it stays known."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from ctg_portal.rules import Refused
from indicators.collection.events import bring_year, cancel_campaign, reopen_campaign
from indicators.definitions.definition import Definition
from indicators.disclosure import disclose
from indicators.models import Audit, Campaign, CampaignIndicator
from indicators.values.events import bring_value, let_go_of_value
from indicators.values.figure import Figure
from indicators.values.writing import token_of
from tests.indicators.disclosure.country import YEAR
from tests.indicators.factories import indicator_in_force

pytestmark = pytest.mark.django_db

PAST = YEAR - 1


@pytest.fixture
def past(country, committee, agent, django_capture_on_commit_callbacks):
    """A country whose provider has no rule yet, and a year that a file gives."""
    convention = committee.convention
    convention.start = datetime.date(PAST, 1, 1)
    convention.save()
    convention.amendments.update(effective_on=convention.start)
    return Past(country, committee, agent, django_capture_on_commit_callbacks)


class Past:
    def __init__(self, country, committee, agent, capture):
        self.country, self.committee, self.agent, self.capture = country, committee, agent, capture
        self.rule(None)

    def rule(self, threshold) -> None:
        self.committee.caf.masking_threshold = threshold
        self.committee.caf.save()

    def bring(self, indicator=None, number=None, **numbers):
        """Figures of a file: of communes, or one of the whole territory."""
        convention = self.committee.convention
        year = Campaign.objects.of(convention).of_year(PAST).first()
        self.country.campaign = year or bring_year(convention, PAST, by=self.committee.coordinator)
        indicator = indicator or self.country.indicator
        given = {self.country.communes[place]: n for place, n in numbers.items()}
        given |= {} if number is None else {None: number}
        with self.capture(execute=True):
            return [
                bring_value(
                    self.country.campaign, indicator, Figure(number=Decimal(n)),
                    commune=commune, by=self.agent,
                )
                for commune, n in given.items()
            ]  # fmt: skip

    def take_back(self, values) -> None:
        with self.capture(execute=True):
            for value in values:
                value.refresh_from_db()
                let_go_of_value(value, by=self.agent, seen=token_of(value))

    def whole(self, title, **values):
        told = {"unit": "foyers", "is_confidential": True, "code": title[:20], "title": title}
        return indicator_in_force(self.committee, **(told | values))

    def words(self, *indicators) -> list[str]:
        entries = CampaignIndicator.objects.with_relations().filter(campaign=self.country.campaign)
        found = []
        for indicator in indicators:
            entry = entries.get(indicator=indicator)
            value = entry.values.whole().first()
            found.append(disclose(value, Definition.of(entry.version), entry.rule).words)
        return found


def test_of_a_table(past):
    """153 - 150 = 3, and 43 - 40."""
    brought = past.bring(b=40, c=50, d=60)
    assert past.country.words() == ["manquant", "40", "50", "60", *past.country.words()[4:]]
    past.take_back(brought)
    # One keeping tells all that was told.
    assert Audit.objects.done().count() == 1
    past.rule(5)
    past.bring(a=3, b=40, c=50, d=60)
    assert past.country.words() == ["secret", "40", "50", "60", "secret", "secret"]


def test_of_girls(past):
    girls, boys = past.whole("Filles"), past.whole("Garçons")
    children = past.whole("Enfants", parts=[girls, boys])
    past.take_back(past.bring(girls, 40))
    past.rule(5)
    past.bring(boys, 3)
    past.bring(children, 43)
    past.bring(girls, 40)
    assert past.words(girls, boys, children) == ["40", "secret", "secret"]


def test_of_girls_that_were_added_up_already(past):
    girls, boys = past.whole("Filles"), past.whole("Garçons")
    children = past.whole("Enfants", parts=[girls, boys])
    past.bring(children, 80)
    past.take_back(past.bring(girls, 40))
    past.rule(5)
    past.bring(boys, 3)
    past.bring(girls, 41)
    # 80 - 40 is another; a total of 43 would tell it.
    entry = CampaignIndicator.objects.get(indicator=girls)
    assert [audit.given for audit in entry.audits.done()][:1] == [{"": ["40"]}]


def test_of_what_a_table_comes_to(past):
    """The territory's figure is told by itself, and goes before the table is there."""
    past.country.indicator = past.whole("Foyers", grain="commune", aggregation="none")
    whole = past.whole("Foyers", code="PE-98")
    past.take_back(past.bring(whole, 153))
    past.rule(5)
    past.bring(a=3, b=40, c=50, d=60)
    assert past.country.words()[:4].count("secret") == 2


def test_what_is_brought_again_is_under_the_rule_of_today(past):
    past.rule(3)
    past.take_back(past.bring(a=4, b=40, c=50, d=60))
    past.rule(5)
    past.bring(a=4, b=41, c=50, d=60)
    assert past.country.words()[0] == "secret"


def test_what_no_secret_covers_leaves_nothing(past):
    indicator = past.whole("Places", is_confidential=False)
    past.take_back(past.bring(indicator, 40))
    assert not Campaign.objects.of(past.committee.convention).of_year(PAST).exists()


def test_a_year_of_which_something_was_told_is_not_cancelled(past):
    """Reopened to ask for the rest, it is empty and holds what was told of it."""
    past.take_back(past.bring(b=40, c=50, d=60))
    coordinator = past.committee.coordinator
    due_on = timezone.localdate() + datetime.timedelta(30)
    reopen_campaign(past.country.campaign, due_on=due_on, reason="Le reste.", by=coordinator)
    with pytest.raises(Refused, match="déjà été montrés"):
        cancel_campaign(past.country.campaign, by=coordinator)
    assert Audit.objects.done().exists()
