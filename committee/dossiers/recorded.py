"""Answers to a dossier given outside the portal: the form that records them, and what is to
confirm."""

from dataclasses import dataclass
from functools import cached_property

from django import forms

from agreements.answers.events import Received, RefusedVersion
from agreements.answers.lights import Point, points_of, required_of
from agreements.answers.rights import may_confirm, recordable_seats
from agreements.models import Agreement, Answer, Channel, Seat, Version
from committee.dossiers.models import Dossier
from committee.dossiers.rights import may_answer_dossier
from committee.forms import label_seat
from committee.pages import CommitteeReader
from committee.points.rights import may_record_some
from conventions.models import Organisation
from ctg_portal.forms.fields import DayField, NumbersByKeyField, prose
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import de, in_words
from documents.forms import DocumentField

EACH, NOTHING = "each", "nothing"
NO_POINT = Refusal("Aucun point de ce dossier n’attend de réponse de cet organisme.")


class LastRanksForm(forms.Form):
    """The rank of the party's last entry on each version, as the page of a dossier showed it."""

    last_ranks = NumbersByKeyField()


def points_of_dossier(dossier: Dossier) -> list[Point]:
    """Return the points of a dossier in its order, with where each party stands."""
    convention = dossier.convention
    versions = list(
        Version.objects.filter(dossiers=dossier).with_subjects().order_by("dossier_points__rank")
    )
    for version in versions:
        version.convention = convention
    return points_of(versions, required_of(convention))


def recordable_seats_by_party(
    points: list[Point], here: CommitteeReader
) -> dict[Organisation, dict[int, Seat]]:
    """Map each party to the seats, by primary key, for whose holders the person may record an
    answer to some point that is left to record."""
    seats: dict[Organisation, dict[int, Seat]] = {}
    for point in points:
        for seat in recordable_seats(here.user, here.bench, point):
            if is_left_to_record(point, seat.organisation):
                seats.setdefault(seat.organisation, {})[seat.pk] = seat
    return seats


def is_left_to_record(point: Point, organisation: Organisation) -> bool:
    """Return whether a point is proposed and not agreed to by a party: more can be recorded."""
    return point.version.is_proposed and not point.is_agreed_by(organisation)


def may_record_dossier(
    here: CommitteeReader, dossier: Dossier, points: list[Point]
) -> Refusal | None:
    """Return why the person may record an answer to none of the points, or None."""
    if refusal := may_answer_dossier(dossier):
        return refusal
    if recordable_seats_by_party(points, here):
        return None
    refusals = [may_record_some(here.user, here.bench, point) for point in points]
    return next(filter(None, refusals), NO_POINT)


