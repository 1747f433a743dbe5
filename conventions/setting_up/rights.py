"""Rights on projects of conventions."""

from typing import Any

from accounts.models import User
from conventions.access.rights import coordinates
from conventions.setting_up.models import Project
from conventions.setting_up.taking_up import has_changed
from ctg_portal.rules import Refusal

NOT_ALLOWED = Refusal(
    "Ouvrir une convention est permis par l’hébergeur du portail : demandez-le-lui."
)
OWNER_ONLY = Refusal(
    "Seule la personne à qui est ce projet le partage, le transmet ou le supprime."
)
CHANGED_ELSEWHERE = Refusal(
    "La convention a été modifiée autrement que par ces pages : dites d’abord ce qui doit rester."
)
COORDINATION_ONLY = Refusal("Seule la coordination de cette convention la met à jour.")
SIGNED = Refusal(
    "La convention est signée : son texte ne change plus que par un avenant entre les parties."
)


def may_open(user: User) -> Refusal | None:
    """Return why a person may not start or create a convention, or None: the host allows it."""
    return None if user.is_active and user.opens_conventions else NOT_ALLOWED


def may_edit(user: User, project: Project) -> Refusal | None:
    """Return why a person may not change a project, or None: its owner and those with whom it is
    shared may, until the convention is signed."""
    if not Project.objects.visible_to(user).filter(pk=project.pk).exists():
        return Refusal("Ce projet n’est plus partagé avec vous.")
    if project.convention is not None and project.convention.is_signed:
        return SIGNED
    return None


def may_manage(user: User, project: Project) -> Refusal | None:
    """Return why a person may not share, hand on or delete a project, or None for its owner."""
    return None if project.owner_id == user.pk else OWNER_ONLY


def may_bring_up_to_date(project: Project, content: dict[str, Any]) -> Refusal | None:
    """Return a refusal where the convention of a project, whose ``content`` it is, was changed
    elsewhere since the project last wrote it; or None."""
    return CHANGED_ELSEWHERE if has_changed(project, content) else None


def may_create(user: User, project: Project) -> Refusal | None:
    """Return why a person may not create the convention of a project, or bring it up to date, which
    is its coordination's; or None."""
    if refusal := may_open(user) or may_edit(user, project):
        return refusal
    if project.convention is not None and not coordinates(user, project.convention):
        return COORDINATION_ONLY
    return None
