"""The page on which the coordinator records what a year, or the whole term, was for the posts of
cooperation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.forms import BoundField

from accounts.models import User
from conventions.models import Convention, CooperationPost
from ctg_portal.forms.revisions import Rewritten, revision_of
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import plural
from ctg_portal.text.differences import Change, words_changed
from evaluation.cooperation.events import write_post
from evaluation.cooperation.forms import PostForm, TermPostForm
from evaluation.cooperation.lines import BROUGHT, NOT_FILLED_IN, PostLine, PostOverYears, TextOfYear
from evaluation.cooperation.models import PostYear
from evaluation.cooperation.over_years import posts_over_years, rewritten_years
from evaluation.cooperation.post_record import PostRecord
from evaluation.cooperation.reading import line_of
from evaluation.period import Period
from evaluation.texts.sheets import Conflict, SheetsPage, conflict_with

FORMS = "poste de coopération,postes de coopération"
OTHER = "un autre suivi"


@dataclass
class PostSheet:
    """A post, its row of the year if there is one, and its form."""

    post: CooperationPost
    year: int | None
    row: PostYear | None
    form: PostForm | TermPostForm
    conflict: Conflict | None = None

    @property
    def anchor(self) -> str:
        return self.post.anchor

    @property
    def title(self) -> str:
        return str(self.post)

    @property
    def line(self) -> PostLine:
        return line_of(self.post, self.year, PostRecord.of(self.row))

    @property
    def is_written(self) -> bool:
        return PostRecord.of(self.row) != PostRecord()

    @property
    def is_wrong(self) -> bool:
        return bool(self.conflict or self.form.errors)


@dataclass
class TermPostSheet(PostSheet):
    """A post over the term. ``over_years``, always given: what the years recorded."""

    over_years: PostOverYears | None = None

    @property
    def brought(self) -> list[tuple[BoundField, list[TextOfYear]]]:
        """The fields of what the post brought, each with the texts of the years on it."""
        texts = {one.name: one.years for one in self.over_years.brought}
        return [(self.form[field], texts.get(name, [])) for field, name in BROUGHT.items()]


@dataclass
class PostsPage(SheetsPage):
    """The sheets of the posts in a year. ``data``: what was sent, None before; ``to_do``: the verb
    for a sheet without a record."""

    convention: Convention
    year: int | None
    user: User
    data: Mapping[str, str] | None = None
    saved: int = 0
    form_class = PostForm
    to_do = "renseigner"

    @cached_property
    def sheets(self) -> list[PostSheet]:
        """The sheets of the posts that are planned, or have a record of the year. Five queries."""
        rows = self._rows()
        posts = CooperationPost.objects.of(self.convention).with_parts()
        return [
            PostSheet(post, self.year, rows.get(post.pk), self._form(post, rows.get(post.pk)))
            for post in posts
            if post.is_in_text or post.pk in rows
        ]

    def _rows(self) -> dict[int, PostYear]:
        """Return the rows of the year, by primary key of the post."""
        rows = PostYear.objects.of(self.convention).for_year(self.year).with_lines()
        return {row.post_id: row for row in rows}

    def _form(self, post: CooperationPost, row: PostYear | None) -> PostForm | TermPostForm:
        return self.form_class(self.sent_for(post.pk), post=post, row=row)

    @property
    def is_alone(self) -> bool:
        return len(self.sheets) == 1

    @property
    def opened_sheets(self) -> list[tuple[PostSheet, bool]]:
        """Each sheet with whether it is open: those to correct, else the first without a record."""
        awaited = self.wrong or [sheet for sheet in self.sheets if not sheet.is_written][:1]
        return [(sheet, sheet in awaited) for sheet in self.sheets]

    def save_sheet(self, sheet: PostSheet) -> None:
        """Save the record of a post if it was changed and the writer keeps her own version. A
        refusal is added to the sheet; else it has a new form."""
        form, before = sheet.form, revision_of(sheet.row)
        record = form.record
        if not form.takes_theirs and record != PostRecord.of(sheet.row):
            try:
                sheet.row = write_post(
                    sheet.post, self.year, record, revision=form.revision_overwritten, by=self.user
                )
            except Refused as refused:
                self._refuse(sheet, refused)
                return
            self.saved += bool(sheet.row) and sheet.row.revision != before
        sheet.form = self.form_class(post=sheet.post, row=sheet.row)

    def _refuse(self, sheet: PostSheet, refused: Refused) -> None:
        """Add a refusal to the form, which keeps what was typed; where somebody else has written
        meanwhile, add the differences from their record."""
        sheet.form.add_error(None, refused.refusal.reason)
        if not isinstance(refused.refusal, Rewritten):
            return
        row = PostYear.objects.with_lines().get(post=sheet.post, year=self.year)
        theirs = dict(_words_by_label(line_of(sheet.post, self.year, PostRecord.of(row))))
        mine = dict(_words_by_label(line_of(sheet.post, self.year, sheet.form.record)))
        sheet.conflict = conflict_with(
            row,
            OTHER,
            [
                Change(label, words_changed(theirs.get(label, ""), mine.get(label, "")))
                for label in {**theirs, **mine}
            ],
        )

    @property
    def title(self) -> str:
        """« Évaluation 2023 : 1 poste de coopération reste à renseigner »; the number of posts
        where all have a record, or that the convention plans none."""
        name = Period(self.year).name
        if not self.sheets:
            return f"{name} : la convention ne prévoit pas de poste de coopération"
        if unwritten := sum(not sheet.is_written for sheet in self.sheets):
            verb = "restent" if unwritten >= 2 else "reste"
            return f"{name} : {plural(unwritten, FORMS)} {verb} à {self.to_do}"
        return f"{name} : {plural(len(self.sheets), FORMS)}"


class TermPostsPage(PostsPage):
    """The sheets of the posts over the whole term."""

    form_class = TermPostForm
    to_do = "apprécier"

    @cached_property
    def sheets(self) -> list[TermPostSheet]:
        """The sheets of the posts that ``posts_over_years`` has. Eleven queries."""
        rows = self._rows()
        posts = CooperationPost.objects.of(self.convention).with_parts().in_bulk()
        return [
            TermPostSheet(
                post := posts[line.key],
                self.year,
                rows.get(post.pk),
                self._form(post, rows.get(post.pk)),
                over_years=line,
            )
            for line in posts_over_years(self.convention)
        ]

    @property
    def rewritten(self) -> list[int]:
        return rewritten_years(self.convention)


def _words_by_label(line: PostLine) -> Iterator[tuple[str, str]]:
    """Yield the label and the words of each part of a record, for a comparison."""
    for share in line.shares:
        yield f"ETP pourvus, {share.domain}", share.filled_fte or NOT_FILLED_IN
    done = [title for mission in line.missions for title in mission.done]
    yield "Activités du référentiel", "\n".join(done)
    yield "Ce qui a été fait", line.text
    yield from line.texts
    yield from line.money
