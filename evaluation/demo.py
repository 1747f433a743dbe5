"""The demonstration of the evaluation: what was written of the years. All is fictional."""

import datetime

from django.utils import timezone

from committee.demo import account
from conventions.demo import REAL
from conventions.models import Convention, Theme
from evaluation.models import Narrative, Part, YearText
from evaluation.opening import demo as opening
from evaluation.publication import demo as publication
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

GIVEN = "4.3"


def set_up() -> list[str]:
    convention = Convention.objects.get(slug=REAL)
    if not Narrative.objects.filter(theme__axis__convention=convention).exists():
        for (year, number), text in NARRATIVES.items():
            theme = Theme.objects.get(axis__convention=convention, number=number)
            write_narrative(theme, year, text, seen=0, by=account("coordination"))
            if year < OPEN:
                written = timezone.make_aware(datetime.datetime(year + 1, 9, 21, 14))
                Narrative.objects.filter(theme=theme, year=year).update(updated_at=written)
        for (year, part), text in YEAR_TEXTS.items():
            write_year_text(convention, year, part, text, seen=0, by=account("coordination"))
            written = timezone.make_aware(datetime.datetime(year + 1, 10, 4, 10))
            YearText.objects.of(convention).of_year(year).update(updated_at=written)
        # A theme of the year that is being written is given to who knows it.
        theme = Theme.objects.get(axis__convention=convention, number=GIVEN)
        give_theme(theme, OPEN, account("agent-caf"), by=account("coordination"))
    publication.play(convention)
    opening.play(convention)
    return []
