"""Figures and their secrecy: each rule, disclosed in each order, corrected, brought, linked."""

import datetime
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from agreements.versions import events as drafts
from conventions.models import Commune, Objective, Theme
from documents.drawing.composition import compose
from indicators.collection import events as collection
from indicators.definitions.events import add_indicator, canonical_content
from indicators.models import (
    Absence,
    Audit,
    Campaign,
    CampaignIndicator,
    CampaignState,
    Indicator,
    LinkState,
    Mask,
    TableState,
    Value,
    ValueState,
)
from indicators.values import events as values
from indicators.values import giving
from indicators.values.figure import Figure
from indicators.values.links import events as links
from indicators.values.links.visitor import Visitor
from indicators.values.writing import token_of
from spreadsheets.importing import events as importing
from spreadsheets.importing.reading import preview_of
from spreadsheets.models import Import, ImportState
from tests.upgrades.hard_lives.accesses import (
    AGATHE,
    COLETTE,
    HELENE,
    TRISTAN,
    addresses_are_given,
)
from tests.upgrades.hard_lives.answers import agree, say_after_the_term
from tests.upgrades.hard_lives.seats import day
from tests.upgrades.hard_lives.stage import (
    AULNE,
    SERRE,
    Stage,
    convention,
    load_text,
    organisation,
    person,
)

BERNARD, ZOE = "bernard.quillet@msa-nord.example", "zoe.lambert@msa-nord.example"
INES, MARC = "ines.caron@deux-rives.example", "marc.thevenin@deux-rives.example"
LUCIE, HUGO = "lucie.baron@cpam-serre.example", "hugo.mallet@cpam-serre.example"
NADIA, PAULETTE = "nadia.fournel@serreville.example", "paulette.andrieu@serreville.example"
ERIC, FLORA = "eric.saunier@mission-serre.example", "flora.pinson@creches-serre.example"
ODILE, LUC = "odile.garnier@agglo-serre.example", "luc.bertin@agglo-serre.example"
YVETTE = "yvette.moulin@petits-pas.example"

OF_2023 = ["Serreville", "Bellefont", "Les Aubrais", "Saint-Loup-des-Prés", "Montvallier",
           "Vaux-la-Rive", "Courtenelle"]  # fmt: skip
SINCE_2024 = [*OF_2023[:5], "Vaux-Courtenelle"]
COMMUNE = {"grain": "commune", "aggregation": "sum", "is_confidential": True}
SHARE = {"grain": "commune", "aggregation": "ratio", "calculation": "ratio", "factor": 100,
         "unit": "%", "decimals": 1, "numerator": "Familles monoparentales",
         "denominator": "Familles allocataires", "is_confidential": True}  # fmt: skip
# By code: title, provider, and what differs from a count of the whole territory.
INDICATORS = {
    "FAM": ("Familles allocataires", "Caf S", COMMUNE),
    "MONO": ("Familles monoparentales", "Caf S", COMMUNE),
    "PART": ("Part des familles monoparentales", "Caf S", SHARE),
    "FILLES": ("Filles de moins de trois ans", "Caf S", COMMUNE),
    "GARCONS": ("Garçons de moins de trois ans", "Caf S", COMMUNE),
    "ENF": ("Enfants de moins de trois ans", "Caf S", COMMUNE),
    "FOYERS": ("Foyers accompagnés", "Caf S", {"is_confidential": True}),
    "MSA": ("Foyers agricoles", "MSA N", COMMUNE),
    "RSA": ("Bénéficiaires du RSA", "CD 02", COMMUNE),
    "MED": ("Assurés sans médecin", "CPAM S", COMMUNE),
    "AIDE": ("Foyers aidés", "CCAS S", COMMUNE),
    "JEUN": ("Jeunes suivis", "Mission S", COMMUNE),
    "CRECHE": ("Enfants en crèche", "Fédération S", COMMUNE),
    "LOIS": ("Enfants en accueil de loisirs", "Agglo S", COMMUNE),
    "PLACES": ("Places d’accueil", "Agglo S", {}),
    "ASSO": ("Familles accueillies", "Petits Pas", {"is_confidential": True}),
    "LUDO": ("Familles adhérentes", "Ludothèque", {"is_confidential": True}),
}


