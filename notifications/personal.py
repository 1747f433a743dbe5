"""What the notifications keep of a person."""

from ctg_portal.people.personal import Personal
from notifications.models import Notice

PERSONAL = [
    Personal(
        model=Notice, key="user", title="Ce que le portail vous a annoncé",
        given=["scope_label", "title", "summary", "since", "told_at"],
    ),
]  # fmt: skip
