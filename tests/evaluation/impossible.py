"""Impossible states of the evaluation on its way: name of the constraint, how to build the row,
what is told (``tests.constraints``)."""

from django.utils import timezone

from committee.models import Stake
from conventions.models import CooperationPost
from evaluation.models import (
    Appreciation,
    CriterionText,
    Edition,
    EditionTransition,
    Evaluation,
    Highlight,
    Illustration,
    Narrative,
    OwnDraft,
    PostYear,
    PostYearFunding,
    PostYearShare,
    Printing,
    PrintingTransition,
    PublicPage,
    Report,
    Snapshot,
    StakeAppreciation,
    TextComment,
    Validation,
    Writer,
    YearText,
)
from tests.agreements.factories import committee_of
from tests.committee.scene import a_document
from tests.constraints import another
from tests.factories import UserFactory

YEAR, NOW = 2024, timezone.now()
UNKNOWN, NOT_IN_TABLE = "Cet état est inconnu.", "Cet acte ne mène pas de cet état à cet autre."


def saved(row):
    row.save()
    return row


def twice(row):
    return another(saved(row))


def snapshot(**changes) -> Snapshot:
    digests = {"digest": "0" * 64, "analyses": "0" * 64}
    fields = {"convention": committee_of().convention, "year": YEAR, "schema": 1, "text": "{}"}
    return Snapshot(**(fields | digests | changes))


def evaluation(year: int | None = YEAR) -> Evaluation:
    return Evaluation(convention=committee_of().convention, year=year)


def edition(**changes) -> Edition:
    fields = {"number": 1, "state": "submitted"} | changes
    return Edition(evaluation=saved(evaluation()), snapshot=saved(snapshot()), **fields)


def published_twice() -> Edition:
    version = committee_of().proposed()
    return twice(edition(state="published", published_at=NOW, version=version))


def validation(**changes) -> Validation:
    committee = committee_of()
    fields = {"word": "validated", "user": committee.caf_member, "person_name": "Jeanne"} | changes
    return Validation(edition=saved(edition()), organisation=committee.caf, **fields)


def printing(**changes) -> Printing:
    return Printing(edition=saved(edition()), **({"state": "queued"} | changes))


def own_draft(**place) -> OwnDraft:
    fields = {"convention": committee_of().convention, "year": YEAR, "text": "Un texte"}
    return OwnDraft(user=UserFactory(), **(fields | place))


def of_theme(year: int | None = YEAR) -> OwnDraft:
    committee = committee_of()
    return own_draft(convention=committee.convention, theme=committee.orientation.theme, year=year)


def of_part(year: int | None = YEAR) -> OwnDraft:
    return own_draft(part="introduction", year=year)


def of_criterion() -> OwnDraft:
    return own_draft(criterion="impact", year=None)


def writer(year: int | None = YEAR) -> Writer:
    return Writer(theme=committee_of().orientation.theme, year=year, user=UserFactory())


def narrative() -> Narrative:
    """Of the term, as what follows."""
    return Narrative(theme=committee_of().orientation.theme)


def year_text(**changes) -> YearText:
    fields = {"convention": committee_of().convention, "part": "introduction"}
    return YearText(**(fields | changes))


def report() -> Report:
    return Report(convention=committee_of().convention, state="queued")


def criterion(code: str = "impact") -> CriterionText:
    return CriterionText(convention=committee_of().convention, criterion=code)


def image(**changes) -> Illustration:
    committee = committee_of()
    fields = {"alternative": "Une cour", "width": 2, "height": 1} | changes
    return Illustration(
        convention=committee.convention, stored=a_document(committee.coordinator), **fields
    )


def text_comment(**changes) -> TextComment:
    committee = committee_of()
    fields = {"text": "Une remarque", "part": "introduction", "created_at": NOW} | changes
    return TextComment(
        convention=committee.convention, year=YEAR, user=committee.coordinator,
        person_name="Jeanne", **fields,
    )  # fmt: skip


def appreciation(**changes) -> Appreciation:
    fields = {"year": YEAR, "verdict": "reached"} | changes
    return Appreciation(objective=committee_of().orientation, **fields)


def highlight(**changes) -> Highlight:
    fields = {"kind": "success", "rank": 1, "sentence": "Un réseau est né."} | changes
    return Highlight(evaluation=saved(evaluation()), **fields)


