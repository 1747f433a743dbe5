"""News of the list of a party's élus: the day of the installation, a list to confirm."""

from collections.abc import Iterable
from functools import cached_property

from django.urls import reverse

from committee.elections.models import Renewal
from conventions.access.notices import Reading
from conventions.access.rights import label_confirmers
from conventions.notices import Capacity, ConventionLetter, ConventionNews
from ctg_portal.templatetags.french import in_words, long_date
from notifications.news import Notification


class RenewalPrepared(ConventionNews):
    """A list was dated, or is ready to be confirmed: news for the référents, the holders of the
    seats that it dates and the coordination, at once. ``revision``: that of the list then."""

    kind = "renewal_prepared"
    may_wait = False

    def __init__(self, renewal: Renewal, revision: int | None = None):
        self.renewal = renewal
        self.revision = renewal.revision if revision is None else revision
        self.convention = renewal.organisation.convention

    @property
    def about(self) -> str:
        return f"{self.renewal.pk}:{self.revision}"

    @classmethod
    def load(cls, keys: Iterable[str], reading: Reading) -> dict[str, ConventionNews]:
        """Return the news by key, without lists that were abandoned."""
        split = {key: key.partition(":") for key in keys}
        rows = Renewal.objects.of(reading.convention).filter(pk__in={k[0] for k in split.values()})
        rows = rows.select_related("organisation__convention", "prepared_by")
        known = {str(row.pk): row for row in rows}
        return {
            key: cls(known[pk], int(revision))
            for key, (pk, _, revision) in split.items() if pk in known
        }  # fmt: skip

    def is_obsolete(self, reading: Reading) -> bool:
        """Return whether the list is confirmed, or was saved again."""
        return not self.renewal.is_open or self.renewal.revision != self.revision

    def recipients(self, reading: Reading) -> dict[int, Notification]:
        """Return the référents, the coordination, and the holders of seats that are awaited, who
        know by it that they may leave."""
        renewal = self.renewal
        people = {
            access.user_id
            for access in reading.effective_accesses
            if access.is_coordination
            or (access.organisation_id == renewal.organisation_id and access.is_referent)
        }
        awaited = renewal.organisation.seats.filter(awaited_from=renewal.installed_on)
        people |= set(awaited.exclude(awaited_from=None).values_list("user", flat=True)) - {None}
        own = renewal.prepared_by_id
        return {pk: Notification(self, renewal.prepared_at, is_own=pk == own) for pk in people}

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return what the only news says, or how many lists there are."""
        if len(notifications) > 1:
            return f"{in_words(len(notifications), 'liste,listes')} d’élus après les élections"
        news = notifications[0].news
        day = news.renewal.installed_on
        when = f" : conseil installé le {long_date(day)}" if day else ""
        return f"Élus {news.renewal.organisation.genitive} après les élections{when}"

    def summary(self, notification: Notification) -> str:
        """Return from when seats are awaited, until when, and what becomes of who leaves."""
        renewal = self.renewal
        by_whom = label_confirmers(renewal.organisation)
        prepared = f"Liste préparée par {renewal.prepared_by}, à confirmer par {by_whom}."
        if renewal.installed_on is None:
            return prepared
        return (
            f"{prepared} À partir du {long_date(renewal.installed_on)}, leurs sièges sont attendus "
            "jusqu’à la délibération. Qui ne siège plus ensuite en est averti, et son accès en "
            "lecture se ferme une semaine après."
        )

    def link(self) -> str:
        """Return the address of the page on which the list is prepared."""
        organisation = self.renewal.organisation
        return reverse("committee:elections", args=[self.convention.slug, organisation.pk])


class RenewalLetter(ConventionLetter):
    kinds = (RenewalPrepared,)
    reason_capacities = [Capacity.REFERENT, Capacity.COORDINATION, Capacity.SEAT, Capacity.READER]

    @cached_property
    def reading(self) -> Reading | None:
        """The reading of the convention at ``now``; None if the convention no longer exists."""
        convention = self.convention()
        return Reading(convention, self.now) if convention else None
