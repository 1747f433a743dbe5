"""Personal data that designations store."""

from conventions.hosting.models import Designation
from ctg_portal.people.personal import Personal

PERSONAL = [
    Personal(
        model=Designation, key="accepted_by", title="Les désignations que vous avez acceptées",
        given=["sent_at", "accepted_at"],
    ),
    Personal(
        model=Designation, key="operator", title="Les désignations faites pour l’hébergeur",
        given=["sent_at", "accepted_at"],
    ),
]  # fmt: skip
