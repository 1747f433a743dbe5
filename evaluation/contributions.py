"""What the evaluation brings to the house."""

from ctg_portal.house import Contributions
from evaluation.demo import set_up
from evaluation.report.document import ReportDocument
from evaluation.year.notes_awaited import years_in_question

contributions = Contributions(
    awaited_years=[years_in_question],
    demo=[set_up],
    documents=[ReportDocument()],
)