def play(stage: Stage) -> None:
    stage.begin("Figures", day(4, 13))
    parties_agree_to_indicators(stage)
    the_year_2023(stage)
    the_year_2024(stage)
    rules_change(stage)
    addresses_are_given(stage)
    say_after_the_term(stage)
    the_year_2025(stage)
    files_come_in(stage)
    links_are_used(stage)
    other_convention(stage)


# Indicators, collections, tables -----------------------------------------------------------------


def parties_agree_to_indicators(stage: Stage) -> None:
    for code, (title, provider, told) in INDICATORS.items():
        define(code, title, provider, **told)


def define(code: str, title: str, provider: str, *, slug: str = SERRE, by: str = HELENE,
           **told) -> Indicator:  # fmt: skip
    """An indicator that all parties agree to; that of all children is the sum of two others."""
    there = convention(slug)
    content = canonical_content({
        "code": code, "title": title, "definition": "Au 31 décembre.", "unit": "unités",
        "provider": organisation(provider, slug), "direction": "neutral", "kind": "context",
        "theme": Theme.objects.filter(axis__convention=there).order_by("pk")[0],
        "objectives": list(Objective.objects.of(there).level(1).filter(origin="signature")[:1]),
        "parts": list(Indicator.objects.filter(code__in=["FILLES", "GARCONS"]))
        if code == "ENF" else [],
    } | told)  # fmt: skip
    draft = add_indicator(there, content, by=person(by))
    version = agree(drafts.propose(draft, by=person(by)))
    return Indicator.objects.get(pk=version.object_id)


def opened(year: int, due_on: datetime.date, *, slug: str = SERRE, by: str = HELENE) -> Campaign:
    campaign = collection.prepare_campaign(convention(slug), year, due_on=due_on, by=person(by))
    return collection.open_campaign(campaign, by=person(by))


def entry_of(year: int, code: str, slug: str = SERRE) -> CampaignIndicator:
    asked = CampaignIndicator.objects.filter(campaign__convention__slug=slug)
    return asked.get(campaign__year=year, indicator__code=code)


def value_of(year: int, code: str, commune: str = "") -> Value:
    there = entry_of(year, code).values
    return there.get(commune__name=commune) if commune else there.get(commune=None)


def figure(told, **others) -> Figure:
    """A number, a (numerator, denominator), or « n.d. » and « s.o. » with a reason."""
    if told in ("n.d.", "s.o."):
        absence = Absence.NOT_AVAILABLE if told == "n.d." else Absence.NOT_APPLICABLE
        return Figure(absence=absence, reason="Le service n’existe pas.", **others)
    if isinstance(told, tuple):
        return Figure(numerator=Decimal(told[0]), denominator=Decimal(told[1]), **others)
    return Figure(number=Decimal(told), **others)


def enter(year: int, code: str, told, *, by, slug: str = SERRE, **others) -> CampaignIndicator:
    """Type a figure of the territory, or those of communes by their names; not given yet."""
    entry = entry_of(year, code, slug)
    by = person(by) if isinstance(by, str) else by
    figures = told if isinstance(told, dict) else {"": told}
    if not isinstance(told, dict):  # whatever it was the year before
        others = {"comment": "Vérifié auprès du service."} | others
    for name, one in figures.items():
        commune = Commune.objects.get(convention__slug=slug, name=name) if name else None
        values.save_value(entry, figure(one, **others), commune=commune, by=by)
    return entry


def give(year: int, code: str, told, *, by: str, verified_by: str = "", slug: str = SERRE,
         **others) -> CampaignIndicator:  # fmt: skip
    """Type them, give them, and have a second person verify them."""
    entry = enter(year, code, told, by=by, slug=slug, **others)
    done = giving.submit_values([entry], by=person(by))
    if done.held:
        raise AssertionError(f"{code} {year}: {done.held[0].refusal}")
    if verified_by and entry.is_by_commune:
        giving.verify_table(entry, by=person(verified_by))
    elif verified_by:
        giving.verify_value(done.sent[0], by=person(verified_by))
    return CampaignIndicator.objects.get(pk=entry.pk)


