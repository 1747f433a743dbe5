"""The demonstration of this chapter: the real convention, a fictional one, who has access."""

from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from accounts.events import open_account
from accounts.models import User
from conventions.access.events import give_access
from conventions.access.models import Role
from conventions.directory.events import add_organisation
from conventions.legal.convention import Convention
from conventions.loading.apply import apply
from conventions.loading.reader import read
from conventions.parties.models import Organisation, OrganisationKind
from ctg_portal import demo

FOLDER = Path(__file__).parent / "data"
REAL, FICTIONAL = "grand-chatellerault", "val-de-claise-fictif"
# A commune of the territory that signs nothing, and delivers its own figures.
COMMUNE = "Commune de Naintré"


class DemoAccount(NamedTuple):
    """A demonstration account; ``acronym`` empty: the first party. Names are fictional.
    ``is_referent``: of that organisation; ``is_proposed``: by the coordination, and nobody has
    confirmed it yet."""

    account: str
    first_name: str
    last_name: str
    slug: str
    acronym: str
    role: Role
    is_referent: bool = False
    is_proposed: bool = False

    @property
    def email(self) -> str:
        return f"{self.account}@demo.example"


PEOPLE = [
    DemoAccount("coordination", "Claire", "Morin", REAL, "Grand Châtellerault", Role.COORDINATOR),
    DemoAccount("copil-caf", "Hélène", "Marchand", REAL, "CAF 86", Role.READER),
    DemoAccount("copil-agglo", "Michel", "Garnier", REAL, "Grand Châtellerault", Role.READER),
    DemoAccount("copil-msa", "Sylvie", "Bernard", REAL, "MSA Poitou", Role.READER, True),
    DemoAccount("delegation-caf", "Thomas", "Girault", REAL, "CAF 86", Role.READER),
    DemoAccount("adviser-caf", "Paul", "Roux", REAL, "CAF 86", Role.READER),
    DemoAccount("agent-caf", "Nadia", "Lefèvre", REAL, "CAF 86", Role.CONTRIBUTOR, True),
    DemoAccount("agent-caf-2", "Karim", "Benali", REAL, "CAF 86", Role.CONTRIBUTOR),
    DemoAccount("agent-msa", "Julien", "Petit", REAL, "MSA Poitou", Role.CONTRIBUTOR),
    DemoAccount("agent-agglo", "Émilie", "Faure", REAL, "Grand Châtellerault", Role.CONTRIBUTOR,
                True),
    DemoAccount("agent-commune", "Lucie", "Bernier", REAL, COMMUNE, Role.CONTRIBUTOR),
    DemoAccount("ressource", "Samira", "Renard", REAL, "CD 86", Role.READER),
    DemoAccount("lecture", "Antoine", "Girard", REAL, "Grand Châtellerault", Role.READER),
    DemoAccount("proposee-caf", "Inès", "Moreau", REAL, "CAF 86", Role.CONTRIBUTOR,
                is_proposed=True),
    DemoAccount("etranger", "Louise", "Perrin", FICTIONAL, "", Role.COORDINATOR),
]  # fmt: skip


def set_up() -> list[str]:
    """Load both conventions and open the demonstration accounts, with their accesses; return the
    lines to print. What is there already is left as it is."""
    for path in ("grand_chatellerault.yaml", "val_de_claise_fictif.yaml"):
        apply(read(FOLDER / path))
    Convention.objects.filter(slug__in=[REAL, FICTIONAL]).update(is_fictional=True)
    real = Convention.objects.get(slug=REAL)
    if not Organisation.objects.filter(convention=real, name=COMMUNE).exists():
        values = {"name": COMMUNE, "acronym": "", "kind": OrganisationKind.COMMUNE, "town": "",
                  "contact_email": ""}  # fmt: skip
        add_organisation(real, values, by=None)
    users = [
        User.objects.filter(email=person.email).first()
        or open_account(
            email=person.email, first_name=person.first_name, last_name=person.last_name
        )
        for person in PEOPLE
    ]
    _give_password(users)
    for person, user in zip(PEOPLE, users, strict=True):
        organisations = Convention.objects.get(slug=person.slug).organisations.all()
        organisation = (
            organisations.get(acronym=person.acronym)
            if person.acronym
            else organisations.parties().first()
        )
        giver = User.objects.get(email=PEOPLE[0].email) if person.is_proposed else None
        give_access(user, organisation, person.role, given_by=giver)
        if person.is_referent:
            give_access(user, organisation, Role.REFERENT, given_by=None)
    return [
        "",
        f"Portail CTG, démonstration : {settings.SITE_URL}",
        f"Comptes (mot de passe : {demo.password()}) :",
        *(f"  {person.email}" for person in PEOPLE),
        "",
    ]


def _give_password(users: list[User]) -> None:
    """Give all accounts the demonstration's password, if they have another; hash it once."""
    hashed = next((user.password for user in users if user.has_usable_password()), None)
    if hashed is None or not check_password(demo.password(), hashed):
        hashed = make_password(demo.password())
    for user in users:
        if user.password != hashed:
            user.password = hashed
            user.save(update_fields=["password"])
