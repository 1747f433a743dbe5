"""Projects are started, written step by step, shared, handed on, deleted, made a convention."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError

from accounts.models import User
from conventions.access import events as access
from conventions.access.models import Role
from conventions.legal.convention import Convention, lock_convention
from conventions.loading.apply import apply
from conventions.loading.mistakes import ConventionFileError
from conventions.loading.reader import file_of
from conventions.setting_up import rights
from conventions.setting_up.content import without_empty
from conventions.setting_up.models import Project
from conventions.setting_up.taking_up import digest_of, read_content, take_up
from ctg_portal.forms.revisions import rewritten
from ctg_portal.marks.events import changing, event
from ctg_portal.rules import Refusal, Refused, enforce

INCOMPLETE = Refusal("Il manque encore quelque chose : la liste est sur cette page.")
TAKEN = Refusal(
    "Une convention de ce portail a déjà cet identifiant : donnez-en un autre à l’étape « Durée et "
    "mots »."
)
NO_ACCOUNT = Refusal("Aucun compte n’a cette adresse : la personne doit d’abord en avoir un.")


@event()
def start(*, by: User) -> Project:
    """Start a project and return it. Raises Refused."""
    enforce(rights.may_open(by))
    project = Project(owner=by, updated_by=by)
    project.save()
    return project


@event()
def write(
    project: Project, step: str, change: Callable[[Project], object], *, revision: int, by: User
) -> Project:
    """Write a step: ``change`` edits the locked project; return it. Raises Refused, with Rewritten
    where somebody has written the same step since ``revision``: two people at different steps do
    not disturb each other."""
    project = _lock(project)
    enforce(rights.may_edit(by, project))
    if revision < project.step_revisions.get(step, 0):
        raise Refused(rewritten(project))
    change(project)
    project.step_revisions[step] = project.next_revision()
    project.updated_by = by
    project.save()
    return project


@event()
def share(project: Project, *, email: str, by: User) -> User:
    """Share a project with the owner of an account, who may then change it; return them. Raises
    Refused."""
    project = _lock(project)
    enforce(rights.may_manage(by, project))
    user = User.objects.filter(email=email.lower(), is_active=True).first()
    if user is None:
        raise Refused(NO_ACCOUNT)
    if user.pk != project.owner_id:
        project.shared_with.add(user)
    return user


@event()
def stop_sharing(project: Project, user: User, *, by: User) -> None:
    """Share a project with somebody no longer. Raises Refused."""
    project = _lock(project)
    enforce(rights.may_manage(by, project))
    project.shared_with.remove(user)


@event()
def hand_on(project: Project, user: User, *, by: User) -> None:
    """Give a project to somebody with whom it is shared; who gave it keeps a share. Raises
    Refused."""
    project = _lock(project)
    enforce(rights.may_manage(by, project))
    if not project.shared_with.filter(pk=user.pk).exists():
        raise Refused(Refusal("Partagez d’abord le projet avec cette personne."))
    _give(project, user)
    project.shared_with.add(by)


def _give(project: Project, user: User) -> None:
    """Make somebody the owner of a project, and no longer one with whom it is shared."""
    project.owner = user
    project.save()
    project.shared_with.remove(user)


@event()
def delete(project: Project, *, by: User) -> None:
    """Delete a project; a convention that was created from it stays. Raises Refused."""
    project = _lock(project)
    enforce(rights.may_manage(by, project))
    project.delete()


@event()
def release_projects_of(user: User) -> None:
    """Hand the projects of an account that is erased on to the first of those with whom each is
    shared; delete those that are nobody else's."""
    for project in Project.objects.select_for_update().filter(owner=user).order_by("pk"):
        heir = project.shared_with.filter(is_active=True).order_by("pk").first()
        if heir is None:
            project.delete()
        else:
            _give(project, heir)


@dataclass(frozen=True)
class Created:
    """The convention of a project, and why somebody could not be invited to it."""

    convention: Convention
    not_invited: list[str]


