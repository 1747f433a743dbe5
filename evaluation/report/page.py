"""Read the page of a report: what it will contain, what is missing, which documents there are."""

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
        """Whether an edition of it is published."""
        return Edition.objects.of(self.convention).for_year(self.year).published().exists()

    @property
    def digest(self) -> str:
        return self.view.digest

    @cached_property
    def shown(self) -> Report | None:
        """The report with the content of now, else the last one; None without any."""
        same = [report for report in self.ready if report.digest == self.digest]
        return next(iter([*same, *self.ready]), None)

    @property
    def is_up_to_date(self) -> bool:
        return self.shown is not None and self.shown.digest == self.digest

    @cached_property
    def lacks(self) -> Lacks:
        """The gaps of its evaluation, the list of the page of the year."""
        reading = self.reading
        return lacking_of(self.convention, reading.campaign, self.period, reading)

    @cached_property
    def may_take(self) -> bool:
        return may_take_files(self.user, self.convention) is None

    @property
    def essential(self) -> tuple[str, str] | None:
        """The label and the address of the short version; None for who may not take it."""
        return self._file(ESSENTIAL) if self.may_take else None

    @property
    def files(self) -> list[tuple[str, str]]:
        """The label and the address of each other file; none for who may not take them."""
        return [self._file(name) for name in LABELS if name != ESSENTIAL] if self.may_take else []

    def _file(self, name: str) -> tuple[str, str]:
        where = [self.convention.slug, self.year, name]
        return LABELS[name], reverse("evaluation:report_files", args=where)

    @property
    def holds(self) -> str:
        """« 16 indicateurs, 12 actions, 4 textes et 3 axes »."""
        written = [theme for theme in self.reading.themes if theme.text]
        actions = self.reading.plan.total
        parts = [
            plural(len(self.reading.series), "indicateur,indicateurs"),
            plural(actions, "action,actions") if actions else "",
            plural(len(written) + len(self.reading.texts), "texte,textes"),
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
        """The rest of the title before a first report is asked for."""
        if not self.reading.series and not self.reading.actions:
            return "serait vide : rien n’a encore été recueilli"
        return f"peut être composé ; {self.lacks.words}"
