"""The demonstration of the final evaluation, begun: a few texts, criteria and appreciations. All is
fictional."""

from committee.demo import account
from conventions.models import Convention, CooperationPost, Objective, Theme
from evaluation.cooperation.events import write_post
from evaluation.cooperation.post_record import PostRecord
from evaluation.texts.models import CriterionText, Part
from evaluation.verdicts.events import appreciate
from evaluation.verdicts.models import Verdict
from evaluation.writing.events import write_criterion, write_narrative, write_year_text

INTRODUCTION = (
    "Cette évaluation porte sur toute la durée de la convention. Elle réunit les évaluations "
    "annuelles, que les parties ont validées, et les compare à la situation de 2019.\n\nDeux "
    "années sur cinq ont été marquées par la crise sanitaire : les écarts d’une année à l’autre "
    "sont à lire avec cette réserve."
)
NARRATIVES = {
    "1.1": "Depuis 2019, le territoire est passé de deux à **sept** espaces France Services : "
    "chaque bassin de vie en a un. L’accompagnement aux démarches en ligne représente désormais "
    "la moitié des demandes.\n\nLa permanence itinérante, prévue dès 2021, "
    "n’a pas vu le jour.",
    "4.1": "Les relais sont devenus les guichets uniques de l’accueil du jeune enfant. Les places "
    "agréées ont progressé, surtout au nord du territoire ; deux communes rurales demeurent à plus "
    "de vingt minutes d’un accueil collectif.",
}
CRITERIA = [
    (
        "pertinence",
        "Très satisfaisant",
        "Les besoins relevés par le diagnostic de 2019 sont restés ceux du territoire. La mobilité "
        "des jeunes, apparue depuis, n’y figurait pas.",
    ),
    (
        "efficacite",
        "Satisfaisant",
        "L’accès aux droits et l’accueil du jeune enfant ont atteint leurs objectifs ; l’accueil "
        "du mercredi et le suivi social des ménages ne les ont pas atteints.",
    ),
    ("efficience", "", "À compléter par les dépenses de 2024, encore attendues."),
]
POST = PostRecord(
    text="Le poste a été pourvu à partir de juillet 2021, puis à temps plein en 2023. Les réseaux "
    "d’acteurs et le suivi du plan d’actions, attendus du référentiel, sont en place ; "
    "l’animation des commissions d’admission n’a pas été engagée.",
    transfers="Aucune prise de compétence à ce jour : l’étude du transfert de la petite enfance "
    "de trois communes est à reprendre dans la prochaine convention.",
)
REACHED, ON_THE_WAY, TO_ADAPT = Verdict.REACHED, Verdict.ON_THE_WAY, Verdict.TO_ADAPT
# By theme, orientation after orientation in reading order.
APPRECIATIONS = {
    "1.1": [
        (REACHED, "Chaque bassin de vie a son espace France Services."),
        (ON_THE_WAY, "Les fiches de relais servent partout ; les réunions restent irrégulières."),
        (ON_THE_WAY, "Deux bassins de vie sur trois sont servis."),
    ],
    "4.1": [
        (REACHED, "Les relais sont partout les guichets uniques."),
        (TO_ADAPT, "L’objectif est à tourner vers les communes les plus éloignées."),
        (REACHED, ""),
    ],
}


def play(convention: Convention) -> None:
    """Write the texts, verdicts and the post of the term; do nothing where a criterion is
    written."""
    if CriterionText.objects.of(convention).exists():
        return
    by = account("coordination")
    write_year_text(convention, None, Part.INTRODUCTION, INTRODUCTION, revision=0, by=by)
    for number, text in NARRATIVES.items():
        theme = Theme.objects.get(axis__convention=convention, number=number)
        write_narrative(theme, None, text, revision=0, by=by)
    for code, mark, text in CRITERIA:
        write_criterion(convention, code, text, mark, revision=0, by=by)
    post = CooperationPost.objects.of(convention).first()
    write_post(post, None, POST, revision=0, by=by)
    tops = Objective.objects.of(convention).level(1).filter(origin="signature")
    for number, appreciations in APPRECIATIONS.items():
        those = tops.filter(theme__number=number).select_related("theme__axis__convention")
        for top, (verdict, text) in zip(those.order_by("rank"), appreciations, strict=True):
            appreciate(top, None, verdict, text, revision=0, by=by)
