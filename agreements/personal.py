"""What the agreements keep of a person: all of it stays, being what the parties agreed to."""

from agreements.answers.models import Agreement, Confirmation
from agreements.seats.models import Delegation, Seat
from agreements.versions.models import Version, VersionTransition
from ctg_portal.people.personal import KeptName, Personal, acts

SEAT = ["organisation__name", "kind", "name", "capacity", "starts_on", "ends_on"]
DELEGATION = ["name", "capacity", "starts_on", "ends_on"]
HISTORY = ["history_date", "history_type"]
ANSWER = ["version__title", "answer", "reason", "body", "person_name", "capacity", "created_at"]

PERSONAL = [
    Personal(model=Seat, key="user", title="Vos sièges au comité", given=SEAT),
    Personal(
        model=Seat, key="suspended_by", title="Les sièges que vous avez suspendus",
        given=["organisation__name", "kind", "suspended_at"],
    ),
    Personal(
        model=Seat, key="confirmed_by", title="Les sièges que vous avez confirmés",
        given=["organisation__name", "kind", "confirmed_at"],
    ),
    Personal(
        model=Seat.history.model, key="confirmed_by",
        title="L’histoire des sièges que vous avez confirmés",
        given=["organisation__name", "confirmed_at", *HISTORY],
    ),
    Personal(
        model=Seat, key="given_by", title="Les sièges auxquels vous avez nommé quelqu’un",
        given=["organisation__name", "kind", "starts_on"],
    ),
    Personal(
        model=Seat.history.model, key="user", title="L’histoire de vos sièges",
        given=[*SEAT, *HISTORY],
    ),
    Personal(
        model=Seat.history.model, key="suspended_by",
        title="L’histoire des sièges que vous avez suspendus",
        given=["organisation__name", "suspended_at", *HISTORY],
    ),
    Personal(
        model=Seat.history.model, key="given_by",
        title="L’histoire des sièges auxquels vous avez nommé quelqu’un",
        given=["organisation__name", "kind", "starts_on", *HISTORY],
    ),
    Personal(
        model=Delegation, key="given_by", title="Les délégations que vous avez enregistrées",
        given=["capacity", "starts_on", "ends_on"],
    ),
    Personal(
        model=Delegation.history.model, key="given_by",
        title="L’histoire des délégations que vous avez enregistrées",
        given=["capacity", "starts_on", "ends_on", *HISTORY],
    ),
    Personal(
        model=Delegation, key="user", title="Les délégations que vous avez reçues",
        given=DELEGATION,
    ),
    Personal(
        model=Delegation.history.model, key="user",
        title="L’histoire des délégations que vous avez reçues", given=[*DELEGATION, *HISTORY],
    ),
    Personal(model=Agreement, key="user", title="Vos réponses au comité", given=ANSWER),
    Personal(
        model=Agreement, key="entered_by", title="Les réponses que vous avez enregistrées",
        given=["version__title", "answer", "entered_by_name", "created_at"],
    ),
    Personal(
        model=Confirmation, key="by", title="Les réponses que vous avez confirmées",
        given=["agreement__version__title", "way", "by_name", "capacity", "created_at"],
    ),
    Personal(
        model=Version, key="author", title="Les textes que vous avez proposés",
        given=["title", "note", "state", "author_name", "created_at", "proposed_at"],
    ),
    acts(
        VersionTransition, "Vos actes sur des textes proposés", "version__title", is_sealed=True
    ),
]  # fmt: skip

KEPT_NAMES = [
    KeptName(
        columns=[
            "agreements.Agreement.person_name",
            "agreements.Agreement.entered_by_name",
            "agreements.Agreement.search_text",
            "agreements.Confirmation.by_name",
            "agreements.Seat.name",
            "agreements.HistoricalSeat.name",
            "agreements.Delegation.name",
            "agreements.HistoricalDelegation.name",
        ],
        what="Le registre du comité : qui y siège, qui a répondu, en quelle qualité",
        duration="comme la convention, puis selon les règles des archives publiques",
        ground="mission d’intérêt public, et code du patrimoine (archives publiques)",
    ),
    KeptName(
        columns=[
            "agreements.Version.author_name",
            "agreements.Version.text",
            "agreements.Version.title",
            "agreements.Version.search_text",
            "agreements.VersionTransition.by_name",
            "agreements.VersionTransition.search_text",
        ],
        what="Les textes soumis à l’accord des parties, scellés par une empreinte : leur auteur, "
        "les pilotes qu’ils nomment",
        duration="comme la convention, puis selon les règles des archives publiques",
        ground="mission d’intérêt public : prouver ce qui a été convenu",
    ),
]
