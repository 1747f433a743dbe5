"""The personal data that the committee stores: what somebody has said there stays."""

from committee.amendments.models import AmendmentProposal
from committee.answers.models import NotedAnswer
from committee.comments.models import Comment
from committee.dossiers.models import Dossier, DossierTransition
from committee.elections.models import Renewal
from committee.links.models import LinksCut
from committee.meetings.decisions.models import DecisionTransition
from committee.meetings.models import Attendee, BodyMember, MeetingTransition
from committee.meetings.session.models import RecordedList
from committee.signing.models import Signing, SigningConfirmation
from ctg_portal.people.personal import KeptName, Personal, acts

PERSONAL = [
    Personal(
        model=NotedAnswer, key="user", title="Vos réponses notées, que personne d’autre ne voit",
        given=["version__title", "organisation__name", "answer", "reason", "body", "body_date",
              "noted_at"],
    ),
    Personal(
        model=Comment, key="user", title="Vos commentaires",
        given=["version__title", "text", "person_name", "capacity", "created_at", "edited_at"],
    ),
    Personal(
        model=Comment.history.model, key="user", title="L’histoire de vos commentaires",
        given=["text", "history_date", "history_type"],
    ),
    Personal(
        model=AmendmentProposal, key="user", title="Vos propositions d’avenant",
        given=["title", "wording", "reason", "person_name", "capacity", "created_at",
              "withdrawn_at"],
    ),
    Personal(
        model=Dossier, key="sent_by", title="Les dossiers que vous avez envoyés",
        given=["title", "message", "sent_by_name", "sent_at"],
    ),
    *(
        Personal(
            model=Renewal, key=key, title=title,
            given=["organisation__name", "installed_on", "deliberated_on", "confirmed_at"],
        )
        for key, title in (
            ("prepared_by", "Les listes d’élus que vous avez préparées"),
            ("dated_by", "Les installations de conseils que vous avez datées"),
            ("confirmed_by", "Les listes d’élus que vous avez confirmées"),
        )
    ),
    Personal(
        model=Signing, key="recorded_by", title="Les signatures que vous avez enregistrées",
        given=["convention__title", "signed_on", "signed_at", "signatories", "recorded_at"],
    ),
    Personal(
        model=SigningConfirmation, key="by", title="Les signatures que vous avez confirmées",
        given=["signing__convention__title", "by_name", "capacity", "confirmed_at"],
    ),
    Personal(
        model=LinksCut, key="user", title="Depuis quand vos anciens liens n’ouvrent plus rien",
        given=["cut_at"],
    ),
    Personal(
        model=Attendee, key="user", title="Les réunions auxquelles vous êtes convoqué",
        given=["meeting__day", "name", "capacity", "reply", "replied_at"],
    ),
    Personal(
        model=BodyMember, key="user", title="Les instances dont vous êtes membre",
        given=["body__name", "name", "capacity"],
    ),
    Personal(
        model=RecordedList, key="attendee__user",
        title="Les séances où des accords ont été recueillis de vous",
        given=["meeting__day", "organisation__name", "recorded_at"],
    ),
    acts(DecisionTransition, "Vos actes sur des décisions", "decision__text", is_sealed=True),
    acts(MeetingTransition, "Vos actes sur des réunions", "meeting__day", is_sealed=True),
    acts(DossierTransition, "Vos actes sur des dossiers", "dossier__title", is_sealed=True),
]  # fmt: skip

KEPT_NAMES = [
    KeptName(
        columns=[
            "committee.Comment.person_name",
            "committee.HistoricalComment.person_name",
            "committee.AmendmentProposal.person_name",
            "committee.AmendmentProposal.withdrawn_by_name",
            "committee.Dossier.sent_by_name",
            "committee.DossierTransition.by_name",
            "committee.Attendee.name",
            "committee.BodyMember.name",
            "committee.MeetingTransition.by_name",
            "committee.DecisionTransition.by_name",
            "committee.Signing.recorded_by_name",
            "committee.Signing.signatories",
            "committee.SigningConfirmation.by_name",
        ],
        what="Ce qui a été dit au comité : commentaires, propositions d’avenant, envois, réunions, "
        "signature",
        duration="comme la convention, puis selon les règles des archives publiques",
        ground="mission d’intérêt public, et code du patrimoine (archives publiques)",
    ),
    KeptName(
        columns=["committee.MinutesText.text"],
        what="Les comptes rendus soumis aux parties : qui était présent, ce que chacun a dit",
        duration="comme la convention, puis selon les règles des archives publiques",
        ground="mission d’intérêt public, et code du patrimoine (archives publiques)",
    ),
    KeptName(
        columns=["committee.RenewalLine.name", "committee.RenewalLine.email"],
        what="Les listes d’élus d’après les élections : qui vient à un siège, et son adresse "
        "jusqu’à la confirmation de la liste",
        duration="comme la convention, puis selon les règles des archives publiques",
        ground="mission d’intérêt public, et code du patrimoine (archives publiques)",
    ),
]
