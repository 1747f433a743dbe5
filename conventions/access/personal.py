"""Personal data that conventions store: a person's accesses, and her acts on those of others."""

from conventions.access.models import Membership, MembershipTransition
from ctg_portal.people.personal import KeptName, Personal

HistoricalMembership = Membership.history.model
ACCESS = ["organisation__convention__title", "organisation__name", "role", "granted_at"]

PERSONAL = [
    Personal(
        model=Membership, key="user", title="Vos accès", given=[*ACCESS, "state", "ended_at"]
    ),
    Personal(
        model=Membership, key="given_by", title="Les accès que vous avez donnés", given=ACCESS
    ),
    Personal(
        model=HistoricalMembership, key="user", title="L’histoire de vos accès",
        given=["organisation__name", "role", "state", "ended_at", "history_date", "history_type"],
    ),
    Personal(
        model=HistoricalMembership, key="given_by",
        title="L’histoire des accès que vous avez donnés",
        given=["organisation__name", "role", "history_date", "history_type"],
    ),
    *(
        Personal(model=Membership, key=key, title=title, given=ACCESS)
        for key, title in (
            ("confirmed_by", "Les accès que vous avez confirmés"),
            ("suspended_by", "Les accès que vous avez suspendus"),
        )
    ),
    *(
        Personal(
            model=HistoricalMembership, key=key, title=title,
            given=["organisation__name", "role", "history_date", "history_type"],
        )
        for key, title in (
            ("confirmed_by", "L’histoire des accès que vous avez confirmés"),
            ("suspended_by", "L’histoire des accès que vous avez suspendus"),
        )
    ),
    Personal(
        model=MembershipTransition, key="by", title="Vos actes sur les accès d’autres personnes",
        given=["verb", "capacity", "reason", "created_at"], forgets=["by_name"],
    ),
]  # fmt: skip

KEPT_NAMES = [
    KeptName(
        columns=["conventions.Signatory.name", "conventions.HistoricalSignatory.name"],
        what="La convention et ses avenants : qui les a signés, en quelle qualité",
        duration="comme la convention, puis selon les règles des archives publiques",
        ground="mission d’intérêt public, et code du patrimoine (archives publiques)",
    )
]
