"""Personal data that the log of settings stores."""

from conventions.journal.models import SettingChange
from ctg_portal.people.personal import Personal

PERSONAL = [
    Personal(
        model=SettingChange, key="by", title="Les réglages que vous avez modifiés",
        given=["setting", "capacity", "created_at"], forgets=["by_name"],
    )
]  # fmt: skip
