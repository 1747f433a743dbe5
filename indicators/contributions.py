"""What the indicators bring to the house."""

from ctg_portal.house import Contributions, Entry
from indicators.collection.dashboard import collection_deadlines, collection_panel
from indicators.collection.rights import reads_what_is_secret
from indicators.collection.tasks import campaign_tasks
from indicators.definitions.cards import indicator_hits, indicator_links
from indicators.definitions.commitments import IndicatorCommitment
from indicators.demo import set_up
from indicators.personal import PERSONAL
from indicators.values.uploads import deposited

contributions = Contributions(
    menu=[
        Entry("Indicateurs", "indicators:indicators", rank=50),
        Entry("Évaluations", "indicators:campaigns", rank=60),
    ],
    tasks=[campaign_tasks],
    state=[collection_panel],
    deadlines=[collection_deadlines],
    objective_links=[indicator_links],
    uploads=[deposited],
    search=[indicator_hits],
    long_session_refusals=[reads_what_is_secret],
    versions=[IndicatorCommitment()],
    personal=PERSONAL,
    demo=[set_up],
)
