"""What all chapters of the hard lives use: a clock that moves on, people, organisations, cases."""

import datetime
import tempfile
from collections import defaultdict
from pathlib import Path

from django.core.exceptions import ObjectDoesNotExist
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from conventions.access import events as access
from conventions.loading import load
from conventions.models import Convention, Membership, Organisation, Role
from ctg_portal.house import house
from documents.models import StoredFile, store
from tests.golden.stage import PARIS, Clock
from tests.upgrades.cases import Case, case_of

FILES = Path(__file__).parent
SERRE, AULNE, GENETS = "vallee-de-la-serre", "pays-d-aulne", "plateau-des-genets"
FIRST, LAST = datetime.date(2025, 11, 26), datetime.date(2026, 12, 1)
LETTER = b"From: a@exemple.example\nTo: b@exemple.example\nSubject: Accord\n\nNous sommes d'accord."


class Stage:
    """The clock of the story, and its cases by chapter."""

    def __init__(self, clock: Clock):
        self.clock, self.chapter = clock, ""
        self._told: dict[str, list[tuple]] = defaultdict(list)

    def begin(self, chapter: str, day: datetime.date) -> None:
        self.chapter = chapter
        self.reach(day)

    def reach(self, day: datetime.date, hour: int = 9) -> None:
        """Let time pass until a day. On the next three mornings, on each Monday and on the day
        itself the clock of the portal does its work: who is written to is written to in time."""
        today = timezone.localdate()
        for number in range(1, (day - today).days + 1):
            morning = today + datetime.timedelta(number)
            if number <= 3 or morning.weekday() == 0 or morning == day:
                self._move(morning, 8)
                do_the_work_of_the_clock()
        self._move(day, hour)

    def _move(self, day: datetime.date, hour: int) -> None:
        moment = datetime.datetime.combine(day, datetime.time(hour), PARIS)
        self.clock.move_to(max(moment, timezone.now()))

    def case(self, about: str, row: Model, **state) -> None:
        """Declare a case: what it is about, its row, and what that says once all is written."""
        self._told[self.chapter].append((about, row, state))

    def cases(self) -> dict[str, list[Case]]:
        """By chapter, all that was declared; raises where a row is not as its case has it, or not
        found by its key."""
        chapters, wrong = {}, []
        for chapter, told in self._told.items():
            chapters[chapter] = []
            for about, row, state in told:
                try:
                    chapters[chapter].append(_checked(about, row, state))
                except (AssertionError, ObjectDoesNotExist) as error:
                    wrong.append(f"{about}: {error}")
        if wrong:
            raise AssertionError("\n".join(wrong))
        return chapters


def _checked(about: str, row: Model, state: dict) -> Case:
    row = type(row)._default_manager.get(pk=row.pk)
    found = {name: getattr(row, name) for name in state}
    if found != state:
        raise AssertionError(f"{found}, not {state}")
    case = case_of(about, row, state)
    keys = [one.pk for one in case.rows()]
    if keys != [row.pk]:
        raise AssertionError(f"« {case.key} » finds {keys}, not {row.pk} alone")
    return case


def do_the_work_of_the_clock() -> None:
    """Each job once; what fails is raised, where the portal would log it and go on. What is done at
    once leaves no finished tasks to clean up."""
    for job in house().jobs:
        if job.name != "portal.clean_up":
            job.run()


# Conventions -------------------------------------------------------------------------------------


def load_text(slug: str, *changes: tuple[str, str]) -> Convention:
    """Load the file of a convention, each (before, after) of ``changes`` written in it."""
    text = (FILES / f"{slug}.yaml").read_text(encoding="utf-8")
    for before, after in changes:
        if text.count(before) != 1:
            raise AssertionError(f"{slug}: « {before} » stands there {text.count(before)} times")
        text = text.replace(before, after)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{slug}.yaml"
        file.write_text(text, encoding="utf-8")
        return load(file).convention


def convention(slug: str) -> Convention:
    return Convention.objects.get(slug=slug)


def organisation(acronym: str, slug: str = SERRE) -> Organisation:
    return Organisation.objects.get(convention__slug=slug, acronym=acronym)


# People ------------------------------------------------------------------------------------------


def person(email: str) -> User:
    return User.objects.get(email=email)


def invite(email: str, acronym: str, role: str = Role.CONTRIBUTOR, *, by, slug: str = SERRE):
    """An invitation that nobody has taken yet. ``by`` None: whoever hosts the portal."""
    there = organisation(acronym, slug)
    return access.invite(email=email, organisation=there, roles=[role], by=by)[0]


def take(invitation, name: str = "") -> None:
    """Accept an invitation; who has no account opens it under that name, « Claire Fontenay »."""
    if user := User.objects.filter(email=invitation.email).first():
        access.accept(invitation, by=user)
        return
    first, last = name.rsplit(" ", 1)
    access.accept_as_newcomer(invitation, first_name=first, last_name=last, password="")


def join(
    name: str, email: str, acronym: str, role: str = Role.CONTRIBUTOR, *, by, slug: str = SERRE
) -> Membership:
    """Somebody is invited and accepts: the access that came of it."""
    take(invite(email, acronym, role, by=by, slug=slug), name)
    return access_of(email, acronym, role, slug)


def access_of(
    email: str, acronym: str, role: str = Role.CONTRIBUTOR, slug: str = SERRE
) -> Membership:
    """The last access of somebody for an organisation in a role."""
    held = Membership.objects.filter(
        user__email=email, organisation__acronym=acronym, role=role,
        organisation__convention__slug=slug,
    )  # fmt: skip
    return held.latest("granted_at")


def letter(by: User | None) -> StoredFile:
    """A message that somebody deposits as a proof."""
    return store(SimpleUploadedFile("accord.eml", LETTER), by=by)
