"""Lines of the host's page: parties, providers with a secrecy rule, and their référents."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import QuerySet

from conventions.access.models import Membership
from conventions.hosting.models import Designation
from conventions.legal.convention import Convention
from conventions.parties.models import Organisation
from ctg_portal.house import ActionLink, by_key, house
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import long_date


@dataclass
class Line:
    """An organisation whose référents alone say who acts for it. ``same``: the same body in other
    conventions, by SIREN. ``known_as``: that of another convention, by SIREN or name, whose address
    the host has confirmed, where this one's is not. ``awaiting``: what the host does there for want
    of a référent."""

    organisation: Organisation
    referents: list[Membership] = field(default_factory=list)
    link: Designation | None = None
    same: list[Organisation] = field(default_factory=list)
    known_as: Organisation | None = None
    awaiting: list[ActionLink] = field(default_factory=list)

    @property
    def has_referent(self) -> bool:
        return any(access.is_effective for access in self.referents)

    @property
    def source(self) -> str:
        """The words that follow « adresse »: « confirmée le 3 mai 2025 », who wrote it first, or
        that it is the convention file's. One query unless it is confirmed."""
        row = self.organisation
        if row.email_confirmed_at:
            return f"confirmée le {long_date(row.email_confirmed_at)}"
        written = row.history.filter(email=row.email).order_by("history_id").first()
        who = written.history_user if written else None
        words = f"écrite par {who}" if who else "du fichier de la convention"
        return f"{words}, d’après : {row.email_source}" if row.email_source else words

    @property
    def can_be_sent(self) -> bool:
        """Whether a link can be sent: there is a confirmed address, and no effective référent."""
        row = self.organisation
        return bool(row.email and row.email_confirmed_at and not self.has_referent)


def read_lines() -> list[Line]:
    """Return a line for each guarded organisation, with its référents, last unanswered link and the
    other guarded organisations of its SIREN; those without an effective référent first, then by
    convention."""
    guarded = Organisation.objects.guarded().select_related("convention", "party")
    by_pk = {row.pk: Line(row) for row in guarded.order_by("convention__title", "acronym")}
    accesses = Membership.objects.active().referents().filter(organisation__in=by_pk)
    for access in accesses.select_related("user"):
        by_pk[access.organisation_id].referents.append(access)
    for designation in Designation.objects.filter(accepted_at=None).prefetch_related(
        "organisations"
    ):
        for organisation in designation.organisations.all():
            if organisation.pk in by_pk and by_pk[organisation.pk].link is None:
                by_pk[organisation.pk].link = designation
    by_siren = defaultdict(list)
    for line in by_pk.values():
        if line.organisation.siren:
            by_siren[line.organisation.siren].append(line.organisation)
    for line in by_pk.values():
        known = by_siren.get(line.organisation.siren, [])
        line.same = [other for other in known if other.pk != line.organisation.pk]
    _propose_known(by_pk.values())
    alone = {pk: line.organisation for pk, line in by_pk.items() if not line.has_referent}
    for key, links in by_key(house().awaiting_host, alone).items():
        by_pk[key].awaiting = links
    return sorted(by_pk.values(), key=lambda line: line.has_referent)


def _propose_known(lines: Collection[Line]) -> None:
    """Set ``known_as`` of each line whose address is not confirmed, the last confirmed first."""
    known: dict[str, Organisation] = {}
    rows = [line.organisation for line in lines]
    dated = [(row.email_confirmed_at, row.pk, row) for row in rows if row.email_confirmed_at]
    for _, _, row in sorted(dated):
        known |= dict.fromkeys(_keys_of(row), row)
    for line in lines:
        if line.organisation.email_confirmed_at is None:
            matches = (known.get(key) for key in _keys_of(line.organisation))
            line.known_as = next(filter(None, matches), None)


def _keys_of(row: Organisation) -> list[str]:
    """Return what the same body has in several conventions: its SIREN, its kind with its name."""
    name = f"{row.kind} {fold(row.name)}"
    return [row.siren, name] if row.siren else [name]


def letters_of(convention: Convention) -> list[QuerySet]:
    """Return, in a list, the queryset of the keys of the convention's signed letters."""
    return [Designation.objects.filter(organisations__convention=convention).values("letter")]
