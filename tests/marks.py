"""What tests look at while they run: an event marks all that it writes, and a page writes nothing
that is kept outside of an event. What a test writes by itself empties what is kept.
"""

import re

from django.apps import apps

from ctg_portal.marks import events
from ctg_portal.marks.cache import memory, reader
from ctg_portal.marks.models import EVERYTHING, STATISTICS, Subject

WRITTEN = re.compile(r'(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM) "(\w+)"')
# Who acts and sits.
PEOPLE = {
    *("conventions.Membership", "conventions.MembershipTransition", "conventions.MembershipOffer"),
    *("conventions.Designation", "conventions.Designation_organisations"),
    *("agreements.Seat", "agreements.Absence", "agreements.Delegation"),
    *("committee.Renewal", "committee.RenewalLine"),
}
# What all conventions share.
PUBLIC = {"indicators.Release", "indicators.ReleaseTransition", "indicators.PublicFigure"}
# What only its author or its addressee reads, and what is read anew each time.
LIVE = {
    *("committee.NotedAnswer", "committee.LinksCut", "evaluation.OwnDraft"),
    *("indicators.Offer", "indicators.OfferTransition"),
    # Who sets a convention up reads it anew.
    *("conventions.Project", "conventions.Project_shared_with", "conventions.ProjectLogo"),
    # How far the drawing of a document is.
    *("evaluation.Printing", "evaluation.PrintingTransition"),
    *("evaluation.Report", "evaluation.ReportTransition"),
}


def subject_of(model) -> str | None:
    """Return the mark under which rows of a model are kept; None for what is read anew."""
    label = model._meta.label
    if label in LIVE or model.__name__.startswith("Historical"):
        return None
    if label in PEOPLE:
        return Subject.PEOPLE
    if label in PUBLIC:
        return STATISTICS
    room = "committee" if model._meta.app_label == "agreements" else model._meta.app_label
    return room if room in Subject.values else None


def subjects_of_tables() -> dict[str, str]:
    models = apps.get_models(include_auto_created=True)
    subjects = {model._meta.db_table: subject_of(model) for model in models}
    return {table: subject for table, subject in subjects.items() if subject}


class Watch:
    """Looks at each query of a connection."""

    def __init__(self) -> None:
        self.tables = subjects_of_tables()
        self.keys: set[str] | None = None
        self.written: dict[str, str] = {}
        self.replace = events._replace
        events._replace = self.replacing

    def __call__(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        # Most queries read, and a run asks ten million of them.
        match = sql[0] in "IUD" and WRITTEN.match(sql)
        subject = match and self.tables.get(match[1])
        if subject and context["cursor"].rowcount:
            self.note(match[1], subject)
        return result

    def note(self, table: str, subject: str) -> None:
        if events.change.keys is None:
            memory.clear()
            assert reader.marks is None, f"A request writes {table} outside of an event."
            return
        if self.keys is not events.change.keys:
            self.keys, self.written = events.change.keys, {}
        self.written[table] = subject

    def replacing(self, keys: set[str]) -> None:
        marked = {key.rpartition("/")[2] for key in keys}
        written = self.written if self.keys is keys else {}
        if EVERYTHING in marked:
            written = {}
        unmarked = {table for table, subject in written.items() if subject not in marked}
        assert not unmarked, f"An event writes {', '.join(sorted(unmarked))} and marks {marked}."
        self.replace(keys)
