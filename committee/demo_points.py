"""The points of the demonstration, each in another state. Titles and answers are fictional."""

import datetime
from dataclasses import dataclass

from agreements.models import Answer

CAF, AGGLO = "copil-caf", "copil-agglo"
BOTH = (CAF, AGGLO)
FEBRUARY = datetime.date(2024, 2, 2)


@dataclass(frozen=True)
class Story:
    """What happened to one objective of the committee.

    ``wordings`` are its successive titles, one by version; ``agreed_before`` is who agreed to all
    but the last. ``day`` is when the last version was proposed (None: today), ``first_day`` when
    the earlier ones were. ``answers`` and ``opinions`` are (account, what, why), ``recorded`` is
    an agreement received outside the portal, perhaps "refused".
    """

    theme: str
    rank: int
    wordings: tuple[str, ...]
    measure: str
    due_on: datetime.date = datetime.date(2024, 12, 31)
    agreed_before: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()
    answers: tuple[tuple[str, str, str], ...] = ()
    opinions: tuple[tuple[str, str, str], ...] = ()
    comments: tuple[tuple[str, str], ...] = ()
    note: str = ""
    recorded: str = ""
    withdrawn: str = ""
    is_draft: bool = False
    in_dossier: bool = False
    day: datetime.date | None = FEBRUARY
    first_day: datetime.date = datetime.date(2022, 12, 6)


POINTS = [
    Story(
        "4.1", 1,
        ("Tenir une permanence mensuelle du relais petite enfance",
         "Tenir une permanence hebdomadaire du relais petite enfance dans chacun des cinq bassins "
         "de vie"),
        "Nombre de permanences tenues dans l’année, par bassin de vie",
        agreed_before=BOTH,
        agreed=(AGGLO,),
        opinions=(("adviser-caf", Answer.FAVOURABLE, ""),),
        comments=(("ressource", "La PMI peut prêter ses locaux dans deux bassins de vie."),),
        note="La permanence mensuelle ne suffit plus aux assistantes maternelles.",
        in_dossier=True,
    ),
    Story(
        "1.1", 1,
        ("Ouvrir deux espaces France Services de plus avant la fin de 2024",),
        "Nombre d’espaces labellisés au 31 décembre 2024",
        agreed=(AGGLO,),
        in_dossier=True,
    ),
    Story(
        "4.2", 1,
        ("Proposer un accueil de loisirs le mercredi à moins de vingt minutes de chaque commune",),
        "Part des enfants de 3 à 11 ans à moins de vingt minutes d’un accueil ouvert le mercredi",
        opinions=(("adviser-caf", Answer.RESERVED, "Le transport reste à financer."),),
        in_dossier=True,
    ),
    Story(
        "4.3", 2,
        ("Créer un conseil intercommunal des jeunes",),
        "Conseil installé et réuni au moins deux fois par an",
        answers=((AGGLO, Answer.DELIBERATION, ""),),
        agreed=(CAF,),
        day=None,
    ),
    Story(
        "4.4", 3,
        ("Organiser chaque trimestre un atelier parents-enfants à la ludothèque",),
        "Nombre d’ateliers et de familles accueillies",
        answers=((AGGLO, Answer.AGENDA, "À débattre avec les communes concernées"),),
    ),
    Story(
        "4.1", 2,
        ("Réserver une place sur dix des crèches aux parents en insertion",),
        "Part des places occupées par des enfants de parents en insertion",
        answers=((AGGLO, Answer.CHANGE_REQUESTED, "Préciser que les crèches associatives sont "
                  "concernées sur la base du volontariat."),),
    ),
    Story(
        "3.1", 1,
        ("Soutenir un centre social de plus dans le sud du territoire",),
        "Agrément délivré par la Caf",
        datetime.date(2023, 12, 31),
        agreed=BOTH,
        day=datetime.date(2022, 6, 14),
    ),
    Story(
        "2.1", 1,
        ("Visiter chaque année cinquante logements signalés",
         "Visiter chaque année quatre-vingts logements signalés"),
        "Nombre de visites dans l’année",
        agreed_before=BOTH,
        agreed=BOTH,
        note="Les signalements ont augmenté de moitié en un an.",
        day=datetime.date(2023, 5, 9),
        first_day=datetime.date(2021, 3, 16),
    ),
    Story(
        "4.3", 1,
        ("Former tous les animateurs aux premiers secours en santé mentale",),
        "Part des animateurs formés",
        recorded="recorded",
        day=None,
    ),
    Story(
        "4.2", 2,
        ("Ouvrir la ludothèque un samedi sur deux",),
        "Nombre de samedis ouverts",
        recorded="refused",
        agreed=(AGGLO,),
        day=None,
    ),
    Story(
        "4.4", 4,
        ("Dresser la carte des actions de soutien à la parentalité",),
        "Carte publiée et tenue à jour",
        withdrawn="La carte est déjà dressée par le Département.",
    ),
    Story(
        "1.1", 2,
        ("Publier un guide des démarches destiné aux familles qui arrivent",),
        "Guide publié et remis dans chaque mairie",
        is_draft=True,
        day=None,
    ),
]  # fmt: skip
