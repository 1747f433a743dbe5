"""The database refuses impossible states of indicators, figures and reports, and says why."""

import datetime

import pytest
from django.utils import timezone

from evaluation.models import Narrative, Report, ReportTransition, YearText
from indicators.models import (
    Campaign,
    CampaignIndicator,
    CampaignTransition,
    Comparison,
    CountLink,
    Disclosure,
    EntryLink,
    Indicator,
    LinkTransition,
    Offer,
    OfferTransition,
    Reminder,
    ReminderRecipient,
    Target,
    Value,
    ValueTransition,
)
from tests.agreements.factories import committee_of
from tests.constraints import (
    another,
    assert_kept,
    assert_refused,
    assert_told,
    constraints_of,
    each_of,
    with_changes,
)
from tests.evaluation.impossible import IMPOSSIBLE as OF_THE_EVALUATION
from tests.factories import CommuneFactory, UserFactory
from tests.indicators.factories import campaign_of, indicator_in_force, value_of, version_of
from tests.indicators.statistics import impossible as statistics
from tests.stories import told_once

pytestmark = pytest.mark.both

YEAR, NOW = 2024, timezone.now()
UNKNOWN, NOT_IN_TABLE = "Cet état est inconnu.", "Cet acte ne mène pas de cet état à cet autre."


@told_once
def given(db):
    """A figure of an indicator in a collection: there is one of each, unless a row needs more."""
    committee = committee_of()
    indicator = indicator_in_force(committee, code="PE-01")
    value_of(campaign_of(committee, YEAR, [indicator]), indicator, 410)


def indicator(**changes):
    return with_changes(Indicator.objects.get(), **changes)


def target_twice(**changes):
    measured = Indicator.objects.get(pk=indicator().pk)
    Target.objects.create(indicator=measured, year=YEAR, value=450)
    return Target(indicator=measured, value=460, **changes)


def campaign(**changes):
    return with_changes(Campaign.objects.get(), **changes)


def collected():
    return CampaignIndicator.objects.get()


def collected_twice():
    return another(collected())


def value(**changes):
    return with_changes(Value.objects.get(), **changes)


def told_twice_of_a_commune():
    first = value()
    first.commune = CommuneFactory(convention=first.campaign_indicator.campaign.convention)
    first.save()
    return another(first)


def report(**changes):
    fields = {"year": YEAR, "state": "queued", "lease_until": NOW} | changes
    return Report(convention=committee_of().convention, **fields)


def queued_twice():
    first = report()
    first.save()
    return another(first)


def narrative_twice():
    theme = committee_of().orientation.theme
    return another(Narrative.objects.create(theme=theme, year=YEAR, text="Un texte"))


def year_text(part="introduction") -> YearText:
    return YearText(convention=committee_of().convention, year=YEAR, part=part, text="Un texte")


def year_text_twice():
    first = year_text()
    first.save()
    return another(first)


def moved_campaign(**changes):
    return CampaignTransition(campaign=campaign(), **changes)


def moved_value(**changes):
    return ValueTransition(value=value(), **changes)


def moved_report(**changes):
    row = report()
    row.save()
    return ReportTransition(report=row, **changes)


def reminder(**changes):
    collection = campaign()
    collection.save()
    organisation = collection.convention.organisations.first()
    fields = {"owed": 1, "text": "Bonjour", "created_at": NOW} | changes
    return Reminder(campaign=collection, organisation=organisation, **fields)


def link(collection=None, **changes):
    if collection is None:
        collection = campaign()
        collection.save()
    organisation = collection.convention.organisations.first()
    later = NOW + datetime.timedelta(days=1)
    fields = {"state": "sent", "created_at": NOW, "expires_at": later} | changes
    return EntryLink(
        campaign=collection, organisation=organisation, address="asso@example.org", **fields
    )


def moved_link(**changes):
    row = link()
    row.save()
    return LinkTransition(link=row, **changes)


