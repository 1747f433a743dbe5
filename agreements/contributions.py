"""What the agreements bring to the house."""

from agreements.commitments.signed_text import (
    AnnexCommitment,
    ArticleCommitment,
    AxisCommitment,
    ThemeCommitment,
)
from agreements.personal import KEPT_NAMES, PERSONAL
from agreements.seats.events import end_seats_of
from agreements.seats.voices import speakers_in
from agreements.uploads import deposited
from agreements.versions.dependencies import named_by_version, spoken_of
from agreements.versions.signature import agree_to_what_was_signed, record_signature
from ctg_portal.house import Contributions

contributions = Contributions(
    versions=[ArticleCommitment(), AnnexCommitment(), AxisCommitment(), ThemeCommitment()],
    speakers=[speakers_in],
    after_load=[agree_to_what_was_signed],
    after_text=[record_signature],
    uploads=[deposited],
    reasons_to_keep=[spoken_of, named_by_version],
    personal=PERSONAL,
    kept_names=KEPT_NAMES,
    after_anonymisation=[end_seats_of],
)
