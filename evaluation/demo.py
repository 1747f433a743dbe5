"""The demonstration of the evaluation: what was written of the years, and of the whole term. All is
fictional."""

import datetime
from dataclasses import replace
from pathlib import Path

from django.core.files import File
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from committee.demo import account
from committee.models import Stake
from conventions.demo import REAL
from conventions.models import Convention, Objective, Theme
from evaluation.comments.events import comment_text, resolve_comment
from evaluation.cooperation.events import write_post
from evaluation.cooperation.models import PostYear
from evaluation.cooperation.post_record import planned_in
from evaluation.demo_means import FILLED, POST_YEARS, TRENDS
from evaluation.final import demo as final
from evaluation.images.events import add_illustration
from evaluation.opening import demo as opening
from evaluation.publication import demo as publication
from evaluation.stakes.events import appreciate_stake
from evaluation.stakes.models import StakeAppreciation
from evaluation.texts.models import Narrative, Part, YearText
from evaluation.verdicts.events import appreciate
from evaluation.verdicts.models import Appreciation, Verdict
from evaluation.writing.events import give_theme, write_narrative, write_year_text
from indicators.demo_campaigns import OPEN

NARRATIVES = {
    (2023, "1.1"): "Le septième espace France Services a ouvert à Pleumartin en **septembre**. Les "
    "demandes traitées ont progressé d’un quart ; l’accompagnement aux démarches en ligne en "
    "représente plus de la moitié.\n\nLa permanence itinérante n’a pas trouvé de véhicule : elle "
    "est reportée à 2024.",
    (2023, "2.1"): "Le nombre de familles accompagnées en situation d’impayé a légèrement reculé "
    "après deux années de hausse. Les partenaires l’expliquent par le départ de deux "
    "travailleuses sociales, remplacées à la rentrée.",
    (2023, "3.1"): "Un septième espace de vie sociale a reçu son agrément en juin. Le nombre de "
    "bénévoles dépasse pour la première fois celui de 2019.",
    (2023, "4.1"): "Les relais ont tenu quarante-deux ateliers de santé environnementale dans onze "
    "établissements.\n\n- La permanence itinérante de Pleumartin a reçu cent douze familles.\n"
    "- Celle de Lencloître attend son local.\n\nDeux communes rurales demeurent à plus de vingt "
    "minutes d’un accueil collectif.",
    (2023, "4.2"): "L’accueil du mercredi a fermé dans une commune faute d’animateurs diplômés. Un "
    "groupement de trois communes étudie un accueil partagé.",
    (2023, "4.3"): "Les accueils de jeunes ont dépassé leur fréquentation de 2019. Le « 4 » a tenu "
    "deux jours d’ouverture de moins qu’en 2022, pour travaux.",
    (2023, "4.4"): "Les trois lieux d’accueil enfants-parents ont tenu cent dix-huit séances. Un "
    "quatrième est en projet dans le sud du territoire.",
    (2022, "4.1"): "L’extension de la crèche de Naintré a ouvert onze places.",
    (2024, "1.1"): "Bilan en cours de rédaction.",
}

YEAR_TEXTS = {
    (2023, Part.FOREWORD): "L’année 2023 a vu aboutir plusieurs des engagements pris ensemble en "
    "2019. Nous remercions les communes, les associations et les équipes qui les font vivre.\n\n"
    "**Hélène Marchand**, pour la Caf de la Vienne\n\n**Michel Garnier**, pour l’agglomération de "
    "Grand Châtellerault",
    (2023, Part.INTRODUCTION): "Cette évaluation porte sur la quatrième année de la convention. "
    "Les chiffres ont été recueillis de mars à septembre auprès de la Caf, de la MSA et de "
    "l’agglomération, puis vérifiés par une seconde personne de chaque organisme.\n\nLe comité "
    "de pilotage l’a examinée lors de ses deux réunions de l’année.",
    (2023, Part.CONCLUSION): "L’accès aux droits et l’accueil du jeune enfant progressent ; les "
    "impayés de loyer et l’accueil du mercredi demandent une attention particulière.\n\n- La "
    "permanence itinérante est reportée à 2024.\n- L’accueil partagé entre trois communes est à "
    "proposer au comité.\n- La dernière année de la convention préparera celle qui suit.",
    (2022, Part.INTRODUCTION): "Cette évaluation porte sur la troisième année de la convention, la "
    "première depuis 2019 que la crise sanitaire n’a pas interrompue.",
}

