"""Settings that change are written to the log; what a file still says of them is known by it."""

from typing import Any

from accounts.models import User
from conventions.journal.models import Setting, SettingChange
from conventions.legal.convention import Convention
from conventions.parties.models import Organisation


def record_setting(
    setting: Setting, about: Convention | Organisation, before: Any, after: Any, *,
    by: User | None, capacity: str, former_logo: bytes | None = None,
    undoes: SettingChange | None = None,
) -> SettingChange:  # fmt: skip
    """Write a change of a setting of a convention, or of one of its organisations, to the log."""
    organisation = about if isinstance(about, Organisation) else None
    return SettingChange.objects.create(
        convention_id=about.convention_id,
        organisation=organisation,
        setting=setting,
        before=before,
        after=after,
        former_logo=former_logo,
        by=by,
        by_name=str(by or ""),
        capacity=capacity,
        undoes=undoes,
    )


class Settled:
    """What was set from the pages of a convention, for who brings it from a file."""

    def __init__(self, convention: Convention):
        self._values: dict[tuple[int | None, str], list[tuple[Any, Any]]] = {}
        if convention.pk is None:
            return
        rows = SettingChange.objects.of(convention).order_by("pk")
        for organisation, setting, before, after in rows.values_list(
            "organisation", "setting", "before", "after"
        ):
            self._values.setdefault((organisation, setting), []).append((before, after))

    def is_outdated(self, setting: Setting, organisation: int | None, value: Any, now: Any) -> bool:
        """Return whether ``value`` is one that a page has replaced by what stands ``now``, so that
        a file which still gives it is older than the page. ``organisation``: its primary key, None
        of the convention itself."""
        changes = self._values.get((organisation, setting), [])
        if not changes or now != changes[-1][1] or value == now:
            return False
        return any(value in change for change in changes)
