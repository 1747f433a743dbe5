"""Settings are changed, and a change is taken back. Each value is logged before and after."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from conventions.access.rights import capacity_for, coordinating
from conventions.journal.models import Setting, SettingChange
from conventions.journal.recording import record_setting
from conventions.legal.convention import Convention, lock_convention
from conventions.parties.logos import delete_logo_file, digest_of, store_logo, stored_logo
from conventions.parties.models import Organisation, Party
from conventions.settings import rights
from ctg_portal.forms.revisions import Rewritten
from ctg_portal.marks.events import changed, event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce

GONE = Refusal("Cet organisme n’est plus une partie de la convention.")


@event()
def change_settings(
    convention: Convention, values: Mapping[Setting, Any], *, by: User | None,
    revision: int | None = None,
) -> Convention:  # fmt: skip
    """Change settings of a convention and return it; ``revision``: as the form showed it. Raises
    Refused, with Rewritten where somebody has changed one of them since."""
    convention = lock_convention(convention.pk)
    enforce(rights.may_set(by, convention))
    _check(convention, None, list(values), revision)
    _set(convention, values, by)
    return convention


@event(Subject.TEXT)
def change_party(
    organisation: Organisation, values: Mapping[Setting, Any], *, by: User | None,
    revision: int | None = None,
) -> Organisation:  # fmt: skip
    """Change the settings of a party and return its organisation; a logo is a cleaned PNG, empty
    to remove it. Raises Refused, with Rewritten where somebody has changed one of them since."""
    organisation = _lock_party(organisation.pk, organisation.convention_id)
    enforce(rights.may_set_party(by, organisation))
    _check(organisation.convention, organisation, list(values), revision)
    _set_party(organisation, values, by)
    return organisation


@event()
def undo(change: SettingChange, *, by: User | None) -> None:
    """Set a setting back to what it was before a change. Raises Refused, also where it is no
    longer as that change has left it."""
    lock_convention(change.convention_id)
    change = SettingChange.objects.select_related("convention", "organisation").get(pk=change.pk)
    enforce(rights.may_undo(by, change))
    setting = Setting(change.setting)
    if change.organisation is None:
        if getattr(change.convention, setting) != change.after:
            raise Refused(rights.CHANGED_SINCE)
        _set(change.convention, {setting: change.before}, by, undoes=change)
        return
    organisation = _lock_party(change.organisation.pk, change.convention_id)
    if _value_of(organisation, setting) != change.after:
        raise Refused(rights.CHANGED_SINCE)
    is_logo = setting == Setting.LOGO
    value = bytes(change.former_logo or b"") if is_logo else change.before
    changed(organisation, Subject.TEXT)
    _set_party(organisation, {setting: value}, by, undoes=change)


def last_change(
    convention: Convention, organisation: Organisation | None, settings: list[Setting]
) -> int:
    """Return the revision of some settings: the key of their last change, 0 without any."""
    return SettingChange.objects.of(convention).about(organisation, settings).last_key()


def _check(
    convention: Convention, organisation: Organisation | None, settings: list[Setting],
    revision: int | None,
) -> None:  # fmt: skip
    """Raise Refused, with Rewritten, where one of these settings was changed since ``revision``;
    None is not checked."""
    changes = SettingChange.objects.of(convention).about(organisation, settings)
    last = changes.first()
    if revision is None or last is None or last.pk == revision:
        return
    who = last.by_name or "L’hébergeur"
    raise Refused(
        Rewritten(
            f"{who} a enregistré autre chose depuis que cette page est ouverte : comparez les deux."
        )
    )


def _set(
    convention: Convention, values: Mapping[Setting, Any], by: User | None, *,
    undoes: SettingChange | None = None,
) -> None:  # fmt: skip
    """Write the settings of a convention that differ, each with its row in the log. Words and
    contact are on every page: all marks change."""
    differing = {key: new for key, new in values.items() if getattr(convention, key) != new}
    for setting, value in differing.items():
        record_setting(
            setting, convention, getattr(convention, setting), value,
            **coordinating(by), undoes=undoes,
        )  # fmt: skip
        setattr(convention, setting, value)
    if differing:
        changed(convention, *Subject)
        _save(convention, by)


def _set_party(
    organisation: Organisation, values: Mapping[Setting, Any], by: User | None, *,
    undoes: SettingChange | None = None,
) -> None:  # fmt: skip
    """Write the settings of a party that differ, each with its row in the log."""
    party = organisation.party
    rows: dict[Organisation | Party, None] = {}
    for setting, value in values.items():
        before = _value_of(organisation, setting)
        after = digest_of(value) if setting == Setting.LOGO else value
        if before == after:
            continue
        former = stored_logo(party) if setting == Setting.LOGO else None
        record_setting(
            setting, organisation, before, after, by=by,
            capacity=capacity_for(by, organisation), former_logo=former, undoes=undoes,
        )  # fmt: skip
        if setting == Setting.LOGO:
            party.logo = _replace_logo(organisation, value)
        else:
            setattr(_row_of(organisation, setting), setting, value)
        rows[_row_of(organisation, setting)] = None
    for row in rows:
        _save(row, by)


def _save(row: Any, by: User | None) -> None:
    """Save a row, with ``by`` as the author in its history."""
    row._history_user = by
    row.save()


def _value_of(organisation: Organisation, setting: Setting) -> Any:
    """Return the value of a setting of a party, as the log has it."""
    if setting == Setting.LOGO:
        return digest_of(stored_logo(organisation.party))
    return getattr(_row_of(organisation, setting), setting)


def _row_of(organisation: Organisation, setting: Setting) -> Organisation | Party:
    """Return the row that has a setting of a party."""
    return organisation if setting == Setting.MENTION else organisation.party


def _replace_logo(organisation: Organisation, image: bytes) -> str:
    """Store the logo of a party in the place of the former, if any, and return the name of its
    file; "" for no logo."""
    party = organisation.party
    if image:
        return store_logo(party, image, organisation.convention.slug)
    delete_logo_file(party)
    return ""


def _lock_party(pk: int, convention: int) -> Organisation:
    """Lock the convention and a party of it; return its organisation. Raises Refused where it is
    no party any more."""
    lock_convention(convention)
    rows = Organisation.objects.parties().select_related("convention", "party")
    row = rows.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise Refused(GONE)
    return row