def of(communes: list[str], *numbers) -> dict:
    return dict(zip(communes, numbers, strict=True))


def is_masked(year: int, code: str, commune: str) -> bool:
    """Whether the last decision on a table masks the figure of a commune."""
    last = Audit.objects.done().filter(campaign_indicator=entry_of(year, code)).latest("pk")
    return Mask.objects.filter(audit=last, commune__name=commune).exists()


# The years ---------------------------------------------------------------------------------------


def the_year_2023(stage: Stage) -> None:
    """Terms before their share, a total before its parts, each rule as it was first stated."""
    campaign = opened(2023, day(5, 15))
    stage.reach(day(4, 20))
    caf, second = {"by": TRISTAN, "verified_by": AGATHE}, {"by": AGATHE, "verified_by": TRISTAN}
    give(2023, "FAM", of(OF_2023, 900, 310, 88, 60, 41, 52, 18), **caf)
    enf = give(2023, "ENF", of(OF_2023, 300, 96, 31, 20, 12, 15, 6), **caf)
    stage.case("Total given first, its parts later", enf)
    stage.reach(day(4, 23))
    mono = give(2023, "MONO", of(OF_2023, 210, 64, 12, 9, 3, 7, 2), **second)
    stage.case("Numerator, disclosed after its denominator", mono)
    stage.reach(day(4, 28))
    part = give(2023, "PART", of(OF_2023, (210, 900), (64, 310), (12, 88), (9, 60), (3, 41),
                                 (7, 52), (2, 18)), **caf)  # fmt: skip
    stage.case("Share, disclosed after both of its terms", part)
    give(2023, "FILLES", of(OF_2023, 140, 50, 17, 12, 4, 8, 3), **second)
    give(2023, "GARCONS", of(OF_2023, 160, 46, 14, 8, 8, 7, 3), **second)
    assert is_masked(2023, "MONO", "Montvallier")
    stage.case("Small count, masked (threshold of 5)", value_of(2023, "MONO", "Montvallier"))
    assert is_masked(2023, "FILLES", "Courtenelle")
    stage.case("Part of a total, masked", value_of(2023, "FILLES", "Courtenelle"))
    give(2023, "FOYERS", 3, **caf)
    stage.case("Count of the territory, masked", value_of(2023, "FOYERS"))
    give(2023, "MSA", of(OF_2023, 12, 4, 9, 2, 7, 4, 0), by=BERNARD, verified_by=ZOE)
    stage.case("Table of a provider with a threshold of 3", entry_of(2023, "MSA"))
    assert not is_masked(2023, "MSA", "Bellefont")
    stage.case("Count of 4, shown under a threshold of 3", value_of(2023, "MSA", "Bellefont"))
    give(2023, "RSA", of(OF_2023, 420, 130, 10, 14, 8, 22, 11), by=INES, verified_by=MARC)
    stage.case("Table of a provider with a threshold of 11", entry_of(2023, "RSA"))
    give(2023, "MED", of(OF_2023, 633, 141, 38, 27, 9, 12, 3), by=LUCIE, verified_by=HUGO)
    stage.case("Table rounded to 5", entry_of(2023, "MED"))
    give(2023, "AIDE", of(OF_2023, 77, 23, 8, 6, 4, 9, 1), by=NADIA, verified_by=PAULETTE)
    stage.case("Table rounded to 5, before its provider rounds to 10", entry_of(2023, "AIDE"))
    give(2023, "JEUN", of(OF_2023, 61, 17, 6, 7, 3, 9, 5), by=ERIC)
    stage.case("Table disclosed under 5, before its provider asks for 8", entry_of(2023, "JEUN"))
    give(2023, "CRECHE", of(OF_2023, 88, 31, 4, 12, 6, 9, 2), by=FLORA)
    stage.case("Table disclosed under 5, before its provider lifts the rule",
               entry_of(2023, "CRECHE"))  # fmt: skip
    give(2023, "LOIS", of(OF_2023, 210, 70, 14, 3, 4, 1, "s.o."), by=ODILE, verified_by=LUC)
    stage.case("Counts of people without a stated rule, small ones shown", entry_of(2023, "LOIS"))
    stage.case("Count of 1 shown without a stated rule", value_of(2023, "LOIS", "Vaux-la-Rive"))
    stage.case("Absence with its reason, of a commune", value_of(2023, "LOIS", "Courtenelle"),
               absence=Absence.NOT_APPLICABLE)  # fmt: skip
    give(2023, "PLACES", 402, by=ODILE, verified_by=LUC)
    give(2023, "ASSO", 4, by=YVETTE)
    give(2023, "LUDO", 41, by=HELENE)
    stage.case("Entered on behalf of an organisation without account", value_of(2023, "LUDO"),
               is_on_behalf=True)  # fmt: skip
    for name in OF_2023[5:]:
        stage.case(f"Commune that has merged with another since: {name}",
                   Commune.objects.get(convention=campaign.convention, name=name))  # fmt: skip
    stage.reach(day(5, 18))
    collection.close_campaign(campaign, by=person(HELENE))
    stage.case("Collection that is closed, published twice", campaign, state=CampaignState.CLOSED)