class RecordedForm(forms.Form):
    """Who spoke, when, by which channel, and one answer for all points, or none preselected."""

    seat = forms.ChoiceField(
        label="Qui s’est exprimé",
        widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": "Ce siège n’engage plus son organisme : choisissez-en un autre."
        },
    )
    received_on = DayField(label="Reçu le")
    channel = forms.ChoiceField(label="Comment", choices=Channel.choices, widget=forms.RadioSelect)
    whole = forms.ChoiceField(
        label="Ce qui est dit",
        choices=[
            (Answer.AGREED, "D’accord sur tous les points, sauf ceux précisés plus bas"),
            (EACH, "Une réponse différente selon les points, précisée à chacun"),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, seats: dict[int, Seat], today, **kwargs):
        super().__init__(*args, **kwargs)
        self.seats, self.today = seats, today
        self.fields["seat"].choices = [(str(pk), label_seat(s)) for pk, s in seats.items()]
        self.fields["received_on"].widget.attrs["max"] = today.isoformat()

    def clean_seat(self) -> Seat:
        return self.seats[int(self.cleaned_data["seat"])]

    def clean_received_on(self):
        """Refuse a day after today."""
        day = self.cleaned_data["received_on"]
        if day > self.today:
            raise forms.ValidationError("Une réponse ne peut pas être reçue à une date à venir.")
        return day


class RecordedPointForm(forms.Form):
    """The answer recorded to one point, where it differs from the whole."""

    answer = forms.ChoiceField(
        label="Réponse",
        required=False,
        choices=[
            ("", "Comme pour l’ensemble"),
            (Answer.AGREED, "D’accord"),
            (Answer.CHANGE_REQUESTED, "Demande une modification"),
            (NOTHING, "Ne dit rien de ce point"),
        ],
    )
    reason = prose("Motif, s’il demande une modification", required=False, rows=2)

    def __init__(self, *args, version: Version, **kwargs):
        super().__init__(*args, prefix=f"p{version.pk}", **kwargs)
        # By it the style sheet sees whether something is typed.
        self.fields["reason"].widget.attrs["placeholder"] = " "
        self.version = version

    def resolve(self, whole: str) -> None:
        """Check the answer to the point against ``whole``, the answer to all; set ``choice``."""
        answer, reason = self.cleaned_data.get("answer"), self.cleaned_data.get("reason")
        if not answer and whole == EACH:
            self.add_error("answer", "Dites la réponse à ce point, ou que rien n’en est dit.")
        if answer == Answer.CHANGE_REQUESTED and not reason:
            self.add_error("reason", "Recopiez ce qui est à modifier, et pourquoi.")
        if reason and answer != Answer.CHANGE_REQUESTED:
            self.add_error("answer", "Un motif accompagne une demande de modification.")
        self.choice = answer or whole


class EvidenceForm(forms.Form):
    """The document that proves all answers, asked with the summary: browsers keep no file."""

    evidence = DocumentField(label="Le document reçu")


@dataclass
class Row:
    """A point in the form. ``refusal`` says why nothing could be recorded, of any point."""

    point: Point
    form: RecordedPointForm
    refusal: Refusal | None = None

    @property
    def version(self) -> Version:
        return self.point.version

    @property
    def label(self) -> str:
        """The chosen answer in lower case; « rien n’est enregistré » where none is recorded."""
        choice = self.form.choice
        return "rien n’est enregistré" if choice == NOTHING else Answer(choice).label.lower()

    @property
    def reason(self) -> str:
        return self.form.cleaned_data.get("reason", "")


class RecordedSheet:
    """The forms that record what one party answered to a dossier. ``data`` is what was sent, or
    None for empty forms."""

    def __init__(self, points: list[Point], organisation, here: CommitteeReader, data=None):
        """Take the points that may be recorded; of a sent form, the points it showed."""
        self.organisation, self.here = organisation, here
        self.seats = recordable_seats_by_party(points, here).get(organisation, {})
        if data is None:
            shown = [
                point
                for point in points
                if organisation in recordable_seats_by_party([point], here)
            ]
            self.last_ranks = {p.version.pk: _rank(p, organisation) for p in shown}
        else:
            # What was shown is asked, whatever has become of it: nothing goes without a word.
            sent = LastRanksForm(data)
            sent.full_clean()
            self.last_ranks = sent.cleaned_data.get("last_ranks", {})
            shown = [point for point in points if point.version.pk in self.last_ranks]
        self.form = RecordedForm(data, seats=self.seats, today=here.today)
        self.rows = [Row(p, RecordedPointForm(data, version=p.version)) for p in shown]
        self.settled = [p for p in points if p not in shown and p.version.is_proposed]

    @property
    def last_ranks_field(self):
        return LastRanksForm(initial={"last_ranks": self.last_ranks})["last_ranks"]

    def refresh_last_ranks(self) -> None:
        """Take the rows as they stand now for what was read, where the form is shown again."""
        by_pk = {row.version.pk: _rank(row.point, self.organisation) for row in self.rows}
        self.last_ranks = by_pk

    def is_valid(self) -> bool:
        """Return whether all is filled in; first write on each point its answer."""
        forms_are = [self.form.is_valid(), *(row.form.is_valid() for row in self.rows)]
        whole = self.form.cleaned_data.get("whole")
        for row in self.rows:
            row.form.resolve(whole)
        if all(forms_are) and not self.to_correct and not self.received():
            self.form.add_error(None, "Rien n’est dit d’aucun point : il n’y a rien à enregistrer.")
        return not self.form.errors and not self.to_correct

    @property
    def to_correct(self) -> list[Row]:
        return [row for row in self.rows if row.form.errors]

    @cached_property
    def groups(self) -> list[tuple[str, list[Row]]]:
        """The rows by what is answered to them, as the summary lists them."""
        order = [Answer.CHANGE_REQUESTED, NOTHING, Answer.AGREED]
        groups = [[row for row in self.rows if row.form.choice == choice] for choice in order]
        return [(rows[0].label, rows) for rows in groups if rows]

    def received(self) -> list[Received]:
        """Return the answers to record, without points of which nothing is said."""
        return [
            Received(row.version, row.form.choice, row.reason, self.last_ranks[row.version.pk])
            for row in self.rows
            if row.form.choice != NOTHING
        ]

    def refuse(self, refused: list[RefusedVersion]) -> None:
        """Write on each row why its answer was refused; clear the others."""
        reasons = {version.pk: refusal for version, refusal in refused}
        for row in self.rows:
            row.refusal = reasons.get(row.version.pk)

    @property
    def refused(self) -> list[Row]:
        return [row for row in self.rows if row.refusal]


def _rank(point: Point, organisation: Organisation) -> int:
    """Return the rank of the organisation's last entry, recorded ones included; 0 for none."""
    entry = point.last_entered.get(organisation.pk)
    return entry.rank if entry else 0


def describe_recorded(entries: list[Agreement]) -> str:
    """Return two sentences: what has just been recorded, and from when on it counts."""
    [first, *others] = entries
    who = f"quand une personne qui engage {first.organisation.the}"
    if not others:
        recorded = f"Une réponse {de(first.person_name)} est enregistrée."
        return f"{recorded} Elle comptera {who} l’aura confirmée."
    many = in_words(len(entries), "réponse,réponses").capitalize()
    recorded = f"{many} {de(first.person_name)} sont enregistrées."
    return f"{recorded} Elles compteront {who} les aura confirmées."


def entries_to_confirm(points: list[Point], here: CommitteeReader) -> list[Agreement]:
    """Return the recorded entries on these points that the person may confirm."""
    entries = []
    for point in points:
        for party in point.required:
            entry = point.recorded.get(party.pk)
            if entry is None:
                continue
            # Read already: no query for each of them.
            party.convention, entry.organisation = here.convention, party
            if may_confirm(here.user, entry, point, here.bench) is None:
                entry.version = point.version
                entries.append(entry)
    return entries