def value_by_link(**changes):
    row = value()
    through = link(row.campaign_indicator.campaign)
    through.save()
    return with_changes(row, entered_through=through, **changes)


def addressed_twice():
    first = reminder()
    first.save()
    recipient = ReminderRecipient.objects.create(reminder=first, user=UserFactory())
    return another(recipient)


def library_offer(**changes):
    indicator = indicator_in_force(committee_of())
    fields = {"theme": "jeunesse", "state": "offered"} | changes
    return Offer(indicator=indicator, version=version_of(indicator), **fields)


def library_code_twice():
    library_offer(state="accepted", code="JE-99").save()
    return library_offer(state="accepted", code="JE-99")


def offered_twice():
    first = library_offer()
    first.save()
    return another(first)


def moved_offer(**changes):
    row = library_offer()
    row.save()
    return OfferTransition(offer=row, **changes)


def linked_twice():
    entry = collected()
    first = CountLink(kind="same", indicator=entry.indicator, other=entry.indicator)
    first.save()
    return another(first)


IMPOSSIBLE = [
    ("count_link_once", linked_twice, "Ce lien est déjà déclaré."),
    ("disclosure_masks_or_rounds",
     lambda: Disclosure(campaign_indicator=collected(), threshold=5, base=5),
     "Un chiffre est masqué ou arrondi."),
    ("library_offer_state_known", lambda: library_offer(state="lost"), "Cet état est inconnu."),
    ("library_offer_accepted_has_code", lambda: library_offer(state="accepted"),
     "Un indicateur de la bibliothèque y a un code, et lui seul."),
    ("library_offer_code_unique", library_code_twice,
     "La bibliothèque a déjà un indicateur de ce code."),
    ("library_offer_once", offered_twice,
     "Cet indicateur est déjà proposé pour la bibliothèque."),
    ("offer_transition_in_table",
     lambda: moved_offer(verb="accepted", from_state="refused", to_state="accepted"),
     NOT_IN_TABLE),
    ("offer_transition_has_reason",
     lambda: moved_offer(verb="refused", from_state="offered", to_state="refused"),
     "Cet acte demande un motif."),
    ("comparison_standing_known",
     lambda: Comparison(convention=committee_of().convention, standing="burnt"), UNKNOWN),
    ("indicator_standing_known", lambda: indicator(standing="burnt"), UNKNOWN),
    ("indicator_code_unique", lambda: another(indicator()),
     "Cette convention a déjà un indicateur de ce code."),
    ("indicator_choices_known", lambda: indicator(kind="burnt"),
     "La nature, le sens, le calcul ou la périodicité de cet indicateur est inconnu."),
    ("indicator_choices_known", lambda: indicator(direction="aside"),
     "La nature, le sens, le calcul ou la périodicité de cet indicateur est inconnu."),
    ("indicator_grain_known", lambda: indicator(grain="canton"),
     "Le détail géographique de cet indicateur, ou la façon d’en tirer le chiffre du territoire, "
     "est inconnu."),
    ("indicator_reference_population_known", lambda: indicator(reference_population="cats"),
     "La population à laquelle cet indicateur est rapporté est inconnue."),
    ("indicator_aggregation_of_communes", lambda: indicator(aggregation="sum"),
     "Le chiffre du territoire se calcule à partir de chiffres par commune."),
    ("indicator_aggregation_of_calculation", lambda: indicator(grain="commune",
                                                               aggregation="ratio"),
     "Des valeurs directes s’additionnent ; des rapports donnent le rapport de leurs sommes."),
    ("campaign_indicator_table_of_communes",
     lambda: with_changes(collected(), table_state="draft"),
     "Seul un indicateur par commune a un tableau."),
    ("campaign_indicator_table_of_communes",
     lambda: with_changes(collected(), grain="commune", table_state="perdu"),
     "Seul un indicateur par commune a un tableau."),
    ("campaign_indicator_grain_known", lambda: with_changes(collected(), grain="canton"),
     "Ce détail géographique est inconnu."),
    ("indicator_decimals_up_to_6", lambda: indicator(decimals=7),
     "Un indicateur a six décimales au plus."),
    ("indicator_factor_from_1", lambda: indicator(factor=0),
     "Le rapport est multiplié par 1 au moins."),
    ("indicator_available_month_known", lambda: indicator(available_month=0),
     "Un mois va de 1 à 12."),
    ("indicator_available_month_known", lambda: indicator(available_month=13),
     "Un mois va de 1 à 12."),
    ("indicator_baseline_has_year", lambda: indicator(baseline_year=None),
     "Une situation initiale est celle d’une année."),
    ("indicator_bounds_in_order", lambda: indicator(minimum=2, maximum=1),
     "La valeur plausible la plus basse dépasse la plus haute."),
    ("target_year_unique", lambda: target_twice(year=YEAR),
     "Cet indicateur a déjà une cible pour cette année."),
    ("target_final_unique", target_twice, "Cet indicateur a déjà une cible finale."),
    ("campaign_year_unique", lambda: another(campaign()),
     "Cette convention a déjà un recueil pour cette année."),
    ("campaign_state_known", lambda: campaign(state="burnt"), UNKNOWN),
    ("campaign_opened_once_not_prepared", lambda: campaign(opened_at=None),
     "Un recueil ouvert l’est depuis un moment."),
    ("campaign_opened_once_not_prepared", lambda: campaign(state="prepared"),
     "Un recueil ouvert l’est depuis un moment."),
    ("campaign_closed_has_moment", lambda: campaign(state="closed"),
     "Un recueil clos l’est depuis un moment."),
    ("campaign_from_file_is_closed", lambda: campaign(is_from_file=True),
     "Un recueil repris d’un fichier naît clos."),
    ("campaign_indicator_unique", collected_twice, "Cet indicateur est déjà dans ce recueil."),
    ("value_whole_unique", lambda: another(value()),
     "Cet indicateur a déjà une valeur pour cette année."),
    ("value_commune_unique", told_twice_of_a_commune,
     "Cet indicateur a déjà une valeur pour cette commune."),
    ("value_number_or_absence", lambda: value(number=None),
     "Une valeur est un nombre, ou une absence avec son motif."),
    ("value_number_or_absence", lambda: value(number=None, absence="not_available"),
     "Une valeur est un nombre, ou une absence avec son motif."),
    ("value_number_or_absence", lambda: value(absence="not_available", reason="Grève"),
     "Une valeur est un nombre, ou une absence avec son motif."),
    ("value_both_terms", lambda: value(numerator=1),
     "Un rapport a un numérateur et un dénominateur non nul."),
    ("value_both_terms", lambda: value(numerator=1, denominator=0),
     "Un rapport a un numérateur et un dénominateur non nul."),
    ("value_period_in_order", lambda: value(observed_until=datetime.date(2000, 1, 1)),
     "La période observée finit avant de commencer."),
    ("value_state_known", lambda: value(state="burnt"), UNKNOWN),
    ("value_submitted_has_moment", lambda: value(submitted_at=None),
     "Une valeur transmise l’est depuis un moment."),
    ("value_verified_has_moment", lambda: value(state="verified"),
     "Une valeur vérifiée l’est depuis un moment."),
    ("value_through_link_without_account",
     lambda: value_by_link(entered_by=UserFactory(), entered_by_name="Qui"),
     "Ce qui vient d’un lien dit qui l’a saisi, sans compte."),
    ("value_through_link_without_account", value_by_link,
     "Ce qui vient d’un lien dit qui l’a saisi, sans compte."),
    ("entry_link_state_known", lambda: link(state="burnt"), UNKNOWN),
    ("entry_link_expires_later", lambda: link(expires_at=NOW),
     "Un lien expire après avoir été envoyé."),
    ("entrylink_transition_in_table",
     lambda: moved_link(verb="cut", from_state="cut", to_state="cut"), NOT_IN_TABLE),
    ("report_one_unfinished", queued_twice, "Le rapport de cette année est déjà en préparation."),
    ("report_state_known", lambda: report(state="burnt"), UNKNOWN),
    ("report_ready_has_file", lambda: report(state="ready"),
     "Un document prêt a un fichier et son empreinte."),
    ("report_composing_has_lease", lambda: report(state="composing", lease_until=None),
     "Un document en préparation est attendu jusqu’à un moment."),
    ("narrative_unique", narrative_twice, "Cette thématique a déjà un texte pour cette année."),
    ("year_text_unique", year_text_twice, "Cette partie a déjà un texte pour cette année."),
    ("year_text_part_known", lambda: year_text("annexe"), "Cette partie n’existe pas."),
    ("campaign_transition_in_table",
     lambda: moved_campaign(verb="burnt", from_state="open", to_state="closed"), NOT_IN_TABLE),
    ("campaign_transition_in_table",
     lambda: moved_campaign(verb="closed", from_state="prepared", to_state="closed"), NOT_IN_TABLE),
    ("campaign_transition_has_reason",
     lambda: moved_campaign(verb="reopened", from_state="closed", to_state="reopened"),
     "Cet acte demande un motif."),
    ("value_transition_in_table",
     lambda: moved_value(verb="verified", from_state="draft", to_state="verified"), NOT_IN_TABLE),
    ("value_transition_has_reason",
     lambda: moved_value(verb="returned", from_state="submitted", to_state="returned"),
     "Cet acte demande un motif."),
    ("reminder_of_what_is_owed", lambda: reminder(owed=0),
     "On ne relance que qui doit une donnée."),
    ("reminder_has_text", lambda: reminder(text=""), "Une relance dit quelque chose."),
    ("reminder_recipient_once", addressed_twice,
     "Cette relance est déjà adressée à cette personne."),
    ("report_transition_in_table",
     lambda: moved_report(verb="kept", from_state="queued", to_state="ready"), NOT_IN_TABLE),
]  # fmt: skip