def the_year_2024(stage: Stage) -> None:
    """The other way round: parts before their total, a share before its terms; a merged commune."""
    campaign = opened(2024, day(6, 20))
    stage.reach(day(5, 22))
    caf, second = {"by": TRISTAN, "verified_by": AGATHE}, {"by": AGATHE, "verified_by": TRISTAN}
    give(2024, "FILLES", of(SINCE_2024, 138, 52, 15, 4, 6, 11), **caf)
    give(2024, "GARCONS", of(SINCE_2024, 151, 44, 16, 9, 3, 12), **caf)
    part = give(2024, "PART", of(SINCE_2024, (214, 905), (61, 305), (11, 86), (4, 59), (6, 40),
                                 (9, 71)), **second)  # fmt: skip
    stage.case("Share, disclosed before its terms", part)
    stage.reach(day(5, 28))
    give(2024, "MONO", of(SINCE_2024, 214, 61, 11, 4, 6, 9), **caf)
    give(2024, "FAM", of(SINCE_2024, 905, 305, 86, 59, 40, 71), **caf)
    enf = give(2024, "ENF", of(SINCE_2024, 289, 96, 31, 13, 9, 23), **second)
    stage.case("Total given after its parts", enf)
    merged = Commune.objects.get(convention=campaign.convention, name="Vaux-Courtenelle")
    stage.case("Commune in which two have merged", merged)
    stage.case("Figure of a merged commune", value_of(2024, "FAM", "Vaux-Courtenelle"))
    give(2024, "FOYERS", 14, **caf)
    give(2024, "MSA", of(SINCE_2024, 11, 5, 8, 3, 7, 2), by=ZOE, verified_by=BERNARD)
    give(2024, "RSA", of(SINCE_2024, 411, 126, 12, 9, 13, 31), by=INES, verified_by=MARC)
    give(2024, "MED", of(SINCE_2024, 641, 138, 41, 22, 11, 17), by=HUGO, verified_by=LUCIE)
    give(2024, "AIDE", of(SINCE_2024, 74, 21, 9, 4, 6, 8), by=NADIA, verified_by=PAULETTE)
    give(2024, "JEUN", of(SINCE_2024, 58, 19, 7, 5, 4, 12), by=ERIC)
    stage.case("Table given by a provider with one person, verified by nobody",
               entry_of(2024, "JEUN"), table_state=TableState.SUBMITTED)  # fmt: skip
    give(2024, "CRECHE", of(SINCE_2024, 90, 28, 6, 11, 5, 3), by=FLORA)
    enter(2024, "LOIS", of(SINCE_2024, 205, 72, 13, 4, 5, 2), by=ODILE)
    give(2024, "LOIS", 310, by=ODILE, verified_by=LUC, comment="Neuf enfants d’autres communes.")
    stage.case("Total that was given, and is not the sum of its communes", value_of(2024, "LOIS"))
    give(2024, "PLACES", 409, by=ODILE, verified_by=LUC)
    give(2024, "ASSO", 12, by=YVETTE)
    give(2024, "LUDO", "n.d.", by=HELENE)
    stage.case("Absence with its reason, of the territory", value_of(2024, "LUDO"),
               absence=Absence.NOT_AVAILABLE)  # fmt: skip
    stage.reach(day(6, 22))
    collection.close_campaign(campaign, by=person(HELENE))


