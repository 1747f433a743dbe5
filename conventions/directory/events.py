"""Events of the directory: organisations and people without account are added, corrected and
withdrawn."""

from collections.abc import Collection, Sequence

from accounts.models import User
from conventions.access.organisations import GONE
from conventions.directory import rights
from conventions.directory.likeness import Known, Likeness
from conventions.directory.models import Contact
from conventions.legal.convention import Convention, lock_convention
from conventions.parties.models import Organisation
from ctg_portal.forms.revisions import check_revision
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.search.rows import fold

NAME_MISSING = Refusal("Donnez le nom de l’organisme.")
PERSON_MISSING = Refusal("Donnez le nom de la personne.")
SAME_PERSON = Refusal("Cet organisme a déjà une personne de ce nom.")
NAMES = ("name", "acronym", "kind")


class Alike(Refusal):
    """A refusal because organisations like it are there, ``likenesses``. Those of another name may
    be said to be others."""

    def __init__(self, likenesses: Sequence[Likeness]):
        first = likenesses[0].organisation
        if likenesses[0].is_same:
            sentence = f"« {first.name} » est déjà dans la liste, sous ce nom ou ce sigle."
        else:
            sentence = f"« {first.name} » ressemble à cet organisme : dites si c’en est un autre."
        super().__init__(sentence)
        object.__setattr__(self, "likenesses", list(likenesses))


@event(Subject.TEXT)
def add_organisation(
    convention: Convention, values: dict[str, str], *, by: User | None, others: Collection[int] = ()
) -> Organisation:
    """Add an organisation to the coordinator's list and return it. ``values``: name, kind and, if
    known, acronym (else the name), town and contact_email. ``others``: primary keys of
    organisations that look like it and are known to be different. Raises Refused, with ``Alike``
    where one is, or looks like, the same."""
    enforce(rights.may_manage_directory(by, convention))
    lock_convention(convention.pk)
    row = Organisation(convention=convention, is_added=True)
    return _write(row, values, by, others)


@event(Subject.TEXT)
def correct_organisation(
    organisation: Organisation,
    values: dict[str, str],
    *,
    by: User | None,
    revision: int,
    others: Collection[int] = (),
) -> Organisation:
    """Correct an added organisation and return it; do nothing where it has these values already.
    ``revision``: the one that the form showed; ``others`` as in ``add_organisation``. Raises
    Refused, with Rewritten where the row has changed since."""
    row = _lock_organisation(organisation)
    enforce(rights.may_correct(by, row))
    if _is_unchanged(row, values):
        return row
    check_revision(row, revision)
    if any(values[name] != getattr(row, name) for name in NAMES if name in values):
        enforce(rights.may_rename(by, row))
    return _write(row, values, by, others)


def _write(
    row: Organisation, values: dict[str, str], by: User | None, others: Collection[int]
) -> Organisation:
    """Set these values, with single spaces, and save the organisation, ``by`` in its history.
    Raises Refused without a name or with ``Alike``, ValidationError for a wrong value."""
    for name, value in values.items():
        setattr(row, name, " ".join(value.split()))
    if not row.name:
        raise Refused(NAME_MISSING)
    row.acronym = row.acronym or default_acronym(row)
    known = Organisation.objects.filter(convention=row.convention).exclude(pk=row.pk)
    called_so = {"name": row.name, "acronym": row.acronym, "town": row.town}
    if alike := Known(known).likenesses(**called_so, others=others):
        raise Refused(Alike(alike))
    row._history_user = by
    row.full_clean(exclude=["convention"])
    row.save()
    return row


def default_acronym(row: Organisation) -> str:
    """Return the acronym of an organisation that has none: its name, with its town, cut to the
    length of the column."""
    longest = Organisation._meta.get_field("acronym").max_length
    label = row.name if not row.town or fold(row.town) in fold(row.name) else (
        f"{row.name} ({row.town})")  # fmt: skip
    return label if len(label) <= longest else f"{label[: longest - 1].rstrip()}…"


@event(Subject.TEXT)
def withdraw_organisation(organisation: Organisation, *, by: User | None) -> None:
    """Delete an added organisation that nothing depends on, with its people without account. Raises
    Refused, saying what depends on it."""
    organisation = _lock_organisation(organisation)
    enforce(rights.may_withdraw(by, organisation))
    organisation.contacts.all().delete()
    organisation._history_user = by
    organisation.delete()


def was_withdrawn(convention: Convention, pk: int) -> bool:
    """Return whether the convention's organisation of this key was deleted."""
    known = Organisation.history.filter(id=pk, convention=convention, history_type="-")
    return known.exists() and not Organisation.objects.filter(pk=pk).exists()


@event(Subject.TEXT)
def add_contact(organisation: Organisation, values: dict[str, str], *, by: User | None) -> Contact:
    """Add somebody without account to an organisation and return the row. ``values``: name,
    capacity, email. Raises Refused, also where it has somebody of that name."""
    enforce(rights.may_manage_directory(by, organisation.convention))
    return _write_contact(Contact(organisation=_lock_organisation(organisation)), values)


@event(Subject.TEXT)
def correct_contact(
    contact: Contact, values: dict[str, str], *, by: User | None, revision: int
) -> Contact:
    """Correct somebody without account and return the row; do nothing where it has these values
    already. ``revision``: the one that the form showed. Raises Refused, also where the row is gone,
    or with Rewritten where it has changed since."""
    enforce(rights.may_manage_directory(by, contact.organisation.convention))
    lock_convention(contact.organisation.convention.pk)
    # An account that ends takes its person away without holding the list.
    rows = Contact.objects.select_related("organisation").select_for_update(of=("self",))
    row = rows.filter(pk=contact.pk).first()
    if row is None:
        raise Refused(GONE)
    if _is_unchanged(row, values):
        return row
    check_revision(row, revision)
    return _write_contact(row, values)


def _is_unchanged(row: Organisation | Contact, values: dict[str, str]) -> bool:
    """Return whether the row has these values, whatever their spaces."""
    return all(" ".join(value.split()) == getattr(row, name) for name, value in values.items())


def _write_contact(row: Contact, values: dict[str, str]) -> Contact:
    """Set these values, with single spaces, and save the person. Raises Refused without a name, or
    where the organisation has somebody of that name."""
    for name, value in values.items():
        setattr(row, name, " ".join(value.split()))
    if not row.name:
        raise Refused(PERSON_MISSING)
    twins = row.organisation.contacts.exclude(pk=row.pk)
    if any(fold(twin.name) == fold(row.name) for twin in twins):
        raise Refused(SAME_PERSON)
    row.full_clean(exclude=["organisation"])
    row.save()
    return row


@event(Subject.TEXT)
def withdraw_contact(contact: Contact, *, by: User | None) -> None:
    """Delete somebody without account; texts that name them are not changed. Raises Refused."""
    enforce(rights.may_manage_directory(by, contact.organisation.convention))
    contact.delete()


def _lock_organisation(organisation: Organisation) -> Organisation:
    """Lock the list and the organisation; return it reloaded. Raises Refused if it is gone."""
    lock_convention(organisation.convention.pk)
    rows = Organisation.objects.select_related("convention").select_for_update(of=("self",))
    row = rows.filter(pk=organisation.pk).first()
    if row is None:
        raise Refused(GONE)
    return row


def forget_contacts_of(user: User) -> None:
    """Delete people without account who have the address of an account that is erased."""
    Contact.objects.filter(email__iexact=user.email).delete()