def stake_appreciation(**changes) -> StakeAppreciation:
    stake = Stake.objects.create(convention=committee_of().convention, title="Un enjeu")
    return StakeAppreciation(stake=stake, **({"year": YEAR, "verdict": "stable"} | changes))


def post_year(**changes) -> PostYear:
    post = CooperationPost.objects.create(convention=committee_of().convention, fte=1)
    return PostYear(post=post, **({"year": YEAR} | changes))


def post_share(**changes) -> PostYearShare:
    fields = {"rank": 1, "domain": "Enfance", "fte": 1} | changes
    return PostYearShare(told=saved(post_year()), **fields)


def post_funding(**changes) -> PostYearFunding:
    return PostYearFunding(told=saved(post_year()), **({"rank": 1, "funder": "Caf"} | changes))


POST_SHARE = "Une part pourvue a un domaine, et des ETP positifs."
POST_FUNDING = "Un financement a un financeur, et un montant positif."
IMPOSSIBLE = [
    ("snapshot_unique", lambda: twice(snapshot()), "Ce contenu est déjà figé."),
    ("snapshot_has_digests", lambda: snapshot(digest="x"), "Un contenu figé a ses empreintes."),
    ("evaluation_unique", lambda: twice(evaluation()), "Cette année a déjà son évaluation."),
    ("edition_one_in_hand", lambda: twice(edition()),
     "L’évaluation de cette année est déjà soumise."),
    ("edition_number_published_once", published_twice, "Cette version est déjà publiée."),
    ("edition_state_known", lambda: edition(state="burnt"), UNKNOWN),
    ("edition_correction_has_reason", lambda: edition(number=2),
     "Une correction dit pourquoi elle est faite."),
    ("edition_published_was_agreed", lambda: edition(published_at=NOW),
     "Une évaluation publiée a été acceptée, et a sa date."),
    ("edition_proposed_has_version", lambda: edition(state="proposed"),
     "Une évaluation soumise à l’accord a sa version."),
    ("edition_transition_in_table",
     lambda: EditionTransition(edition=saved(edition()), verb="submitted", from_state="submitted",
                               to_state="published"), NOT_IN_TABLE),
    ("edition_transition_has_reason",
     lambda: EditionTransition(edition=saved(edition()), verb="returned", from_state="submitted",
                               to_state="returned"), "Cet acte demande un motif."),
    ("validation_word_known", lambda: validation(word="burnt", text="Un texte"),
     "Cette réponse est inconnue."),
    ("validation_says_why", lambda: validation(word="change"),
     "Une demande de modification ou un avis a un texte."),
    ("printing_state_known", lambda: printing(state="burnt"), UNKNOWN),
    ("printing_ready_has_file", lambda: printing(state="ready"),
     "Un document prêt a un fichier et son empreinte."),
    ("printing_composing_has_lease", lambda: printing(state="composing"),
     "Un document en préparation est attendu jusqu’à un moment."),
    ("printing_once", lambda: twice(printing()), "Ce document est déjà là, ou en préparation."),
    ("printing_rendition_known", lambda: printing(rendition="burnt"), "Cette forme est inconnue."),
    ("highlight_rank_unique", lambda: twice(highlight()), "Cette place est déjà prise."),
    ("highlight_kind_known", lambda: highlight(kind="burnt"), "Ce genre est inconnu."),
    ("highlight_three_at_most", lambda: highlight(rank=4),
     "Une année a au plus trois réussites et trois difficultés."),
    ("highlight_says_something", lambda: highlight(sentence=""),
     "Une réussite ou une difficulté dit quelque chose."),
    ("printing_transition_in_table",
     lambda: PrintingTransition(printing=saved(printing()), verb="kept", from_state="queued",
                                to_state="ready"), NOT_IN_TABLE),
    ("publicpage_standing_known",
     lambda: PublicPage(convention=committee_of().convention, standing="burnt"), UNKNOWN),
    ("own_draft_of_theme_unique", lambda: twice(of_theme()),
     "Cette personne a déjà un brouillon de ce texte."),
    ("own_draft_of_part_unique", lambda: twice(of_part()),
     "Cette personne a déjà un brouillon de ce texte."),
    ("own_draft_of_one_text", own_draft,
     "Un brouillon est d’une thématique, d’une partie, ou d’un critère de l’évaluation finale."),
    # Of the term: two empty years are not the same to a database.
    ("snapshot_unique_of_term", lambda: twice(snapshot(year=None)), "Ce contenu est déjà figé."),
    ("evaluation_unique_of_term", lambda: twice(evaluation(None)),
     "Cette convention a déjà son évaluation finale."),
    ("narrative_unique_of_term", lambda: twice(narrative()),
     "Cette thématique a déjà un texte pour toute la convention."),
    ("year_text_unique_of_term", lambda: twice(year_text()),
     "Cette partie a déjà un texte pour toute la convention."),
    ("year_text_part_of_term", lambda: year_text(part="prochaine-convention", year=YEAR),
     "Cette partie n’est que de l’évaluation finale."),
    ("report_one_unfinished_of_term", lambda: twice(report()),
     "Le rapport de toute la convention est déjà en préparation."),
    ("own_draft_of_theme_unique_of_term", lambda: twice(of_theme(None)),
     "Cette personne a déjà un brouillon de ce texte."),
    ("own_draft_of_part_unique_of_term", lambda: twice(of_part(None)),
     "Cette personne a déjà un brouillon de ce texte."),
    ("own_draft_of_criterion_unique", lambda: twice(of_criterion()),
     "Cette personne a déjà un brouillon de ce texte."),
    ("writer_unique_of_term", lambda: twice(writer(None)),
     "Ce texte est déjà confié à cette personne."),
    ("appreciation_unique_of_term", lambda: twice(appreciation(year=None)),
     "Cet objectif a déjà une appréciation pour toute la convention."),
    ("criterion_text_unique", lambda: twice(criterion()), "Ce critère a déjà un texte."),
    ("criterion_text_is_of_one", lambda: criterion(""), "Ce texte est celui d’un critère."),
    ("writer_unique", lambda: twice(writer()), "Ce texte est déjà confié à cette personne."),
    ("illustration_is_told_or_decorative", lambda: image(alternative=""),
     "Une image a un texte de remplacement, ou est décorative."),
    ("illustration_has_sides", lambda: image(height=0),
     "Une image a une largeur et une hauteur."),
    ("textcomment_has_text", lambda: text_comment(text=""), "Un commentaire a un texte."),
    ("text_comment_of_one_text", lambda: text_comment(part=""),
     "Un commentaire est sur une thématique, sur une partie, ou sur un critère de l’évaluation "
     "finale."),
    ("appreciation_unique", lambda: twice(appreciation()),
     "Cet objectif a déjà une appréciation pour cette année."),
    ("appreciation_verdict_known", lambda: appreciation(verdict="burnt"),
     "Cette appréciation n’existe pas."),
    ("appreciation_says_why", lambda: appreciation(verdict="not_reached"),
     "Cette appréciation demande une justification."),
    ("stake_appreciation_unique", lambda: twice(stake_appreciation()),
     "Cet enjeu partagé a déjà une appréciation pour cette année."),
    ("stake_appreciation_unique_of_term", lambda: twice(stake_appreciation(year=None)),
     "Cet enjeu partagé a déjà une appréciation pour toute la convention."),
    ("stake_appreciation_known", lambda: stake_appreciation(verdict="burnt"),
     "Cette appréciation n’existe pas."),
    ("stake_appreciation_says_why", lambda: stake_appreciation(verdict="unsaid"),
     "Cette appréciation demande une justification."),
    ("post_year_unique", lambda: twice(post_year()),
     "Ce poste a déjà un suivi pour cette année."),
    ("post_year_unique_of_term", lambda: twice(post_year(year=None)),
     "Ce poste a déjà un suivi pour toute la convention."),
    ("post_year_cost_of_a_year", lambda: post_year(year=None, cost=1),
     "Un coût est celui d’une année."),
    ("post_year_cost_positive", lambda: post_year(cost=-1), "Un coût est positif."),
    ("post_year_share_once", lambda: twice(post_share()),
     "Les ETP de ce domaine sont déjà dits."),
    ("post_year_share_positive", lambda: post_share(fte=-1), POST_SHARE),
    ("post_year_share_positive", lambda: post_share(domain=""), POST_SHARE),
    ("post_year_funding_once", lambda: twice(post_funding()), "Ce financeur est déjà dit."),
    ("post_year_funding_positive", lambda: post_funding(amount=-1), POST_FUNDING),
    ("post_year_funding_positive", lambda: post_funding(funder=""), POST_FUNDING),
]  # fmt: skip