# What the text of a published year shows.
PLAN, PLANNED = Path(__file__).parent / "data/plan-fictif.png", (2022, "4.1")
PLAN_DESCRIPTION = {
    "alternative": "Plan de la crèche : l’extension, à droite de la salle des moyens, donne sur le "
    "jardin.",
    "caption": "La crèche de Naintré après son extension. Plan fictif.",
}
# By whom, what, and whether who writes has made something of it.
COMMENTS = [
    ("adviser-caf", "Le nombre de demandes est à donner par trimestre, comme en 2023.", True),
    ("copil-caf", "Il faudrait dire où en est la permanence itinérante, reportée à 2024.", False),
]
COMMENTED = "1.1"
GIVEN = "4.3"
REACHED, ON_THE_WAY, NOT_REACHED = Verdict.REACHED, Verdict.ON_THE_WAY, Verdict.NOT_REACHED
TO_ADAPT, WITHOUT_OBJECT = Verdict.TO_ADAPT, Verdict.WITHOUT_OBJECT

# By theme, orientation after orientation in reading order, for the two years.
APPRECIATIONS = {
    "1.1": [
        (
            (ON_THE_WAY, "Six espaces France Services sur sept ont ouvert."),
            (REACHED, "Le septième espace a ouvert ; plus d’une demande sur deux est une démarche "
             "accompagnée en ligne."),
        ),
        (
            (ON_THE_WAY, ""),
            (ON_THE_WAY, "Les fiches de relais sont diffusées ; les réunions entre professionnels "
             "reprennent en 2024."),
        ),
        (
            (NOT_REACHED, "Le poste du pôle n’a pas été pourvu en 2022."),
            (ON_THE_WAY, "Les équipes de deux bassins de vie sur trois sont formées."),
        ),
    ],
    "2.1": [
        ((ON_THE_WAY, ""), (ON_THE_WAY, "Deux opérations sur trois sont livrées.")),
        (
            (ON_THE_WAY, ""),
            (NOT_REACHED, "Le suivi social a manqué de deux postes jusqu’à la rentrée."),
        ),
        ((ON_THE_WAY, ""), (ON_THE_WAY, "Le protocole de prévention des expulsions est signé.")),
        ((REACHED, ""), (REACHED, "La permanence de la Maison de l’habitat se tient chaque mois.")),
        (
            (NOT_REACHED, "Aucune action n’a été engagée."),
            (TO_ADAPT, "Le projet Cœur de Ville s’est achevé : l’objectif est à tourner vers "
             "l’opération qui lui succède."),
        ),
        ((REACHED, ""), (REACHED, "")),
    ],
    "3.1": [
        ((ON_THE_WAY, ""), (REACHED, "Un **septième** espace de vie sociale est agréé.")),
        ((ON_THE_WAY, ""), (ON_THE_WAY, "")),
        ((ON_THE_WAY, ""), (ON_THE_WAY, "")),
        (
            (ON_THE_WAY, "L’étude a été rendue en juin."),
            (ON_THE_WAY, "Le schéma communautaire est écrit ; il reste à délibérer."),
        ),
        (
            (WITHOUT_OBJECT, "Les secteurs à couvrir n’étaient pas encore désignés."),
            (ON_THE_WAY, ""),
        ),
        ((REACHED, ""), (REACHED, "")),
    ],
    "4.1": [
        ((ON_THE_WAY, ""), (REACHED, "Les relais sont partout les guichets uniques.")),
        (
            (ON_THE_WAY, "Onze places ont ouvert à Naintré."),
            (ON_THE_WAY, "Deux communes rurales demeurent à plus de vingt minutes d’un accueil "
             "collectif."),
        ),
        ((REACHED, ""), (REACHED, "")),
    ],
    "4.2": [
        (
            (ON_THE_WAY, ""),
            (TO_ADAPT, "L’accueil du mercredi se heurte au manque d’animateurs : un accueil "
             "partagé entre communes est à inscrire dans l’objectif."),
        ),
        ((REACHED, ""), (REACHED, "")),
        ((ON_THE_WAY, ""), (ON_THE_WAY, "")),
    ],
}  # fmt: skip


