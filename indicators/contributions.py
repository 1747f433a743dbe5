"""What the indicators bring to the house."""

from ctg_portal.house import Contributions, Entry
from indicators.collection.rights import reads_what_is_secret
from indicators.collection.tasks import campaign_cards, campaign_tasks
from indicators.definitions.cards import indicator_cards, indicator_hits, indicator_links
from indicators.definitions.commitments import IndicatorCommitment
from indicators.demo import set_up
from indicators.personal import PERSONAL
from indicators.values.uploads import deposited

contributions = Contributions(
    menu=[
        Entry("Indicateurs", "indicators:indicators", rank=50, group="Suivre"),
        Entry("Évaluations", "indicators:campaigns", rank=60, group="Suivre", short="Résultats"),
    ],
    tasks=[campaign_tasks],
    cards=[campaign_cards, indicator_cards],
    objective_links=[indicator_links],
    uploads=[deposited],
    search=[indicator_hits],
    long_session_refusals=[reads_what_is_secret],
    versions=[IndicatorCommitment()],
    personal=PERSONAL,
    demo=[set_up],
)
