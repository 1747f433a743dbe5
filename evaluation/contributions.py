"""What the evaluation brings to the house."""

from datetime import timedelta

from ctg_portal.house import Contributions, Job
from evaluation.demo import set_up
from evaluation.final.tasks import final_evaluation
from evaluation.report.jobs import sweep_reports
from evaluation.year.kept import evaluated
from evaluation.year.notes_awaited import years_in_question

contributions = Contributions(
    awaited_years=[years_in_question],
    tasks=[final_evaluation],
    reasons_to_keep=[evaluated],
    demo=[set_up],
    jobs=[Job("evaluation.sweep_reports", sweep_reports, every=timedelta(minutes=1))],
)
