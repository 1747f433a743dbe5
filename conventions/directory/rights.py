"""Rights to add organisations and people without account, and to change them.

An organisation's name, and its official address, are what others trust: nothing here touches a
party, an organisation of the convention file, or one that somebody acts for or that is agreed on.
"""

from accounts.models import User
from conventions.access.rights import coordinates
from conventions.directory.models import Contact
from conventions.legal.convention import Convention
from conventions.loading.dependencies import reasons_to_keep
from conventions.parties.models import Organisation
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import enumerate_words

COORDINATION_ONLY = Refusal("La coordination tient la liste des organismes et des personnes.")
OF_THE_FILE = Refusal(
    "Cet organisme vient du fichier de la convention : son nom, son sigle et sa nature s’y "
    "corrigent, et il ne se retire pas d’ici."
)


def may_manage_directory(asker: User | None, convention: Convention) -> Refusal | None:
    """Return why the asker may not see and change the list of organisations and people without
    account, or None for the coordination and the system."""
    if asker is None or coordinates(asker, convention):
        return None
    return COORDINATION_ONLY


def may_correct(asker: User | None, organisation: Organisation) -> Refusal | None:
    """Return why the asker may not change the town or contact address of an organisation, or None
    for the coordination: no file has them, and nobody is vouched for by them."""
    return may_manage_directory(asker, organisation.convention)


def may_rename(asker: User | None, organisation: Organisation) -> Refusal | None:
    """Return why the asker may not change the name, acronym or kind of an organisation, or None: as
    ``may_correct``, where it was added on the portal and nothing refers to it but its contacts."""
    return may_correct_added(asker, organisation) or _in_use(
        organisation, "son nom, son sigle et sa nature ne changent plus"
    )


def may_withdraw(asker: User | None, organisation: Organisation) -> Refusal | None:
    """Return why the asker may not delete an organisation, or None: as ``may_rename``."""
    return may_correct_added(asker, organisation) or _in_use(organisation, "il ne se retire pas")


def may_correct_added(asker: User | None, organisation: Organisation) -> Refusal | None:
    """Return why the asker may not change all of an organisation, or None: as ``may_correct``, of
    those added on the portal."""
    if refusal := may_correct(asker, organisation):
        return refusal
    return None if organisation.is_added else OF_THE_FILE


def _in_use(organisation: Organisation, then: str) -> Refusal | None:
    """Return a refusal that says what refers to the organisation besides its contacts, ended by
    ``then``; None where nothing does."""
    reasons = reasons_to_keep(organisation, along=(Contact,))
    if not reasons:
        return None
    return Refusal(f"Cet organisme sert : {enumerate_words(reasons)} ; {then}.")