CHANGES = [
    ("nom: Centre communal d’action sociale de Serreville, type: ccas, secret: {arrondi: 5}",
     "nom: Centre communal d’action sociale de Serreville, type: ccas, secret: {arrondi: 10}"),
    ("nom: Mission locale de la Serre, type: association, secret: {seuil: 5}",
     "nom: Mission locale de la Serre, type: association, secret: {seuil: 8}"),
    ("nom: Fédération des crèches de la Serre, type: association, secret: {seuil: 5}",
     "nom: Fédération des crèches de la Serre, type: association"),
]  # fmt: skip


def rules_change(stage: Stage) -> None:
    """By another load of the convention file, as providers ask."""
    stage.reach(day(6, 25))
    load_text(SERRE, *CHANGES)
    for about, acronym, threshold, base in [
        ("Provider with a threshold of 3", "MSA N", 3, None),
        ("Provider with a threshold of 5", "Caf S", 5, None),
        ("Provider with a threshold of 11", "CD 02", 11, None),
        ("Provider that rounds to 5", "CPAM S", None, 5),
        ("Provider that rounds to 10, and rounded to 5 before", "CCAS S", None, 10),
        ("Provider with a threshold of 8, and of 5 before", "Mission S", 8, None),
        ("Provider that has lifted its rule", "Fédération S", None, None),
        ("Provider that never stated a rule, a party", "Agglo S", None, None),
        ("Provider that never stated a rule, no party", "Petits Pas", None, None),
    ]:
        stage.case(about, organisation(acronym), masking_threshold=threshold, rounding_base=base)
    other = organisation("MSA N", AULNE)
    stage.case("The same provider without rule, in another convention", other,
               masking_threshold=None)  # fmt: skip


def the_year_2025(stage: Stage) -> None:
    """A collection that is open still: tables in every state."""
    stage.reach(day(7, 6))
    campaign = opened(2025, day(12, 18))
    stage.case("Collection that is open", campaign, state=CampaignState.OPEN)
    verified = give(2025, "FAM", of(SINCE_2024, 910, 301, 85, 61, 39, 70), by=TRISTAN,
                    verified_by=AGATHE, provisional=True)  # fmt: skip
    stage.case("Table that is verified, its figures provisional", verified,
               table_state=TableState.VERIFIED)  # fmt: skip
    stage.case("Provisional figure", value_of(2025, "FAM", "Les Aubrais"), provisional=True)
    partial = give(2025, "MSA", of(SINCE_2024[:4], 12, 4, 9, 2), by=ZOE)
    stage.case("Table given for some communes only", partial, table_state=TableState.PARTIAL)
    given = give(2025, "RSA", of(SINCE_2024, 405, 122, 9, 12, 14, 29), by=INES)
    stage.case("Table submitted, not verified yet", given, table_state=TableState.SUBMITTED)
    returned = give(2025, "AIDE", of(SINCE_2024, 71, 20, 8, 5, 6, 9), by=NADIA)
    giving.return_table(returned, reason="Les deux dernières colonnes sont inversées.",
                        by=person(PAULETTE))  # fmt: skip
    stage.case("Table that was returned, with its reason", returned,
               table_state=TableState.RETURNED)  # fmt: skip
    begun = enter(2025, "MONO", of(SINCE_2024[:2], 209, 60), by=TRISTAN)
    stage.case("Table begun, nothing of it given", begun, table_state=TableState.DRAFT)
    changed = give(2025, "CRECHE", of(SINCE_2024, 91, 27, 5, 12, 4, 2), by=FLORA)
    stage.case("Table of a provider that has lifted its rule, given since", changed)
    # Read by all for a week, then changed while the year is open.
    stage.reach(day(7, 15))
    enter(2025, "FAM", {"Montvallier": 4, "Vaux-Courtenelle": 77}, by=TRISTAN)
    giving.submit_values([verified], by=person(TRISTAN))
    giving.verify_table(verified, by=person(AGATHE))
    stage.case("Shown, then small, in an open year", value_of(2025, "FAM", "Montvallier"),
               number=Decimal(4), state=ValueState.VERIFIED)  # fmt: skip
    late = give(2025, "JEUN", of(SINCE_2024, 55, 20, 7, 6, 9, 11), by=ERIC)
    stage.case("Table disclosed under a threshold of 8", late)


