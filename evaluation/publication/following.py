"""What is said before something is changed that is submitted."""

from evaluation.models import Edition
from indicators.models import Campaign

NOTE = (
    "L’évaluation {year} est soumise {to} : si ce changement se voit dans son contenu, elle est "
    "rendue à la rédaction, et devra être soumise de nouveau."
)


def notes_on_change(campaign: Campaign) -> list[str]:
    """What changing a text or a figure of the year brings about; nothing where none is submitted.
    One query."""
    edition = Edition.objects.of(campaign.convention).of_year(campaign.year).in_hand().first()
    if edition is None:
        return []
    to = "à l’accord des parties" if edition.is_proposed else "à validation"
    return [NOTE.format(year=campaign.year, to=to)]
