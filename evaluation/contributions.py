"""What the evaluation brings to the house."""

from ctg_portal.help.places import Place
from ctg_portal.house import Contributions
from evaluation.demo import set_up
from evaluation.final.tasks import final_evaluation
from evaluation.personal import KEPT_NAMES, PERSONAL, forget_writer
from evaluation.report.document import ReportDocument
from evaluation.year.dashboard import year_state
from evaluation.year.finding import year_hits
from evaluation.year.kept import evaluated
from evaluation.year.notes_awaited import notes_deadlines, years_in_question

contributions = Contributions(
    search=[year_hits],
    awaited_years=[years_in_question],
    tasks=[final_evaluation],
    state=[year_state],
    deadlines=[notes_deadlines],
    reasons_to_keep=[evaluated],
    personal=PERSONAL,
    kept_names=KEPT_NAMES,
    after_anonymisation=[forget_writer],
    demo=[set_up],
    documents=[ReportDocument()],
    help=[
        Place(
            "evaluation:year",
            "membre-du-comite#lire-les-indicateurs-et-l-annee",
            coordinator="coordination#l-evaluation-de-l-annee-et-son-rapport",
        ),
        Place("evaluation:final", "coordination#l-evaluation-de-l-annee-et-son-rapport"),
        Place("evaluation:narrative evaluation:year_text", "coordination#ecrire-le-bilan"),
        Place(
            "evaluation:report evaluation:request_report evaluation:cancel_report "
            "evaluation:report_file",
            "membre-du-comite#les-documents",
            coordinator="coordination#preparer-le-rapport",
        ),
    ],
)