# Corrections of closed years; called once evaluations are published ------------------------------


def correct(year: int, code: str, commune: str, number: int, *, by: str) -> Value:
    there = Commune.objects.get(convention__slug=SERRE, name=commune) if commune else None
    return values.correct_value(
        entry_of(year, code), figure(number), commune=there, by=person(by),
        reason="Erreur de saisie constatée après coup.",
    )  # fmt: skip


def correct_the_past(stage: Stage) -> None:
    """What was masked, shown, or linked is corrected after everybody has read it."""
    stage.case("Shown, corrected to a small count", correct(
        2023, "FAM", "Courtenelle", 3, by=TRISTAN), number=Decimal(3))  # fmt: skip
    stage.case("Masked, corrected to a count that would be shown", correct(
        2023, "MONO", "Montvallier", 13, by=TRISTAN), number=Decimal(13))  # fmt: skip
    stage.case("Masked, corrected to another small count", correct(
        2023, "FILLES", "Courtenelle", 1, by=AGATHE), number=Decimal(1))  # fmt: skip
    stage.case("Shown, corrected to another count that is shown", correct(
        2023, "ENF", "Bellefont", 99, by=AGATHE), number=Decimal(99))  # fmt: skip
    stage.case("Rounded, corrected after it was read", correct(
        2023, "MED", "Les Aubrais", 46, by=LUCIE), number=Decimal(46))  # fmt: skip
    stage.case("Corrected under another rule than that of its first disclosure", correct(
        2023, "JEUN", "Les Aubrais", 7, by=ERIC), number=Decimal(7))  # fmt: skip
    stage.case("Corrected once its provider has lifted the rule", correct(
        2023, "CRECHE", "Les Aubrais", 3, by=FLORA), number=Decimal(3))  # fmt: skip


# Files, links, another convention ----------------------------------------------------------------


def bring(name: str, number: int) -> Import:
    """A file of the agglomération's, for the open year; not kept yet."""
    content = f"Code;Valeur\nPLACES;{number}\n".encode()
    upload = SimpleUploadedFile(name, content)
    return importing.bring("indicators.values", f"{SERRE}/2025", upload, by=person(ODILE))


def keep(row: Import) -> Import:
    preview = preview_of(row, person(ODILE))
    asked = importing.ask_to_apply(row, seen=preview.digest, is_partial=False, by=person(ODILE))
    compose(asked)
    return Import.objects.get(pk=row.pk)


def files_come_in(stage: Stage) -> None:
    stage.reach(day(7, 20))
    undone = keep(bring("places-fausses.csv", 999))
    importing.undo(undone, by=person(ODILE))
    stage.case("Import that was undone", undone, state=ImportState.UNDONE)
    stage.case("Import that was kept", keep(bring("places.csv", 412)), state=ImportState.APPLIED)
    stage.case("Figure that an import brought", value_of(2025, "PLACES"), state=ValueState.DRAFT)
    abandoned = bring("places-brouillon.csv", 413)
    importing.abandon(abandoned, by=person(ODILE))
    stage.case("Import that was abandoned", abandoned, state=ImportState.ABANDONED)


