"""The demonstration's records of the post of cooperation and of the shared stakes. All is
fictional but what the convention plans."""

from decimal import Decimal

from evaluation.cooperation.post_record import PostRecord
from evaluation.stakes.models import Trend

CAF, AGGLO = "Caf de la Vienne", "Communauté d’agglomération de Grand Châtellerault"

# By year: ETP filled in each domain of the post, in their order; None where nobody knows.
FILLED = {
    2021: (Decimal("0.4"), Decimal("0.1")),
    2022: (Decimal("0.7"), None),
    2023: (Decimal("0.7"), Decimal("0.3")),
}
ALWAYS = [
    "attendus.objectifs", "attendus.partenariats", "politiques.conseil", "politiques.plans",
    "reseau.partenaires",
]  # fmt: skip
# By year, without the shares.
POST_YEARS = {
    2021: PostRecord(
        activities=[*ALWAYS, "attendus.diagnostics", "besoins.diagnostic"],
        text="La chargée de coopération a pris son poste en **juillet**. L’année a servi à "
        "rencontrer les communes et à tenir le diagnostic partagé.",
        partnerships="Convention d’échange avec le Pôle handicap de Châtellerault.",
        cost=Decimal(25300),
        fundings=[(CAF, Decimal(12000)), (AGGLO, Decimal(13300))],
    ),
    2022: PostRecord(
        activities=[*ALWAYS, "politiques.outils", "besoins.attentes", "habitants.information"],
        text="Le plan d’actions est suivi chaque trimestre avec ses pilotes.",
        services="Extension de la crèche de Naintré : onze places.",
        cost=Decimal(47600),
        fundings=[(CAF, Decimal(24000)), (AGGLO, None)],
    ),
    2023: PostRecord(
        activities=[
            *ALWAYS, "attendus.evaluation", "politiques.engagements", "politiques.outils",
            "besoins.attentes", "reseau.transversal", "habitants.expression",
        ],
        text="Le poste est pourvu à temps plein. Trois réseaux se réunissent : petite enfance, "
        "jeunesse, parentalité.",
        services="- Septième espace France Services, à Pleumartin\n- Septième espace de vie "
        "sociale, agréé en juin",
        partnerships="Protocole de prévention des expulsions, signé avec le Département et les "
        "bailleurs.",
        transfers="Étude du transfert de la compétence petite enfance de trois communes à "
        "l’agglomération ; aucune prise de compétence dans l’année.",
        cost=Decimal(48900),
        fundings=[(CAF, Decimal(24000)), (AGGLO, Decimal(24900))],
    ),
}  # fmt: skip

# By year, of the two stakes that are agreed to, in the order in which they came in.
TRENDS = {
    2021: [
        (Trend.STRONGER, "La crise sanitaire a fermé plusieurs permanences."),
        (Trend.UNSAID, "Les rencontres entre professionnels ont été suspendues."),
    ],
    2022: [
        (Trend.STABLE, "Six espaces France Services sont ouverts ; les distances demeurent."),
        (Trend.STABLE, ""),
    ],
    2023: [
        (Trend.EASED, "Le septième espace a ouvert à Pleumartin."),
        (
            Trend.STRONGER,
            "Les demandes des parents augmentent plus vite que les lieux où ils sont accueillis.",
        ),
    ],
}
