"""What the tests of routes and queries find in the evaluation: everything, ``size`` times."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from django.core.files.base import ContentFile
from django.utils import timezone

from agreements.models import State, Version
from agreements.versions import events as drafts
from conventions.models import Objective, Organisation
from evaluation import models as evaluation_models
from evaluation.comments.events import comment_text
from evaluation.images.events import add_illustration
from indicators import models as indicators_models
from indicators.definitions.events import add_indicator, canonical_content
from indicators.values.tables import communes_of, update_table_state
from tests.committee.scene import a_document
from tests.evaluation.images.pictures import upload

YEARS = (2021, 2022, 2023)


@dataclass
class EvaluationScene:
    """Rows of the evaluation, for the addresses of its pages.

    ``year`` is open, those before are closed. ``entry`` (a CampaignIndicator of ``year``) is
    entered by the scene's organisation and has a ``value`` in draft; ``table`` is one of ``year``
    that is asked by commune, all given; ``submitted`` is a value
    of another indicator of the same organisation, typed by the coordinator.
    """

    year: int
    indicator: indicators_models.Indicator
    draft: Version
    campaign: indicators_models.Campaign
    entry: indicators_models.CampaignIndicator
    value: indicators_models.Value
    table: indicators_models.CampaignIndicator
    submitted: indicators_models.Value
    evidence: indicators_models.Evidence
    theme: object
    report: evaluation_models.Report
    printing: evaluation_models.Printing
    image: evaluation_models.Illustration
    comment: evaluation_models.TextComment
    link: indicators_models.EntryLink
    by_commune: indicators_models.Indicator
    release: indicators_models.Release


def fill_evaluation(scene, size: int) -> EvaluationScene:
    """Give the scene's convention ``size`` themes with an indicator in each state, its figures of
    three years, a text, and reports."""
    convention, coordinator = scene.convention, scene.people["coordinator"]
    signed = Objective.objects.of(convention).level(1).filter(origin="signature")
    orientations = list(signed.select_related("theme").order_by("pk"))[:size]
    campaigns = [_campaign(convention, year) for year in YEARS]
    made = [_theme(scene, orientation, n, campaigns) for n, orientation in enumerate(orientations)]
    table = _table(scene, orientations[0], campaigns)
    for orientation in orientations:
        evaluation_models.Appreciation.objects.create(
            objective=orientation, year=YEARS[-1], verdict="reached", text="Tout est ouvert."
        )
    for stake in convention.stakes.all():
        evaluation_models.StakeAppreciation.objects.create(
            stake=stake, year=YEARS[-1], verdict="stable", text="Rien n’a changé."
        )
    for post in convention.cooperation_posts.all():
        post_year = evaluation_models.PostYear.objects.create(
            post=post, year=YEARS[-1], text="Fait."
        )
        post_year.shares.create(rank=1, domain="Domaine 0", fte=1)
        post_year.fundings.create(rank=1, funder="Caf")
    for _ in range(size):
        report = evaluation_models.Report(
            convention=convention, year=YEARS[-1], state="ready", digest="0" * 64,
            sha256=sha256(b"%PD").hexdigest(), size=3, pages=1, requested_by=coordinator,
            requested_by_name=str(coordinator), finished_at=timezone.now(),
        )  # fmt: skip
        report.file.save("rapport.pdf", ContentFile(b"%PD"), save=False)
        report.save()
    return EvaluationScene(
        year=YEARS[-1],
        campaign=campaigns[-1],
        report=report,
        printing=_printing(convention, YEARS[-2], coordinator),
        image=_image(scene),
        comment=_comments(scene, made, size),
        by_commune=_by_commune(scene, orientations[0], campaigns),
        link=_links(campaigns[-1], made[0]["entry"].enterer, size),
        release=_release(convention, made[0]["submitted"], size),
        table=table,
        **made[0],
    )


def _by_commune(scene, orientation, campaigns) -> indicators_models.Indicator:
    """An indicator of each commune, with the figures of all years."""
    asked = {"grain": "commune", "aggregation": "sum", "baseline_value": None}
    indicator = _in_force(scene, orientation, "Places par commune", **asked)
    for campaign in campaigns:
        entry = indicators_models.CampaignIndicator.objects.create(
            campaign=campaign, indicator=indicator, version=_version(indicator), grain="commune",
            provider=indicator.provider, enterer=indicator.provider, due_on=campaign.due_on,
        )  # fmt: skip
        start, end = campaign.observed
        indicators_models.Value.objects.bulk_create(
            indicators_models.Value(
                campaign_indicator=entry, commune=commune, number=10 + at, state="submitted",
                submitted_at=timezone.now(), observed_from=start, observed_until=end,
            )
            for at, commune in enumerate(scene.convention.communes.all())
        )  # fmt: skip
    return indicator


def _links(campaign, organisation, size: int) -> indicators_models.EntryLink:
    """As if they had been sent, each opened and used."""
    now = timezone.now()
    for _ in range(size):
        link = indicators_models.EntryLink.objects.create(
            campaign=campaign, organisation=organisation, state="sent", created_at=now,
            address="asso@example.org", expires_at=now + datetime.timedelta(days=21),
        )  # fmt: skip
        for verb in ("opened", "gave"):
            link.transitions.create(verb=verb, from_state="sent", to_state="sent", by_name="Qui")
    return link


def _release(convention, value, size: int) -> indicators_models.Release:
    """Of a public statistic, from which a value was taken before it was contested."""
    for number in range(1, size + 1):
        release = indicators_models.Release.objects.create(
            source="cnaf_allocataires", year=YEARS[-1], convention=convention, number=number,
            file="s_ben_com_f.csv", sha256="0" * 64,
        )  # fmt: skip
    indicators_models.ValueTransition.objects.create(
        value=value, verb="taken_up", to_state="submitted", release=release, number=5
    )
    return release


def _image(scene) -> evaluation_models.Illustration:
    """Shown in the text of the first theme."""
    image = add_illustration(
        scene.convention, upload(), alternative="Une cour", by=scene.people["coordinator"]
    )
    narrative = evaluation_models.Narrative.objects.of(scene.convention).order_by("pk").first()
    narrative.text += f"\n\n{image.markdown}"
    narrative.save()
    return image


def _comments(scene, made: list[dict], size: int) -> evaluation_models.TextComment:
    """On the texts of themes, by the coordinator."""
    about = {"convention": scene.convention, "year": YEARS[-1]}
    by = scene.people["coordinator"]
    comments = [
        comment_text(f"Remarque {n}.", by=by, theme=made[n % len(made)]["theme"], **about)
        for n in range(size)
    ]
    return comments[0]


def _printing(convention, year: int, coordinator) -> evaluation_models.Printing:
    """The project of an edition that was returned to those who write."""
    digests = {"digest": "0" * 64, "analyses": "0" * 64}
    edition = evaluation_models.Edition.objects.create(
        evaluation=evaluation_models.Evaluation.objects.create(convention=convention, year=year),
        snapshot=evaluation_models.Snapshot.objects.create(
            convention=convention, year=year, schema=1, text="{}", **digests
        ),
        number=1,
        state="returned",
    )
    evaluation_models.Validation.objects.create(
        edition=edition, organisation=convention.organisations.first(), word="change",
        text="Une phrase.", user=coordinator, person_name=str(coordinator),
    )  # fmt: skip
    printing = evaluation_models.Printing(
        edition=edition, state="ready", sha256=sha256(b"%PD").hexdigest(), size=3, pages=1,
        requested_by=coordinator, requested_by_name=str(coordinator), finished_at=timezone.now(),
    )  # fmt: skip
    printing.file.save("evaluation.pdf", ContentFile(b"%PD"), save=False)
    printing.save()
    return printing


def _campaign(convention, year: int) -> indicators_models.Campaign:
    now = timezone.now()
    closed = year != YEARS[-1]
    return indicators_models.Campaign.objects.create(
        convention=convention,
        year=year,
        state="closed" if closed else "open",
        due_on=datetime.date(year + 1, 6, 15),
        opened_at=now,
        closed_at=now if closed else None,
    )


def _theme(scene, orientation, n: int, campaigns) -> dict:
    """Three indicators of a theme: in force with figures (two), proposed, drafted again."""
    coordinator = scene.people["coordinator"]
    caf = Organisation.objects.get(convention=scene.convention, acronym="CAF S")
    entered = _in_force(scene, orientation, f"Places {n}")
    other = _in_force(scene, orientation, f"Ateliers {n}")
    given = _in_force(scene, orientation, f"Enfants {n}", provider=caf, is_confidential=True)
    drafts.propose(_indicator(scene, orientation, f"Foyers {n}"), by=coordinator)
    again = _version(entered).content | {"title": f"Places agréées {n}"}
    draft = drafts.save_draft(entered, again, by=coordinator)
    for campaign in campaigns:
        entry, value = _value(scene, campaign, entered, 400 + n, state="draft")
        _, submitted = _value(scene, campaign, other, 10 + n)
        _value(scene, campaign, given, 50 + n, verified=True)
    evidence = indicators_models.Evidence.objects.create(
        value=value, document=a_document(coordinator)
    )
    evaluation_models.Narrative.objects.create(
        theme=orientation.theme, year=YEARS[-1], text="Un **texte**."
    )
    return {
        "indicator": entered,
        "draft": draft,
        "entry": entry,
        "value": value,
        "submitted": submitted,
        "evidence": evidence,
        "theme": orientation.theme,
    }


def _table(scene, orientation, campaigns) -> indicators_models.CampaignIndicator:
    """Figures of all communes for each year."""
    indicator = _in_force(
        scene, orientation, "Places par commune", grain="commune", aggregation="sum"
    )
    for campaign in campaigns:
        entry = indicators_models.CampaignIndicator.objects.create(
            campaign=campaign, indicator=indicator, version=_version(indicator),
            provider=indicator.provider, enterer=indicator.provider, due_on=campaign.due_on,
            grain="commune",
        )  # fmt: skip
        start, end = campaign.observed
        communes = communes_of(campaign)
        indicators_models.Value.objects.bulk_create(
            indicators_models.Value(
                campaign_indicator=entry, commune=commune, number=10 + n, observed_from=start,
                observed_until=end, state="submitted", submitted_at=timezone.now(),
                entered_by_name="Le portail",
            )
            for n, commune in enumerate(communes)
        )  # fmt: skip
        update_table_state(entry, [commune.pk for commune in communes])
    return entry


def _indicator(scene, orientation, title: str, **values) -> Version:
    content = canonical_content(
        {
            "title": title,
            "theme": orientation.theme,
            "objectives": [orientation],
            "provider": scene.organisation,
            "definition": "Ce qui est compté au 31 décembre.",
            "unit": "places",
            "baseline_value": Decimal(350),
            "baseline_year": 2020,
            "targets": [{"year": None, "value": Decimal(500)}],
        }
        | values
    )
    return add_indicator(scene.convention, content, by=scene.people["coordinator"])


def _in_force(scene, orientation, title: str, **values) -> indicators_models.Indicator:
    version = drafts.propose(
        _indicator(scene, orientation, title, **values), by=scene.people["coordinator"]
    )
    Version.objects.filter(pk=version.pk).update(state=State.IN_FORCE, in_force_at=timezone.now())
    indicators_models.Indicator.objects.filter(pk=version.object_id).update(standing="in_force")
    return indicators_models.Indicator.objects.get(pk=version.object_id)


def _version(indicator) -> Version:
    return Version.objects.about(indicator).in_force().get()


def _value(scene, campaign, indicator, number, *, state="submitted", verified=False):
    coordinator = scene.people["coordinator"]
    entry = indicators_models.CampaignIndicator.objects.create(
        campaign=campaign,
        indicator=indicator,
        version=_version(indicator),
        provider=indicator.provider,
        enterer=indicator.provider,
        due_on=campaign.due_on,
    )
    start, end = campaign.observed
    if campaign.is_closed and state == "draft":
        state = "submitted"
    value = indicators_models.Value.objects.create(
        campaign_indicator=entry,
        number=number,
        observed_from=start,
        observed_until=end,
        state="verified" if verified else state,
        submitted_at=None if state == "draft" else timezone.now(),
        verified_at=timezone.now() if verified else None,
        entered_by=coordinator,
        entered_by_name=str(coordinator),
    )
    indicators_models.ValueTransition.objects.create(
        value=value,
        verb="saved",
        to_state="draft",
        number=number,
        by=coordinator,
        by_name=str(coordinator),
    )
    return entry, value
