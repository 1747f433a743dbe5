"""What the page of a report shows: what it will hold, what is missing, what there is."""

from django.urls import reverse
from django.utils.functional import cached_property

from accounts.models import User
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import enumerate_words, plural
from documents.drawing.page import Progress
from evaluation.editions.models import Edition
from evaluation.report.files import LABELS
from evaluation.report.for_reader import ContentPageMixin
from evaluation.report.models import Report
from evaluation.report.renditions import ESSENTIAL
from evaluation.report.rights import may_build_report, may_take_files
from evaluation.year.lacks import Lacks, lacking_of


class ReportPage:
    """The page of the year, or the term, of ``view``, for ``user``."""

    def __init__(self, view: ContentPageMixin, user: User):
        reading = view.reading
        self.view, self.reading, self.user = view, reading, user
        self.period, self.convention = reading.period, reading.convention
        self.year = reading.period.year

    @property
    def name(self) -> str:
        """« Le rapport 2023 », « Le rapport final »."""
        return f"Le rapport {'final' if self.period.is_term else self.year}"

    @cached_property
    def reports(self) -> list[Report]:
        return list(Report.objects.of(self.convention).for_year(self.year))

    @property
    def ready(self) -> list[Report]:
        return [report for report in self.reports if report.is_ready]

    @cached_property
    def refusal(self) -> Refusal | None:
        return may_build_report(self.user, self.convention)

    @property
    def progress(self) -> Progress | None:
        unfinished = [report for report in self.reports if report.is_unfinished]
        return Progress(unfinished[0], self.user) if unfinished else None

    @property
    def has_failed(self) -> bool:
        """Whether the last one that was asked for could not be composed."""
        return bool(self.reports) and self.reports[0].is_failed

    @cached_property
    def is_published(self) -> bool:
        """Whether there is more to read than a project."""
        return Edition.objects.of(self.convention).for_year(self.year).published().exists()

    @property
    def digest(self) -> str:
        return self.view.digest

    @cached_property
    def shown(self) -> Report | None:
        """The report that says what there is to say now, else the last one."""
        same = [report for report in self.ready if report.digest == self.digest]
        return next(iter([*same, *self.ready]), None)

    @property
    def is_up_to_date(self) -> bool:
        return self.shown is not None and self.shown.digest == self.digest

    @cached_property
    def lacks(self) -> Lacks:
        """What its evaluation lacks, the same list as on the page of the year."""
        reading = self.reading
        return lacking_of(self.convention, reading.campaign, self.period, reading)

    @cached_property
    def may_take(self) -> bool:
        return may_take_files(self.user, self.convention) is None

    @property
    def essential(self) -> tuple[str, str] | None:
        """How the short version is called, and its address."""
        return self._file(ESSENTIAL) if self.may_take else None

    @property
    def files(self) -> list[tuple[str, str]]:
        """The same for who works with it: what each is called, and its address."""
        return [self._file(name) for name in LABELS if name != ESSENTIAL] if self.may_take else []

    def _file(self, name: str) -> tuple[str, str]:
        where = [self.convention.slug, self.year, name]
        return LABELS[name], reverse("evaluation:report_files", args=where)

    @property
    def holds(self) -> str:
        """What the report holds, in words."""
        told = [theme for theme in self.reading.themes if theme.text]
        actions = self.reading.plan.total
        parts = [
            plural(len(self.reading.series), "indicateur,indicateurs"),
            plural(actions, "action,actions") if actions else "",
            plural(len(told) + len(self.reading.texts), "texte,textes"),
            plural(len(self.reading.axes), self.convention.words.axis.forms),
        ]
        return enumerate_words(filter(None, parts))

    @property
    def title(self) -> str:
        if self.progress:
            return f"{self.name} est en préparation"
        if self.ready:
            if self.refusal or self.is_up_to_date:
                return f"{self.name} est prêt"
            return f"{self.name} est prêt ; des données ont changé depuis"
        if self.refusal and self.is_published:
            return f"{self.period.name} : elle est publiée"
        if self.refusal:
            return f"{self.name} n’est pas encore composé"
        return f"{self.name} {self._would_be}"

    @property
    def _would_be(self) -> str:
        """What is to be known before the first one is asked for."""
        if not self.reading.series and not self.reading.actions:
            return "serait vide : rien n’a encore été recueilli"
        return f"peut être composé ; {self.lacks.words}"
