"""What the agreements bring to the house."""

from agreements.commitments.signed_text import (
    AnnexCommitment,
    ArticleCommitment,
    AxisCommitment,
    ThemeCommitment,
)
from agreements.personal import KEPT_NAMES, PERSONAL
from agreements.seats.capacities import capacities_by_seat
from agreements.seats.events import (
    confirm_seats_of,
    end_seats_of,
    guard_seats,
    silence,
    silence_elsewhere,
)
from agreements.seats.voices import seats_today
from agreements.uploads import deposited
from agreements.versions.dependencies import named_by_version, spoken_of
from agreements.versions.signature import agree_to_what_was_signed, record_signature
from ctg_portal.house import Contributions

contributions = Contributions(
    versions=[ArticleCommitment(), AnnexCommitment(), AxisCommitment(), ThemeCommitment()],
    capacities=[capacities_by_seat],
    seats=[seats_today],
    confirm_seats=[confirm_seats_of],
    after_standing=[silence],
    after_coordinating=[silence_elsewhere],
    after_guarding=[guard_seats],
    after_load=[agree_to_what_was_signed],
    after_text=[record_signature],
    uploads=[deposited],
    reasons_to_keep=[spoken_of, named_by_version],
    personal=PERSONAL,
    kept_names=KEPT_NAMES,
    after_anonymisation=[end_seats_of],
)
