"""What a person needs who writes a text of an evaluation: the saved text, their own draft, former
texts, addresses. There is one class for a theme, one for a part of the whole, one for a
criterion."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse

from accounts.models import User
from agreements.commitments import canonical
from conventions.models import Convention, Theme
from ctg_portal.forms.revisions import Meanwhile, revision_of
from ctg_portal.rules import Refusal
from ctg_portal.text.differences import Changes
from ctg_portal.text.markdown import Pictures
from evaluation.images.models import Illustration
from evaluation.images.rights import correctable
from evaluation.images.showing import on_pages
from evaluation.images.usage import shown_in
from evaluation.period import Period
from evaluation.texts.criteria import criterion_of, scale_of
from evaluation.texts.models import (
    CriterionText,
    Narrative,
    OwnDraft,
    Part,
    Written,
    YearText,
    parts_of,
)
from evaluation.texts.rights import may_write_narrative, may_write_theme
from evaluation.texts.sheets import format_moment, text_changes
from evaluation.writing import events
from evaluation.writing.forms import CriterionForm, NarrativeForm
from evaluation.writing.page_of_draft import is_unseen, new_page

MOST_IMAGES = 30


class TextEditor:
    """A text of an evaluation as ``user`` writes it: base class of a theme's text, a part of the
    whole and a criterion. ``key``: the end of its address."""

    route: str  # what the names of its addresses begin with
    place: str  # the anchor of the text on the page of the year
    title: str
    label: str  # the label of its field
    template: str
    form_class = NarrativeForm

    def __init__(self, user: User, convention: Convention, period: Period, key: int | str):
        self.user, self.convention, self.period, self.key = user, convention, period, key
        self.year = period.year

    @property
    def about(self) -> dict[str, Any]:
        """The arguments that identify the text: convention, year, and theme, part or criterion."""
        raise NotImplementedError

    def may_write(self) -> Refusal | None:
        raise NotImplementedError

    @cached_property
    def saved(self) -> Written | None:
        """The row of the text; None while it was never saved."""
        raise NotImplementedError

    def write(self, **values: Any) -> None:
        """Save the values of the form, ``text`` and ``revision``, by the event of the text;
        ``deletes_draft`` as there. Raises Refused."""
        raise NotImplementedError

    @property
    def other_initial(self) -> dict[str, str]:
        """The initial values of the form beside text and revision: the mark of a criterion."""
        return {}

    @property
    def form_kwargs(self) -> dict[str, Any]:
        return {"label": self.label}

    @property
    def text(self) -> str:
        return self.saved.text if self.saved else ""

    @property
    def revision(self) -> int:
        return revision_of(self.saved)

    @cached_property
    def draft(self) -> OwnDraft | None:
        """The writer's unsaved draft; None without one, or if it is the saved text."""
        draft = OwnDraft.objects.for_text(**self.about).by(self.user).first()
        is_new = draft and canonical.plain(draft.text) != canonical.plain(self.text)
        return draft if is_new else None

    @property
    def draft_is_stale(self) -> bool:
        return self.draft is not None and self.draft.revision != self.revision

    def unseen(self, page: str) -> OwnDraft | None:
        """Return the draft if it was stored elsewhere since ``page`` was drawn, or None."""
        return self.draft if is_unseen(self.draft, page) else None

    def keep_draft(self, text: str, revision: int, page: str = "") -> OwnDraft | None:
        """Store a draft as the event ``keep_draft`` does; None where it is the saved text."""
        return events.keep_draft(text, revision=revision, page=page, by=self.user, **self.about)

    def discard_draft(self) -> None:
        events.discard_draft(by=self.user, **self.about)

    def pictures_in(self, text: str) -> Pictures:
        return on_pages(self.convention, shown_in(self.convention, [text]))

    @cached_property
    def illustrations(self) -> list[Illustration]:
        """The last images that the writer may insert and correct, the latest first, 30 at most."""
        rows = correctable(self.user, self.convention).select_related("stored")
        return list(rows.latest_first()[:MOST_IMAGES])

    def insert_image(self, illustration: Illustration, place: int | None) -> None:
        """Insert an image into the writer's draft, on lines of its own: at ``place``, counted in
        characters of what is typed, or at the end."""
        source = self.draft.text if self.draft else self.text
        text = canonical.plain(source)
        place = len(text) if place is None else min(place, len(text))
        parts = [text[:place].rstrip(), illustration.markdown, text[place:].lstrip()]
        revision = self.draft.revision if self.draft else self.revision
        # The page that was left to choose the image does not show it.
        self.keep_draft("\n\n".join(filter(None, parts)), revision, page=new_page())

    def differences(self, text: str) -> Changes:
        return text_changes(self.text, text)

    @property
    def meanwhile(self) -> Meanwhile:
        """The message that another text was saved, by whom and when, or is there no more."""
        if self.saved is None:
            return Meanwhile("Ce texte n’est plus là")
        who = self.saved.updated_by_name or "Quelqu’un"
        return Meanwhile(
            f"{who} a enregistré un autre texte le {format_moment(self.saved.updated_at)}"
        )

    @cached_property
    def former(self) -> list["FormerText"]:
        """Every text that was saved, the present one included, the latest first."""
        if self.saved is None:
            return []
        rows = list(self.saved.history.order_by("history_date", "history_id"))
        texts, before = [], ""
        for row in rows:
            # A row saved without a change of its text (a name anonymised) is no other text.
            if not texts or row.text != before:
                texts.append(
                    FormerText(row.pk, row.text, before, row.updated_by_name, row.updated_at)
                )
            before = row.text
        return texts[::-1]

    def former_text(self, key: str) -> "FormerText | None":
        """Return the former text whose primary key an address has, or None."""
        return next((text for text in self.former if str(text.pk) == key), None)

    @property
    def year_url(self) -> str:
        """The address of the text on the page where its year is read."""
        page = reverse("evaluation:year", args=[self.convention.slug, self.year])
        return f"{page}#{self.place}"

    @property
    def list_url(self) -> str:
        """The address of the text among those that are to be written."""
        return f"{self.period.writing_url(self.convention)}#{self.place}"

    def url(self, what: str = "") -> str:
        """Return the address where the text is written, or of another page of it: « history »."""
        name = f"evaluation:{self.route}_{what}" if what else f"evaluation:{self.route}"
        return reverse(name, args=[self.convention.slug, self.year, self.key])

    def image_url(self, illustration: Illustration, what: str = "image") -> str:
        """Return the address of an image, or of an act on it, from the page of this text."""
        where = [self.convention.slug, self.year, self.key, illustration.pk]
        return reverse(f"evaluation:{self.route}_{what}", args=where)

    @property
    def urls(self) -> dict[str, str]:
        """The addresses of the page and of its buttons, by name, for templates."""
        return {"write": self.url()} | {
            what: self.url(what) for what in ("preview", "draft", "discard", "history", "comments")
        }


