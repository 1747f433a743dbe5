"""The demonstration of the evaluation: indicators, five years of collection. All is fictional."""

import datetime
from decimal import Decimal

from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Answer, Version
from agreements.versions import events as drafts
from committee import demo as committee_demo
from conventions.demo import REAL
from conventions.models import Convention, Objective, Organisation, Origin, Theme
from indicators import demo_campaigns, demo_communes, demo_statistics
from indicators.definitions.events import add_indicator, canonical_content
from indicators.demo_figures import STORIES, IndicatorStory, Ratio, decimal
from indicators.library import entries as library
from indicators.models import Calculation, Indicator

SOURCE = "Diagnostic partagé de 2019 (données fictives)"
AGREED_ON = datetime.date(2020, 10, 6)
REDEFINED_ON = datetime.date(2022, 11, 15)
BOTH = ("copil-caf", "copil-agglo")
account = committee_demo.account


def set_up() -> list[str]:
    """Fill the evaluation of the real convention, unless it has indicators; return no line to
    print."""
    convention = Convention.objects.get(slug=REAL)
    if not Indicator.objects.of(convention).exists():
        versions = {}
        for story in [*STORIES, *demo_statistics.STORIES]:
            # From the library; agreed in 2020, unless it is still discussed.
            draft = add_indicator(
                convention,
                _content(convention, story),
                library_code=story.code,
                by=account("coordination"),
            )
            is_discussed = story.stage in ("draft", "proposed", "caf", "change", "deliberation")
            versions[story.code] = draft if is_discussed else agree(draft, AGREED_ON)
        for content in demo_communes.contents(convention):
            agree(add_indicator(convention, content, by=account("coordination")), AGREED_ON)
        demo_campaigns.play(convention, between=lambda year: _redefine(convention, year))
        demo_communes.disclose_all(convention)
        _discuss(convention, versions)
    return []


def _pursued(orientation: Objective) -> list[Objective]:
    """Return an orientation; for one that is only a heading, the objectives beneath it."""
    beneath = orientation.sub_objectives.filter(origin=Origin.SIGNATURE, is_objective=True)
    return [orientation] if orientation.is_objective else list(beneath)


def _content(convention: Convention, story: IndicatorStory) -> dict:
    """Return what the library proposes for a story, adapted to the convention."""
    orientation = Objective.objects.of(convention).level(1).get(
        origin=Origin.SIGNATURE, theme__number=story.theme, rank=story.rank
    )  # fmt: skip
    entry = library.entry_of(story.code)
    provider = Organisation.objects.get(convention=convention, acronym=story.provider)
    guessed = library.guess_content(entry, organisations=[provider], themes=[orientation.theme])
    targets = [{"year": year, "value": Decimal(value)} for year, value in story.targets]
    if story.target and not targets:
        targets = [{"year": None, "value": Decimal(story.target)}]
    return canonical_content(
        guessed
        | {
            "theme": Theme.objects.get(pk=orientation.theme_id),
            "objectives": _pursued(orientation),
            "provider": provider,
            "definition": story.definition,
            "numerator": story.numerator,
            "denominator": story.denominator,
            "baseline_value": figure_of(story.baseline, entry.factor),
            "baseline_year": 2019 if story.baseline else None,
            "baseline_source": SOURCE if story.baseline else "",
            "targets": targets,
            "available_month": story.month,
            "decimals": 1 if story.numerator or "." in str(story.baseline) else 0,
            "minimum": Decimal(0),
            "limits": story.limits,
        }
        | demo_statistics.grain_content(story)
        | ({"calculation": Calculation.DIRECT} if not story.numerator else {})
    )


def figure_of(figure, factor: int) -> Decimal | None:
    """Return the figure of a story: a ratio as its quotient times ``factor``, with one decimal;
    None for None."""
    if figure is None:
        return None
    if isinstance(figure, Ratio):
        quotient = Decimal(figure.numerator) / figure.denominator * factor
        return quotient.quantize(Decimal("0.1"))
    return decimal(figure)


def agree(draft: Version, day: datetime.date) -> Version:
    """Propose a draft and record the agreement of both parties, on a day of the past."""
    version = committee_demo.propose(draft)
    for name in BOTH:
        answers.answer(Reply(version), by=account(name))
    committee_demo.put_in_the_past(version, day)
    version.refresh_from_db()
    return version


def _redefine(convention: Convention, year: int) -> None:
    """Agree to other definitions before the figures of 2022, so that these series break there; do
    nothing before another year."""
    if year != REDEFINED_ON.year:
        return
    for story in (story for story in STORIES if story.redefined):
        indicator = Indicator.objects.get(convention=convention, code=story.code)
        version = Version.objects.about(indicator).in_force().get()
        content = version.content | {"definition": story.redefined}
        note = "Les heures facturées ne sont plus connues de la Caf depuis 2022."
        draft = drafts.save_draft(indicator, content, note=note, by=account("coordination"))
        agree(draft, REDEFINED_ON)


def _discuss(convention: Convention, versions: dict[str, Version]) -> None:
    """Leave some indicators under discussion, one in each state."""
    coordinator = account("coordination")
    stages = {story.stage: versions[story.code] for story in STORIES if story.stage}
    for stage in ("proposed", "caf", "change", "deliberation"):
        stages[stage] = committee_demo.propose(stages[stage])
    answers.answer(Reply(stages["caf"]), by=account("copil-caf"))
    reason = "Retenir vingt minutes : quinze exclut la moitié des communes du nord."
    requested = Reply(stages["change"], Answer.CHANGE_REQUESTED, reason=reason)
    answers.answer(requested, by=account("copil-agglo"))
    later = timezone.localdate() + datetime.timedelta(days=20)
    awaited = Reply(stages["deliberation"], Answer.DELIBERATION, body="Conseil communautaire",
                    body_date=later)  # fmt: skip
    answers.answer(awaited, by=account("copil-agglo"))
    answers.answer(Reply(stages["deliberation"]), by=account("copil-caf"))
    current = stages["next"]
    content = current.content | {"targets": [{"year": None, "value": "460"}]}
    note = "Douze places de plus sont financées à Naintré."
    draft = drafts.save_draft(current.subject, content, note=note, by=coordinator)
    answers.answer(Reply(committee_demo.propose(draft)), by=account("copil-agglo"))