def set_up() -> list[str]:
    """Write verdicts, texts, comments, posts and stakes of past years, then submit, publish and
    open some; what is written already is left. Return no remarks."""
    convention = Convention.objects.get(slug=REAL)
    _appreciate(convention)
    if not Narrative.objects.filter(theme__axis__convention=convention).exists():
        plan = _add_plan(convention)
        for (year, number), text in NARRATIVES.items():
            theme = Theme.objects.get(axis__convention=convention, number=number)
            narrative = f"{text}\n\n{plan}" if (year, number) == PLANNED else text
            write_narrative(theme, year, narrative, revision=0, by=account("coordination"))
            if year < OPEN:
                written = timezone.make_aware(datetime.datetime(year + 1, 9, 21, 14))
                Narrative.objects.filter(theme=theme, year=year).update(updated_at=written)
        for (year, part), text in YEAR_TEXTS.items():
            write_year_text(convention, year, part, text, revision=0, by=account("coordination"))
            written = timezone.make_aware(datetime.datetime(year + 1, 10, 4, 10))
            YearText.objects.of(convention).for_year(year).update(updated_at=written)
        # A theme of the year that is being written is given to who knows it.
        theme = Theme.objects.get(axis__convention=convention, number=GIVEN)
        give_theme(theme, OPEN, account("agent-caf"), by=account("coordination"))
        _comment(convention)
    _write_posts(convention)
    _appreciate_stakes(convention)
    publication.play(convention)
    opening.play(convention)
    final.play(convention)
    return []


def _add_plan(convention: Convention) -> str:
    """Add the image and return the Markdown that shows it."""
    with PLAN.open("rb") as content:
        file = File(content, name=PLAN.name)
        return add_illustration(
            convention, file, **PLAN_DESCRIPTION, by=account("coordination")
        ).markdown


def _comment(convention: Convention) -> None:
    """Comment a text that is being written; some comments are resolved."""
    theme = Theme.objects.get(axis__convention=convention, number=COMMENTED)
    for name, text, is_resolved in COMMENTS:
        about = {"convention": convention, "year": OPEN, "theme": theme}
        comment = comment_text(text, by=account(name), **about)
        if is_resolved:
            resolve_comment(comment, by=account("coordination"))


def _write_posts(convention: Convention) -> None:
    """Record the only post in each of ``POST_YEARS``, dated 30 September of the next year; do
    nothing where any year of a post is recorded."""
    if PostYear.objects.of(convention).exists():
        return
    post = convention.cooperation_posts.get()
    for year, record in POST_YEARS.items():
        filled = zip(planned_in(post), FILLED[year], strict=True)
        shares = [(domain, fte) for (domain, _), fte in filled if fte is not None]
        write_post(
            post, year, replace(record, shares=shares), revision=0, by=account("coordination")
        )
        written = timezone.make_aware(datetime.datetime(year + 1, 9, 30, 11))
        PostYear.objects.of(convention).for_year(year).update(updated_at=written)


def _appreciate_stakes(convention: Convention) -> None:
    """Appreciate the agreed stakes in each year of ``TRENDS``, dated 28 September of the next; do
    nothing where any stake is appreciated."""
    if StakeAppreciation.objects.of(convention).exists():
        return
    stakes = list(Stake.objects.of(convention).agreed())
    for year, trends in TRENDS.items():
        for stake, (verdict, text) in zip(stakes, trends, strict=True):
            appreciate_stake(stake, year, verdict, text, revision=0, by=account("coordination"))
        written = timezone.make_aware(datetime.datetime(year + 1, 9, 28, 16))
        StakeAppreciation.objects.of(convention).for_year(year).update(updated_at=written)


def _appreciate(convention: Convention) -> None:
    """Appreciate, for 2022 and 2023, the signed orientations in the themes of ``APPRECIATIONS``,
    and what is beneath those that are only headings, dated 28 September of the next year; do
    nothing where any is appreciated."""
    if Appreciation.objects.of(convention).exists():
        return
    own = Q(parent__isnull=True) | Q(parent__is_objective=False)
    tops = Objective.objects.of(convention).filter(own, origin="signature", is_objective=True)
    for number, verdicts in APPRECIATIONS.items():
        objectives = tops.filter(theme__number=number).select_related("theme__axis__convention")
        in_order = objectives.order_by(Coalesce("parent__rank", "rank"), "rank")
        for top, by_year in zip(in_order, verdicts, strict=True):
            for year, (verdict, text) in zip((2022, 2023), by_year, strict=True):
                appreciate(top, year, verdict, text, revision=0, by=account("coordination"))
    for year in (2022, 2023):
        written = timezone.make_aware(datetime.datetime(year + 1, 9, 28, 15))
        Appreciation.objects.of(convention).for_year(year).update(updated_at=written)
