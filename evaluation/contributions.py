"""What the evaluation brings to the house."""

from datetime import timedelta

from ctg_portal.help.places import Place
from ctg_portal.house import Contributions, DemoStep, Job
from evaluation.archive import evaluation_parts
from evaluation.demo import set_up
from evaluation.editions.following import notes_on_figure
from evaluation.editions.standing import published_years
from evaluation.final.tasks import final_evaluation
from evaluation.finding import year_hits
from evaluation.images.usage import deposited, why_kept
from evaluation.letter import WritingLetter
from evaluation.opening.commitments import PublicPageCommitment
from evaluation.opening.reading import open_to_all, opening_row
from evaluation.personal import KEPT_NAMES, PERSONAL, forget_writer
from evaluation.publication.commitments import EvaluationCommitment
from evaluation.publication.document import PrintingDocument
from evaluation.publication.events import (
    follow_closing,
    follow_figure,
    follow_versions,
    request_missing_renditions,
)
from evaluation.publication.files import places_of_printing
from evaluation.publication.notices import EvaluationLetter
from evaluation.publication.tasks import publication_tasks
from evaluation.reasons_to_keep import reason_to_keep_collection, reason_to_keep_figure
from evaluation.report.document import ReportDocument
from evaluation.report.files import ReportFile
from evaluation.verdicts.yearly import count_appreciations
from evaluation.writing.tasks import themes_to_write
from evaluation.year.dashboard import year_state
from evaluation.year.tasks import (
    links_of_closed,
    notes_deadlines,
    years_in_question,
    years_to_write,
)

contributions = Contributions(
    search=[year_hits],
    awaited_years=[years_in_question],
    tasks=[publication_tasks, years_to_write, final_evaluation, themes_to_write],
    campaign_links=[links_of_closed],
    year_states=[published_years],
    state=[year_state],
    linked_to_objectives=[count_appreciations],
    open_to_all=[open_to_all],
    settings=[opening_row],
    deadlines=[notes_deadlines],
    reasons_to_keep=[reason_to_keep_collection, reason_to_keep_figure, why_kept],
    uploads=[deposited],
    file_places=[places_of_printing],
    personal=PERSONAL,
    kept_names=KEPT_NAMES,
    after_anonymisation=[forget_writer],
    demo=[DemoStep("Évaluations", set_up)],
    archive=[evaluation_parts],
    documents=[ReportDocument(), PrintingDocument(), ReportFile()],
    versions=[EvaluationCommitment(), PublicPageCommitment()],
    after_answers=[follow_versions],
    after_closing=[follow_closing],
    after_figures=[follow_figure],
    figure_notes=[notes_on_figure],
    binding=[
        "evaluation:submit evaluation:validate evaluation:take_back evaluation:propose "
        "evaluation:give_back evaluation:publish evaluation:opening"
    ],
    jobs=[
        Job("evaluation.print_what_lacks", request_missing_renditions, every=timedelta(minutes=1))
    ],
    letters=[EvaluationLetter, WritingLetter],
    help=[
        Place(
            "evaluation:year",
            "membre-du-comite#lire-les-indicateurs-et-l-annee",
            coordinator="coordination#l-evaluation-de-l-annee-et-son-rapport",
        ),
        Place("evaluation:complete", "coordination#l-evaluation-de-l-annee-et-son-rapport"),
        Place("evaluation:final", "coordination#l-evaluation-finale"),
        Place(
            "evaluation:narrative evaluation:narrative_history evaluation:narrative_give "
            "evaluation:year_text evaluation:year_text_history evaluation:criterion "
            "evaluation:criterion_history",
            "coordination#ecrire-le-bilan",
        ),
        Place(
            "evaluation:narrative_add_image evaluation:narrative_image evaluation:image "
            "evaluation:year_text_add_image evaluation:year_text_image",
            "coordination#mettre-une-image",
        ),
        Place(
            "evaluation:narrative_comments evaluation:year_text_comments evaluation:text_comment "
            "evaluation:edit_text_comment",
            "membre-du-comite#commenter-un-texte-de-l-evaluation",
            coordinator="coordination#les-commentaires-sur-un-texte",
        ),
        Place(
            "evaluation:publication evaluation:submit evaluation:validate evaluation:take_back "
            "evaluation:propose evaluation:give_back evaluation:publish evaluation:edition_file "
            "evaluation:edition_data evaluation:check evaluation:opening",
            "membre-du-comite#l-evaluation-avant-et-apres-sa-publication",
            coordinator="coordination#publier-l-evaluation",
        ),
        Place(
            "evaluation:appreciations evaluation:appreciate", "coordination#apprecier-les-objectifs"
        ),
        Place("evaluation:appreciate_stakes", "coordination#apprecier-les-enjeux-partages"),
        Place("evaluation:posts", "coordination#suivre-les-postes-de-cooperation"),
        Place(
            "evaluation:report evaluation:request_report evaluation:cancel_report "
            "evaluation:report_file evaluation:report_files evaluation:preview",
            "membre-du-comite#les-documents",
            coordinator="coordination#preparer-le-rapport",
        ),
        Place("evaluation:compose evaluation:highlights", "coordination#composer-le-document"),
    ],
)