@dataclass(frozen=True)
class FormerText:
    """A text as it was saved once. ``before`` is the one that it replaced."""

    pk: int
    text: str
    before: str
    who: str
    when: datetime.datetime

    @cached_property
    def differences(self) -> Changes:
        return text_changes(self.before, self.text)


class ThemeEditor(TextEditor):
    """The text on what the period has changed in a theme. Raises Http404 for an unknown one."""

    route = "narrative"
    template = "evaluation/writing/narrative.html"

    def __init__(self, user: User, convention: Convention, period: Period, pk: int):
        super().__init__(user, convention, period, pk)
        themes = Theme.objects.filter(axis__convention=self.convention)
        self.theme = themes.select_related("axis").filter(pk=pk).first()
        if self.theme is None:
            raise Http404
        self.theme.axis.convention = self.convention
        self.place = self.theme.anchor
        self.title = f"B{period.account[1:]} de « {self.theme} »"
        self.label = f"Ce que {period.subject} a changé"

    @property
    def about(self) -> dict[str, Any]:
        return {"convention": self.convention, "year": self.year, "theme": self.theme}

    def may_write(self) -> Refusal | None:
        return may_write_theme(self.user, self.theme, self.year)

    @cached_property
    def saved(self) -> Narrative | None:
        return Narrative.objects.for_theme(self.theme, self.year).first()

    def write(self, **values: Any) -> None:
        events.write_narrative(self.theme, self.year, **values, by=self.user)


