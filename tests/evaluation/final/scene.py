"""The final evaluation of a convention from 2021 to 2023, written; the Caf validates analyses."""

import datetime

from conventions.models import Convention, Party
from evaluation.models import Edition, Verdict
from evaluation.period import TERM
from evaluation.publication import events
from evaluation.report.content import ReportContent
from evaluation.report.reading import read_report
from evaluation.texts.criteria import criteria_of
from evaluation.verdicts.events import appreciate
from evaluation.writing.events import write_criterion, write_narrative
from tests.agreements.factories import committee_of
from tests.evaluation.publication.scene import keep_drawn, now
from tests.evaluation.whole import whole_told
from tests.indicators.factories import figures, indicator_in_force

FIGURES = {2021: 450, 2022: 460, 2023: 441}  # from 400 in 2020: less than before, more than then
MARK = "Satisfaisant"


def ended_term(**others):
    """A committee with ``indicator``, ``theme``, and its closed campaigns; nothing is written."""
    dates = {"signed_on": datetime.date(2021, 1, 1), "end": datetime.date(2023, 12, 31)} | others
    committee = committee_of(**dates)
    Party.objects.filter(organisation=committee.caf).update(validates_analyses=True)
    committee.caf.opts_out_of_secrecy = True
    committee.caf.save()
    committee.indicator = indicator_in_force(committee, is_confidential=True)
    committee.theme = committee.indicator.theme
    figures(committee, committee.indicator, FIGURES)
    committee.campaign = TERM.campaign(committee.convention)
    return committee


def written_term():
    """Everything that it is expected to have is said."""
    committee = ended_term()
    by, convention = committee.coordinator, committee.convention
    write_narrative(committee.theme, None, "Trois crèches ont ouvert.", revision=0, by=by)
    whole_told(committee, None)
    for criterion in criteria_of(convention):
        write_criterion(
            convention, criterion.code, f"{criterion.title} : oui.", MARK, revision=0, by=by
        )
    appreciate(committee.orientation, None, Verdict.REACHED, "Tout y est.", revision=0, by=by)
    return committee


def content_of_term(committee) -> ReportContent:
    convention = Convention.objects.get(pk=committee.convention.pk)
    return read_report(convention, TERM.campaign(convention), TERM)


def submitted(committee, **reason) -> Edition:
    campaign = TERM.campaign(committee.convention)
    return now(events.submit(campaign, period=TERM, by=committee.coordinator, **reason))


def agreed(committee, **reason) -> Edition:
    edition = submitted(committee, **reason)
    events.validate(edition, committee.caf, by=committee.caf_member)
    events.propose(now(edition), by=committee.coordinator)
    committee.agree(now(edition).version)
    return now(edition)


def published(committee, **reason) -> Edition:
    edition = agreed(committee, **reason)
    keep_drawn(events.request_publication(edition, by=committee.coordinator))
    return now(edition)
