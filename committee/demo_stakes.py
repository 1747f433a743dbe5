"""The shared stakes of the demonstration: two that the committee has agreed to, one proposed. What
they say is drawn from the convention; that they were agreed to is fictional."""

import datetime
from dataclasses import dataclass

from committee.demo_points import AGGLO, BOTH, FEBRUARY


@dataclass(frozen=True)
class StakeStory:
    """A stake, with the numbers of the themes that it concerns, who agrees to it, and when it was
    proposed."""

    title: str
    text: str
    themes: tuple[str, ...]
    agreed: tuple[str, ...]
    day: datetime.date


FIRST_YEAR = datetime.date(2020, 11, 24)
STAKES = [
    StakeStory(
        "Rapprocher les services des familles qui en sont éloignées",
        "Le territoire réunit une ville et quarante-six communes rurales. Loin de Châtellerault, "
        "une démarche demande souvent un déplacement, ou internet, que toutes les familles "
        "n’utilisent pas.\n\n- Les services s’appuient sur les relais du territoire.\n- L’accueil "
        "du jeune enfant et l’accès aux droits sont concernés ensemble.",
        ("1.1", "4.1", "4.2"),
        BOTH,
        FIRST_YEAR,
    ),
    StakeStory(
        "Faire agir ensemble ceux qui accompagnent les parents",
        "Relais, ludothèque, centres sociaux et lieux d’accueil enfants-parents soutiennent les "
        "mêmes familles sans toujours se connaître. Chaque parent doit trouver, où qu’il "
        "s’adresse, celui qui peut l’aider.",
        ("3.1", "4.4"),
        BOTH,
        FIRST_YEAR,
    ),
    StakeStory(
        "Donner aux jeunes des raisons de rester",
        "Les jeunes de 16 à 25 ans quittent le territoire pour se former, se loger et se divertir. "
        "Logement, mobilité et lieux de rencontre se travaillent ensemble.",
        ("2.1", "4.3"),
        (AGGLO,),
        FEBRUARY,
    ),
]  # fmt: skip
