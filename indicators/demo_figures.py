"""The figures of the demonstration. All are invented; only the indicators' names are of the field.

By indicator of the library: who provides it, the situation in 2019, the figures of 2020 to 2023,
that of 2024 where it is given, what is aimed at. Some recede, some are missing, one is secret,
one changes its definition in 2022.
"""

from dataclasses import dataclass
from decimal import Decimal

CAF, MSA, EPCI, INSEE = "CAF 86", "MSA Poitou", "Grand Châtellerault", "Insee"
NOT_AVAILABLE, NOT_APPLICABLE = "not_available", "not_applicable"


@dataclass(frozen=True)
class Ratio:
    """Two numbers, of which the figure is the quotient."""

    numerator: int
    denominator: int


@dataclass(frozen=True)
class Absent:
    """No number, and why."""

    kind: str
    reason: str


def decimal(figure: int | str) -> Decimal:
    return Decimal(str(figure))


Figure = int | str | Ratio | Absent | None


@dataclass(frozen=True)
class IndicatorStory:
    """An indicator of the demonstration. ``rank``: of the orientation that it measures, in its
    theme. ``now``: its figure for 2024 and how far that is on its way (draft, submitted, verified,
    returned). ``stage``: how far its agreement is; empty: in force. ``provisional``: years.
    ``is_by_commune``: those of its communes are published, and typed by nobody."""

    code: str
    theme: str
    provider: str
    definition: str
    baseline: Figure
    figures: tuple[Figure, Figure, Figure, Figure] = (None, None, None, None)
    target: str | None = None
    targets: tuple[tuple[int, str], ...] = ()
    now: tuple[Figure, str] | None = None
    rank: int = 1
    month: int | None = None
    stage: str = ""
    numerator: str = ""
    denominator: str = ""
    redefined: str = ""
    comments: tuple[tuple[int, str], ...] = ()
    provisional: tuple[int, ...] = ()
    limits: str = ""
    is_by_commune: bool = False

    @property
    def is_published(self) -> bool:
        """Whether the territory's figure is that of its communes, which somebody publishes."""
        return self.is_by_commune and self.provider == CAF