def links_are_used(stage: Stage) -> None:
    campaign = Campaign.objects.get(convention__slug=SERRE, year=2025)
    for acronym, address, code, told in [
        ("Petits Pas", "bureau@petits-pas.example", "ASSO", 11),
        ("CPAM S", "donnees@cpam-serre.example", "MED", of(SINCE_2024, 645, 133, 44, 24, 8, 13)),
    ]:
        link = links.send_link(campaign, organisation(acronym), address=address, by=person(HELENE))
        visitor = Visitor(link, "Mireille Sabatier", "secrétaire")
        links.open_link(visitor)
        entry = enter(2025, code, told, by=visitor)
        done = links.give([entry], visitor=visitor, seen=tokens([entry]))
        if done.held:
            raise AssertionError(f"{code}: {done.held[0].refusal}")
        stage.case(f"Entry link that was used: {acronym}", link, state=LinkState.SENT)
    stage.case("Entered by a link, without rule", value_of(2025, "ASSO"),
               state=ValueState.SUBMITTED)  # fmt: skip
    giving.verify_table(entry_of(2025, "MED"), by=person(HUGO))
    stage.case("Entered by a link under a rule, verified by its provider",
               value_of(2025, "MED", "Montvallier"), state=ValueState.VERIFIED)  # fmt: skip
    cut = links.send_link(campaign, organisation("Ludothèque"), address="accueil@ludo.example",
                          by=person(HELENE))  # fmt: skip
    links.cut_link(cut, by=person(HELENE))
    stage.case("Entry link that was cut", cut, state=LinkState.CUT)


def tokens(entries: list[CampaignIndicator]) -> dict[int, str]:
    """What a page showed of each, for who gives it."""
    from indicators.values.tables import token_of_table  # noqa: PLC0415

    found = {}
    for entry in entries:
        typed = list(entry.values.all())
        found[entry.pk] = token_of_table(typed) if entry.is_by_commune else token_of(typed[0])
    return found


def other_convention(stage: Stage) -> None:
    """The Pays d’Aulne: a year from a file, another that is closed after the term."""
    aulne, colette = convention(AULNE), person(COLETTE)
    for code, title, told in [("A-1", "Familles suivies", {"is_confidential": True}),
                              ("A-2", "Familles du pays", COMMUNE)]:  # fmt: skip
        content = canonical_content({
            "code": code, "title": title, "definition": "Au 31 décembre.", "unit": "familles",
            "provider": organisation("Caf S" if code == "A-2" else "Petits Pas", AULNE),
            "theme": Theme.objects.filter(axis__convention=aulne).order_by("pk")[0],
            "objectives": list(Objective.objects.of(aulne).level(1)[:1]),
            "direction": "neutral", "kind": "context",
        } | told)  # fmt: skip
        draft = add_indicator(aulne, content, by=colette)
        agree(drafts.propose(draft, by=colette, after_term="Pour l’évaluation du terme."))
    indicator = Indicator.objects.get(convention=aulne, code="A-1")
    brought = collection.bring_year(aulne, 2023, by=colette)
    values.bring_value(brought, indicator, figure(4), by=colette)
    stage.case("Past year whose figures came from a file", brought, is_from_file=True)
    campaign = opened(2025, day(9, 1), slug=AULNE, by=COLETTE)
    give(2025, "A-1", 3, by=COLETTE, slug=AULNE)
    table = give(2025, "A-2", {"Aulneville": 40, "Le Petit-Aulne": 4}, by=TRISTAN, slug=AULNE)
    stage.case("Table of two communes, one of them small", table)
    stage.reach(day(9, 2))
    collection.close_campaign(campaign, by=colette)
    stage.case("Collection closed after the term", campaign, state=CampaignState.CLOSED)