class PartEditor(TextEditor):
    """The text of a part about the whole. Raises Http404 where the period does not have it."""

    route = "year_text"
    template = "evaluation/writing/year_text.html"

    def __init__(self, user: User, convention: Convention, period: Period, part: str):
        super().__init__(user, convention, period, part)
        if part not in parts_of(period):
            raise Http404
        self.part = Part(part)
        self.place = part
        self.label = self.part.label
        self.title = f"{self.label}, {period.called}"

    @property
    def about(self) -> dict[str, Any]:
        return {"convention": self.convention, "year": self.year, "part": self.part}

    def may_write(self) -> Refusal | None:
        return may_write_narrative(self.user, self.convention)

    @cached_property
    def saved(self) -> YearText | None:
        """The row of the part in this period; None while it was never saved."""
        texts = YearText.objects.of(self.convention).for_year(self.year)
        return texts.for_part(self.part).first()

    def write(self, **values: Any) -> None:
        events.write_year_text(self.convention, self.year, self.part, **values, by=self.user)


class CriterionEditor(TextEditor):
    """The text and mark of a criterion of the term. Raises Http404 for an unknown one."""

    route = "criterion"
    template = "evaluation/writing/criterion.html"
    form_class = CriterionForm

    def __init__(self, user: User, convention: Convention, period: Period, code: str):
        super().__init__(user, convention, period, code)
        self.criterion = criterion_of(convention, code)
        if self.criterion is None or not period.is_term:
            raise Http404
        self.place = f"critere-{code}"
        self.label = "Ce qui le fait dire"
        self.title = f"{self.criterion.title}, évaluation finale"

    @property
    def about(self) -> dict[str, Any]:
        return {"convention": self.convention, "year": None, "criterion": self.criterion.code}

    def may_write(self) -> Refusal | None:
        return may_write_narrative(self.user, self.convention)

    @cached_property
    def saved(self) -> CriterionText | None:
        return CriterionText.objects.of(self.convention).for_criterion(self.key).first()

    @property
    def other_initial(self) -> dict[str, str]:
        return {"mark": self.saved.mark if self.saved else ""}

    @property
    def form_kwargs(self) -> dict[str, Any]:
        """The arguments of the form; a stored mark that the scale no longer has is added to it."""
        scale, saved = scale_of(self.convention), self.other_initial["mark"]
        return super().form_kwargs | {
            "scale": scale if not saved or saved in scale else [*scale, saved]
        }

    @property
    def meanwhile(self) -> Meanwhile:
        """The message that another text was saved, with its mark where it has one."""
        message, mark = super().meanwhile, self.other_initial["mark"]
        return Meanwhile(f"{message.heading}, avec l’appréciation « {mark} »") if mark else message

    def write(self, **values: Any) -> None:
        """Save ``text``, ``mark`` and ``revision`` from the form; ``deletes_draft`` as in the
        event. Raises Refused."""
        code = self.criterion.code
        events.write_criterion(self.convention, code, **values, by=self.user)


def editor_of(
    user: User, convention: Convention, period: Period, kwargs: Mapping[str, Any]
) -> TextEditor:
    """Return the text that an address names. Raises Http404."""
    if "part" in kwargs:
        return PartEditor(user, convention, period, kwargs["part"])
    if "criterion" in kwargs:
        return CriterionEditor(user, convention, period, kwargs["criterion"])
    return ThemeEditor(user, convention, period, kwargs["pk"])