STORIES = [
    # 1.1 Accès aux droits
    IndicatorStory(
        "DR-01", "1.1", EPCI,
        "Espaces labellisés France Services ouverts au public au 31 décembre, antennes comprises.",
        2, (3, 4, 6, 7), "9", now=(8, "verified"), month=1,
        comments=((2021, "Une antenne de plus."), (2022, "Deux espaces labellisés dans l’année.")),
    ),
    IndicatorStory(
        "DR-02", "1.1", EPCI,
        "Demandes traitées dans l’année par les espaces France Services du territoire, sur place, "
        "par téléphone ou par courriel.",
        4_100, (5_350, 11_820, 17_640, 21_905), "24000", now=(23_480, "submitted"), month=2,
        comments=((2021, "Trois espaces ont ouvert dans l’année."),
                  (2022, "Première année pleine des espaces ouverts en 2021.")),
        limits="Une même personne peut formuler plusieurs demandes.",
    ),
    IndicatorStory(
        "DR-04", "1.1", EPCI,
        "Personnes ayant suivi au moins un atelier d’inclusion numérique dans l’année.",
        180, target="600", stage="proposed",
    ),
    IndicatorStory(
        "DR-06", "1.1", CAF,
        "Foyers ayant un droit versable au revenu de solidarité active au 31 décembre.",
        2_610, (2_745, 2_655, 2_540, 2_495), now=(2_470, "submitted"), month=5, is_by_commune=True,
    ),
    # 2.1 Logement et cadre de vie
    IndicatorStory(
        "LO-01", "2.1", CAF,
        "Foyers ayant un droit versable à une aide au logement (APL, ALF, ALS) au 31 décembre.",
        7_980, (7_905, 7_640, 7_585, 7_560), now=(7_530, "draft"), month=5, is_by_commune=True,
    ),
    IndicatorStory(
        "LO-04", "2.1", CAF,
        "Familles avec enfants en impayé de loyer ayant accepté un accompagnement social.",
        64, (58, 71, 83, 79), "100", now=(None, "missing"), month=4,
        provisional=(2023,),
    ),
    IndicatorStory(
        "LO-05", "2.1", EPCI,
        "Expulsions locatives prononcées par jugement dans l’année.",
        41, target="30", stage="caf",
    ),
    IndicatorStory(
        "LO-08", "2.1", INSEE,
        "Part de la population dont le niveau de vie est inférieur à 60 % du niveau de vie médian.",
        "15.9", ("16.1", "15.8", "16.0", None), now=(None, "missing"), month=9,
        limits="Publié avec deux ans de retard par l’Insee.", is_by_commune=True,
    ),
    # 3.1 Animation de la vie sociale
    IndicatorStory(
        "VS-01", "3.1", CAF,
        "Centres sociaux et espaces de vie sociale ayant un agrément en cours au 31 décembre.",
        5, (5, 6, 6, 7), "8", now=(7, "verified"), month=2,
    ),
    IndicatorStory(
        "VS-02", "3.1", CAF,
        "Bénévoles réguliers déclarés par les structures agréées dans leur rapport d’activité.",
        212, (164, 178, 203, 226), "260", now=(231, "returned"), month=4,
        comments=((2020, "Activités suspendues pendant la crise sanitaire."),),
    ),
    IndicatorStory(
        "VS-03", "3.1", CAF,
        "Communes dont les habitants disposent d’une structure agréée à moins de quinze minutes.",
        19, target="30", stage="change",
    ),
    # 4.1 Petite enfance
    IndicatorStory(
        "PE-01", "4.1", CAF,
        "Places théoriques d’accueil formel rapportées au nombre d’enfants de moins de 3 ans, pour "
        "cent enfants.",
        Ratio(1_212, 2_190),
        (Ratio(1_196, 2_160), Ratio(1_188, 2_121), Ratio(1_192, 2_084), Ratio(1_201, 2_047)),
        "60", now=(Ratio(1_207, 2_018), "submitted"), month=5,
        numerator="Places en EAJE, chez les assistants maternels, à l’école et en garde à domicile",
        denominator="Enfants de moins de 3 ans au 1er janvier",
    ),
    IndicatorStory(
        "PE-02", "4.1", CAF,
        "Places agréées en établissement d’accueil du jeune enfant au 31 décembre.",
        412, (416, 420, 431, 438), "448", now=(441, "verified"), month=5,
        stage="next",
    ),
    IndicatorStory(
        "PE-08", "4.1", CAF,
        "Enfants bénéficiaires de l’allocation d’éducation de l’enfant handicapé ayant fréquenté "
        "un établissement dans l’année.",
        9, (Absent(NOT_AVAILABLE, "Le suivi par établissement a commencé en 2021."), 4, 11, 14),
        "20", now=(15, "draft"), month=6, rank=2,
        comments=((2022, "Sept établissements renseignent désormais ce suivi."),),
    ),
    IndicatorStory(
        "PE-10", "4.1", EPCI,
        "Ateliers tenus dans l’année en établissement d’accueil et en relais petite enfance.",
        6, (9, 18, 29, 42), "48", now=(45, "verified"), rank=2, month=2,
        comments=((2021, "Un poste d’animation a été créé au relais."),
                  (2022, "Le programme couvre désormais tous les relais."),
                  (2023, "Onze établissements participent, contre sept en 2022.")),
    ),
    # 4.2 Enfance
    IndicatorStory(
        "EN-01", "4.2", CAF,
        "Heures d’accueil extrascolaire facturées aux familles dans l’année.",
        196_400, (121_300, 168_900, 214_700, 221_350), "230000", now=(None, "missing"), month=6,
        redefined="Heures d’accueil extrascolaire réalisées dans l’année, déclarées à la Caf.",
        comments=((2020, "Accueils fermés au printemps 2020."),
                  (2021, "Reprise progressive des accueils.")),
    ),
    IndicatorStory(
        "EN-04", "4.2", EPCI,
        "Communes où un accueil de loisirs est ouvert le mercredi en période scolaire.",
        21, (21, 22, 20, 19), "27", now=(20, "submitted"), month=1,
    ),
    IndicatorStory(
        "EN-06", "4.2", EPCI,
        "Visites de la ludothèque communautaire et de ses antennes dans l’année.",
        8_400, target="12000", stage="draft", rank=2,
    ),
    # 4.3 Jeunesse
    IndicatorStory(
        "JE-01", "4.3", EPCI,
        "Jeunes de 12 à 17 ans ayant fréquenté au moins une fois un accueil de jeunes déclaré.",
        640, (402, 515, 598, 672), "750", now=(691, "submitted"), month=3,
        comments=((2020, "Accueils fermés au printemps 2020."),),
    ),
    IndicatorStory(
        "JE-03", "4.3", EPCI,
        "Jours d’ouverture au public du « 4 » dans l’année.",
        228, (131, 187, 241, 239), targets=((2022, "235"), (2023, "240"), (2024, "245")),
        now=(244, "verified"), rank=4, month=1,
        comments=((2020, "Fermetures administratives."), (2021, "Réouverture en mai 2021.")),
    ),
    IndicatorStory(
        "JE-04", "4.3", EPCI,
        "Actions collectives de prévention menées auprès de jeunes de 11 à 25 ans dans l’année.",
        11, target="20", stage="deliberation",
    ),
    # 4.4 Parentalité
    IndicatorStory(
        "PA-01", "4.4", CAF,
        "Lieux d’accueil enfants-parents ayant une convention de prestation de service en cours au "
        "31 décembre.",
        2, (2, 2, 3, 3), "5", now=(4, "verified"), month=3,
        comments=((2022, "Un lieu itinérant a ouvert dans le nord du territoire."),
                  (2024, "Ouverture d’un lieu dans le sud du territoire.")),
    ),
    IndicatorStory(
        "PA-04", "4.4", CAF,
        "Familles présentes rapportées au nombre de séances tenues dans l’année.",
        Ratio(486, 92), (Ratio(171, 44), Ratio(302, 71), Ratio(498, 94), Ratio(561, 118)),
        "6", now=(None, "missing"), month=4,
        numerator="Présences de familles aux séances de LAEP",
        denominator="Séances tenues dans l’année",
        comments=((2020, "Nombre de familles limité par séance."),),
    ),
    IndicatorStory(
        "PA-06", "4.4", MSA,
        "Enfants relevant du régime agricole inscrits à un contrat local d’accompagnement à la "
        "scolarité.",
        36, (28, 33, 41, 44), "50",
        now=(Absent(NOT_AVAILABLE, "Les listes d’inscription arrivent en septembre."), "submitted"),
        month=9,
    ),
]  # fmt: skip

# What the year changed in each theme, by year and number of the theme. Invented, like the figures.
