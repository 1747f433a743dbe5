"""The evaluation of a year that is written, its collection closed; the Caf validates analyses."""

import datetime
import hashlib

from conventions.models import Party
from documents.drawing.events import store_result, take
from evaluation.cooperation.events import write_post
from evaluation.models import Edition, Printing
from evaluation.period import Period
from evaluation.publication import events
from evaluation.stakes.events import appreciate_stake
from evaluation.texts.models import parts_of
from evaluation.writing.events import write_narrative, write_year_text
from indicators.models import CampaignState
from tests.agreements.factories import committee_of
from tests.committee.stakes.scene import in_force_since
from tests.evaluation.cooperation.scene import post_of, told_whole
from tests.indicators.factories import campaign_of, indicator_in_force, value_of

YEAR = 2023


def written_year(validates: bool = True):
    """Return a committee with ``campaign``, ``indicator``, ``theme``; its texts of 2023 are
    written."""
    committee = committee_of()
    Party.objects.filter(organisation=committee.caf).update(validates_analyses=validates)
    committee.caf.opts_out_of_secrecy = True
    committee.caf.save()
    committee.indicator = indicator_in_force(committee, is_confidential=True)
    committee.theme = committee.indicator.theme
    committee.campaign = campaign_of(
        committee, YEAR, [committee.indicator], state=CampaignState.CLOSED
    )
    committee.value = value_of(committee.campaign, committee.indicator, 441)
    by = committee.coordinator
    write_narrative(committee.theme, YEAR, "La crèche a ouvert.", revision=0, by=by)
    for part in parts_of(Period(YEAR)):
        write_year_text(committee.convention, YEAR, part, f"{part.label}.", revision=0, by=by)
    return committee


def whole_year():
    """Return the committee of ``written_year`` with an appreciated ``stake`` and a ``post`` that is
    entered."""
    committee = written_year()
    committee.stake = in_force_since(committee, datetime.date(YEAR - 1, 12, 31)).subject
    by = committee.coordinator
    appreciate_stake(
        committee.stake, YEAR, "stronger", "Les trajets s’allongent.", revision=0, by=by
    )
    committee.post = post_of(committee)
    write_post(committee.post, YEAR, told_whole(), revision=0, by=by)
    return committee


def submitted(committee, **reason) -> Edition:
    return now(events.submit(committee.campaign, by=committee.coordinator, **reason))


def validated(committee, **reason) -> Edition:
    edition = submitted(committee, **reason)
    events.validate(edition, committee.caf, by=committee.caf_member)
    return now(edition)


def proposed(committee, **reason) -> Edition:
    edition = validated(committee, **reason)
    events.propose(edition, by=committee.coordinator)
    return now(edition)


def agreed(committee, **reason) -> Edition:
    edition = proposed(committee, **reason)
    committee.agree(edition.version)
    return now(edition)


def published(committee, **reason) -> Edition:
    edition = agreed(committee, **reason)
    keep_drawn(events.request_publication(edition, by=committee.coordinator))
    return now(edition)


def keep_drawn(printing: Printing, content: bytes = b"") -> Printing:
    """Store a document as the worker would, and return it."""
    content = content or f"%PDF {printing.pk}".encode()
    return store_result(printing, take(printing), content, 12)


def now(edition: Edition) -> Edition:
    """Return the edition as stored now."""
    return Edition.objects.with_all().get(pk=edition.pk)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
