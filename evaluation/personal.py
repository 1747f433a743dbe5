"""What the evaluation keeps of a person, and how it forgets the name."""

from ctg_portal.personal import FORGOTTEN, KeptName, Personal, acts
from evaluation.models import Narrative, Report, ReportTransition, YearText

PERSONAL = [
    Personal(
        model=Report, key="requested_by", title="Les rapports que vous avez demandés",
        told=["year", "state", "requested_by_name", "requested_at"],
        forgets=["requested_by_name"],
    ),
    acts(ReportTransition, "Vos actes sur des rapports", "report__year"),
]  # fmt: skip

KEPT_NAMES = [
    KeptName(
        columns=[],
        what="Les rapports composés et les fichiers remis, qui ne changent plus : pilotes, "
        "membres du comité et signataires qu’ils nomment",
        duration="comme la convention, puis selon les règles des archives publiques",
        ground="mission d’intérêt public : rendre compte de la convention",
    )
]


def forget_writer(user) -> None:
    """Who wrote of a year: the history of a text knows the account, the text itself only a name."""
    for model in (Narrative, YearText):
        written = model.history.filter(history_user=user)
        texts = model.objects.filter(pk__in=written.values("id"), updated_by_name=str(user))
        texts.update(updated_by_name=FORGOTTEN)
        written.update(updated_by_name=FORGOTTEN)