@event()
def create(project: Project, *, by: User) -> Created:
    """Create the convention of a project, unsigned, make ``by`` its coordinator and invite people,
    or bring it up to date where it is created. Raises Refused, also where the content is
    incomplete."""
    project = _lock(project)
    if project.convention is not None:  # signed at this moment, it stays as it is
        project.convention = lock_convention(project.convention.pk)
    enforce(rights.may_create(by, project))
    slug = project.heading.get("identifiant", "")
    holder = Convention.objects.filter(slug=slug).first()
    if holder is not None and holder != project.convention:
        raise Refused(TAKEN)
    coordinated = project.notes.get("coordinates_for", "")
    if project.convention is None and coordinated not in [p.get("sigle") for p in project.parties]:
        raise Refused(INCOMPLETE)
    if project.convention is not None:
        enforce(rights.may_bring_up_to_date(project, read_content(project.convention)))
    logos = {logo.path: bytes(logo.image) for logo in project.logos.all()}
    try:
        with changing():
            file = file_of(without_empty(project.content), logos)
            convention = apply(file, is_from_host=False).convention
    except ConventionFileError as error:
        raise Refused(Refusal(str(error)) if project.convention else INCOMPLETE) from None
    except IntegrityError:  # the same identifier, at this moment
        raise Refused(TAKEN) from None
    _note_sources(project, convention)
    project.notes["applied"] = digest_of(read_content(convention))
    if project.convention is not None:
        project.save()
        return Created(convention, [])
    organisation = convention.organisations.get(acronym=coordinated)
    access.open_access(user=by, organisation=organisation, role=Role.COORDINATOR)
    not_invited = _invite(project, convention, by)
    project.convention = convention
    project.notes.pop("invitations", None)
    project.save()
    return Created(convention, not_invited)


@event()
def settle_with_convention(project: Project, *, takes_convention: bool, by: User) -> None:
    """Settle that the convention of a project was changed elsewhere: give the project its content,
    or keep the project's, which the next update writes over it. Raises Refused."""
    project = _lock(project)
    enforce(rights.may_create(by, project))
    if project.convention is None:
        return
    content = read_content(project.convention)
    if takes_convention:
        take_up(project, content)
        project.step_revisions |= dict.fromkeys(project.step_revisions, project.next_revision())
    else:
        project.notes["applied"] = digest_of(content)
    project.updated_by = by
    project.save()


def _note_sources(project: Project, convention: Convention) -> None:
    """Note where official addresses come from, for the host who is to confirm them."""
    sources = project.notes.get("address_sources", {})
    unconfirmed = convention.organisations.filter(email_confirmed_at=None).exclude(email="")
    for organisation in unconfirmed.select_for_update(of=("self",)).order_by("pk"):
        source = sources.get(organisation.acronym, "")
        if organisation.email_source != source:
            organisation.email_source = source
            organisation.save(update_fields=["email_source"])


def _invite(project: Project, convention: Convention, by: User) -> list[str]:
    """Invite the people of a project on behalf of its coordinator; return why somebody could not
    be."""
    reasons = []
    for person in project.notes.get("invitations", []):
        organisation = convention.organisations.filter(acronym=person["party"]).first()
        if organisation is None:
            reasons.append(f"{person['email']} : la partie n’est plus là.")
            continue
        try:
            with changing():
                access.invite(
                    email=person["email"], organisation=organisation, roles=[person["role"]], by=by
                )
        except Refused as refused:
            reasons.append(f"{person['email']} : {refused.refusal.reason}")
    return reasons


def _lock(project: Project) -> Project:
    """Lock a project and return it reloaded. Raises Refused where it is deleted."""
    locked = Project.objects.select_for_update(of=("self",)).select_related("convention")
    if (row := locked.filter(pk=project.pk).first()) is None:
        raise Refused(Refusal("Ce projet a été supprimé."))
    return row
