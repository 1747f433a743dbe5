"""Personal data that projects of conventions store."""

from conventions.setting_up.models import Project
from ctg_portal.people.personal import Personal

PERSONAL = [
    Personal(
        model=Project, key="owner", title="Les conventions que vous préparez",
        given=["created_at", "updated_at"],
    ),
    Personal(
        model=Project, key="updated_by", title="Les projets de convention que vous avez modifiés",
        given=["created_at", "updated_at"],
    ),
]  # fmt: skip
