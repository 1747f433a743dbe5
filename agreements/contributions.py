"""What the agreements bring to the house."""

from agreements.answers.settlement import record_signature_after_load
from agreements.commitments.signed_text import (
    AnnexCommitment,
    ArticleCommitment,
    AxisCommitment,
    ThemeCommitment,
)
from agreements.personal import KEPT_NAMES, PERSONAL
from agreements.seats.events import (
    confirm_seats_of,
    end_seats_of,
    return_seats_to_pending,
    suspend_seats_elsewhere,
    suspend_seats_of,
)
from agreements.seats.voices import capacities_by_seat, seats_today
from agreements.uploads import deposited
from agreements.versions.dependencies import describe_committee_use, describe_naming_version
from agreements.versions.signature import record_signature
from ctg_portal.house import Contributions

contributions = Contributions(
    versions=[ArticleCommitment(), AnnexCommitment(), AxisCommitment(), ThemeCommitment()],
    capacities=[capacities_by_seat],
    seats=[seats_today],
    confirm_seats=[confirm_seats_of],
    after_standing=[suspend_seats_of],
    after_coordinating=[suspend_seats_elsewhere],
    after_guarding=[return_seats_to_pending],
    after_load=[record_signature_after_load],
    after_text=[record_signature],
    uploads=[deposited],
    reasons_to_keep=[describe_committee_use, describe_naming_version],
    personal=PERSONAL,
    kept_names=KEPT_NAMES,
    after_anonymisation=[end_seats_of],
)
