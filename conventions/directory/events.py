"""Organisations and people without account are added, corrected and withdrawn."""

from collections.abc import Collection, Sequence

from accounts.models import User
from conventions.directory import rights
from conventions.directory.likeness import Known, Likeness
from conventions.models import Contact, Convention, Organisation
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.revisions import check_revision
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.search import fold

NAME_MISSING = Refusal("Donnez le nom de l’organisme.")
PERSON_MISSING = Refusal("Donnez le nom de la personne.")
SAME_PERSON = Refusal("Cet organisme a déjà une personne de ce nom.")
GONE = Refusal("Quelqu’un a retiré ceci de la liste entre-temps.")
NAMES = ("name", "acronym", "kind")


class Alike(Refusal):
    """There is one like it; ``found`` are they. Those of another name may be told to be others."""

    def __init__(self, found: Sequence[Likeness]):
        first = found[0].organisation
        if found[0].is_same:
            told = f"« {first.name} » est déjà dans la liste, sous ce nom ou ce sigle."
        else:
            told = f"« {first.name} » ressemble à cet organisme : dites si c’en est un autre."
        super().__init__(told)
        object.__setattr__(self, "found", list(found))


@event(Subject.TEXT)
def add_organisation(
    convention: Convention, values: dict, *, by: User | None, others: Collection[int] = ()
) -> Organisation:
    """Add one. ``values``: name, acronym (its name where it has none), kind, town, contact_email.
    ``others``: primary keys of those that look like it and are told to be others. Raises Refused,
    with ``Alike`` where there is one like it."""
    enforce(rights.may_manage_directory(by, convention))
    hold(convention)
    row = Organisation(convention=convention, is_added=True)
    return _write(row, values, by, others)


@event(Subject.TEXT)
def correct_organisation(
    organisation: Organisation,
    values: dict,
    *,
    by: User | None,
    revision: int,
    others: Collection[int] = (),
) -> Organisation:
    """Correct one that was added; ``revision``: the one that the form showed. The same sent twice
    changes nothing. Raises Refused, with Rewritten where it was written since."""
    row = _held(organisation)
    enforce(rights.may_correct(by, row))
    if _says(row, values):
        return row
    check_revision(row, revision)
    if any(values[name] != getattr(row, name) for name in NAMES if name in values):
        enforce(rights.may_rename(by, row))
    return _write(row, values, by, others)


def _write(
    row: Organisation, values: dict, by: User | None, others: Collection[int]
) -> Organisation:
    for name, value in values.items():
        setattr(row, name, " ".join(value.split()))
    if not row.name:
        raise Refused(NAME_MISSING)
    row.acronym = row.acronym or called(row)
    known = Organisation.objects.filter(convention=row.convention).exclude(pk=row.pk)
    called_so = {"name": row.name, "acronym": row.acronym, "town": row.town}
    if alike := Known(known).likenesses(**called_so, others=others):
        raise Refused(Alike(alike))
    row._history_user = by
    row.full_clean(exclude=["convention"])
    row.save()
    return row


def called(row: Organisation) -> str:
    """What stands for the acronym of one that has none."""
    longest = Organisation._meta.get_field("acronym").max_length
    told = row.name if not row.town or fold(row.town) in fold(row.name) else (
        f"{row.name} ({row.town})")  # fmt: skip
    return told if len(told) <= longest else f"{told[: longest - 1].rstrip()}…"


@event(Subject.TEXT)
def withdraw_organisation(organisation: Organisation, *, by: User | None) -> None:
    """Take away one that nothing depends on, with its people. Raises Refused, with where it
    serves."""
    organisation = _held(organisation)
    enforce(rights.may_withdraw(by, organisation))
    organisation.contacts.all().delete()
    organisation._history_user = by
    organisation.delete()


def was_withdrawn(convention: Convention, pk: int) -> bool:
    """Whether an organisation of this key was in the convention's list, and is no more."""
    known = Organisation.history.filter(id=pk, convention=convention, history_type="-")
    return known.exists() and not Organisation.objects.filter(pk=pk).exists()


@event(Subject.TEXT)
def add_contact(organisation: Organisation, values: dict, *, by: User | None) -> Contact:
    """Add somebody without account: name, capacity, email. Raises Refused."""
    enforce(rights.may_manage_directory(by, organisation.convention))
    return _write_contact(Contact(organisation=_held(organisation)), values)


@event(Subject.TEXT)
def correct_contact(contact: Contact, values: dict, *, by: User | None, revision: int) -> Contact:
    """Correct somebody; ``revision`` as of ``correct_organisation``."""
    enforce(rights.may_manage_directory(by, contact.organisation.convention))
    hold(contact.organisation.convention)
    # An account that ends takes its person away without holding the list.
    rows = Contact.objects.select_related("organisation").select_for_update(of=("self",))
    row = rows.filter(pk=contact.pk).first()
    if row is None:
        raise Refused(GONE)
    if _says(row, values):
        return row
    check_revision(row, revision)
    return _write_contact(row, values)


def _says(row: Organisation | Contact, values: dict) -> bool:
    """Whether it is written so already."""
    return all(" ".join(value.split()) == getattr(row, name) for name, value in values.items())


def _write_contact(row: Contact, values: dict) -> Contact:
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
    """Forget somebody: what was agreed to with their name keeps it."""
    enforce(rights.may_manage_directory(by, contact.organisation.convention))
    contact.delete()


def hold(convention: Convention) -> None:
    """Two who add at once: the second sees what the first has added."""
    Convention.objects.select_for_update(no_key=True).get(pk=convention.pk)


def _held(organisation: Organisation) -> Organisation:
    """It as it is now, in a list that is held; nobody begins to depend on it meanwhile. Raises
    Refused for one that is gone."""
    hold(organisation.convention)
    rows = Organisation.objects.select_related("convention").select_for_update(of=("self",))
    row = rows.filter(pk=organisation.pk).first()
    if row is None:
        raise Refused(GONE)
    return row


def keep(organisation: Organisation) -> None:
    """It is about to be named: nobody withdraws it meanwhile. Raises Refused where it is gone."""
    rows = Organisation.objects.select_for_update(of=("self",), no_key=True)
    if rows.filter(pk=organisation.pk).first() is None:
        raise Refused(GONE)


def forget_contacts_of(user: User) -> None:
    """Who ends an account is no longer in the lists by its address."""
    Contact.objects.filter(email__iexact=user.email).delete()
