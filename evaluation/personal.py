"""What the evaluation keeps of a person, and how it forgets the name."""

from accounts.models import User
from ctg_portal.people.personal import FORGOTTEN, HISTORY_LABELS, KeptName, Personal, acts
from evaluation.comments.models import TextComment
from evaluation.cooperation.models import PostYear
from evaluation.editions.models import EditionTransition, Printing, PrintingTransition, Validation
from evaluation.report.models import Report, ReportTransition
from evaluation.stakes.models import StakeAppreciation
from evaluation.texts.models import CriterionText, Narrative, OwnDraft, Writer, YearText
from evaluation.verdicts.models import Appreciation

GIVEN = ["theme__title", "year", "until", "given_at", "written_at", "taken_back_at"]

PERSONAL = [
    Personal(
        model=Report, key="requested_by", title="Les rapports que vous avez demandés",
        given=["year", "state", "requested_by_name", "requested_at"],
        forgets=["requested_by_name"],
    ),
    Personal(
        model=OwnDraft, key="user",
        title="Vos brouillons des textes de l’évaluation, que personne d’autre ne lit",
        given=["convention__territory", "year", "theme__title", "part", "criterion", "text",
              "saved_at"],
    ),
    Personal(
        model=Writer, key="user", title="Les textes de l’évaluation qui vous sont confiés",
        given=GIVEN,
    ),
    Personal(
        model=Writer.history.model, key="user",
        title="L’histoire des textes de l’évaluation qui vous sont confiés",
        given=[*GIVEN, *HISTORY_LABELS],
    ),
    Personal(
        model=TextComment, key="user", title="Vos commentaires sur des textes de l’évaluation",
        given=["year", "theme__title", "part", "text", "person_name", "capacity", "created_at",
              "edited_at", "resolved_at", "withdrawn_at"],
        forgets=["person_name"],
    ),
    Personal(
        model=TextComment.history.model, key="user",
        title="L’histoire de vos commentaires sur des textes de l’évaluation",
        given=["text", *HISTORY_LABELS],
        forgets=["person_name"],
    ),
    Personal(
        model=TextComment, key="resolved_by",
        title="Les commentaires sur des textes de l’évaluation que vous avez traités",
        given=["year", "theme__title", "part", "resolved_by_name", "resolved_at"],
        forgets=["resolved_by_name"],
    ),
    Personal(
        model=TextComment.history.model, key="resolved_by",
        title="L’histoire des commentaires que vous avez traités",
        given=["year", "resolved_at", *HISTORY_LABELS],
        forgets=["resolved_by_name"],
    ),
    acts(ReportTransition, "Vos actes sur des rapports", "report__year"),
    Personal(
        model=Printing, key="requested_by",
        title="Les documents d’évaluations que vous avez fait composer",
        given=["edition__evaluation__year", "is_final", "requested_by_name", "requested_at"],
        forgets=["requested_by_name"],
    ),
    acts(PrintingTransition, "Vos actes sur ces documents", "printing__edition__evaluation__year"),
    acts(EditionTransition, "Vos actes sur des évaluations", "edition__evaluation__year"),
    Personal(
        model=Validation, key="user", title="Vos réponses sur les analyses d’évaluations",
        given=["edition__evaluation__year", "organisation__name", "word", "text", "person_name",
              "capacity", "created_at"],
    ),
]  # fmt: skip

KEPT_NAMES = [
    KeptName(
        columns=["evaluation.Edition.submitted_by_name", "evaluation.Validation.person_name"],
        what="Qui a soumis une évaluation, et qui en a validé les analyses, pour quel organisme",
        duration="comme la convention, puis selon les règles des archives publiques",
        ground="mission d’intérêt public : établir qui a accepté ce qui est publié",
    ),
    KeptName(
        columns=[],
        what="Les rapports composés et les fichiers remis, qui ne changent plus : pilotes, "
        "membres du comité et signataires qu’ils nomment",
        duration="comme la convention, puis selon les règles des archives publiques",
        ground="mission d’intérêt public : rendre compte de la convention",
    ),
]


def forget_writer(user: User) -> None:
    """Delete the drafts of a person, and replace their name on the texts that they saved last and
    in the history of texts, which knows the account."""
    OwnDraft.objects.by(user).delete()
    for model in (Narrative, YearText, Appreciation, CriterionText, StakeAppreciation, PostYear):
        written = model.history.filter(history_user=user)
        texts = model.objects.filter(pk__in=written.values("id"), updated_by_name=str(user))
        texts.update(updated_by_name=FORGOTTEN)
        written.update(updated_by_name=FORGOTTEN)