# What looks like an impossible state and is not.
POSSIBLE = {
    "two indicators without a code": lambda: another(indicator(), code=""),
    "a code given up is free": lambda: another(indicator(), code="PE-01", standing="withdrawn"),
    "an absence with its reason": lambda: value(
        number=None, absence="not_available", reason="Grève"
    ),
    "both terms": lambda: value(numerator=0, denominator=3),
    "verified by another": lambda: value(state="verified", verified_by=UserFactory(),
                                         verified_at=NOW),
    "figures by commune that add up": lambda: indicator(grain="commune", aggregation="sum"),
    "figures by commune that do not": lambda: indicator(grain="commune"),
    "a target of another year": lambda: target_twice(year=YEAR + 1),
    "a report of another year": lambda: with_changes(queued_twice(), year=YEAR + 1),
    "a report given up": lambda: report(state="failed", lease_until=None),
    "a campaign of another year": lambda: another(campaign(), year=YEAR + 1),
}  # fmt: skip

IMPOSSIBLE += [*OF_THE_EVALUATION, *statistics.IMPOSSIBLE]
POSSIBLE |= statistics.POSSIBLE

each_impossible_state = each_of(IMPOSSIBLE)


def test_every_constraint_is_in_the_table():
    assert {name for name, _, _ in IMPOSSIBLE} == constraints_of("indicators", "evaluation")


@each_impossible_state
def test_an_impossible_state_is_reported_in_french_and_refused_by_the_database(
    name, build, message, given
):
    row = build()
    assert_told(row, message)
    assert_refused(row, name)


@pytest.mark.parametrize("build", POSSIBLE.values(), ids=POSSIBLE.keys())
def test_possible_state_is_accepted(build, given):
    assert_kept(build())
