"""What a person who writes a text of an evaluation finds there: the text as it stands, her own
draft, the former texts, where everything is. One desk for a theme, one for a part of the whole, one
for a criterion of the final evaluation."""

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from agreements.commitments import canonical
from conventions.models import Convention, Theme
from ctg_portal.differences import Change, Changes, words_changed
from ctg_portal.markdown import Pictures
from ctg_portal.revisions import Meanwhile, revision_of
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import long_date
from evaluation.final.criteria import criterion_of, scale_of
from evaluation.images.rights import correctable
from evaluation.images.showing import on_pages
from evaluation.images.usage import shown_in
from evaluation.models import (
    CriterionText,
    Illustration,
    Narrative,
    OwnDraft,
    Part,
    YearText,
)
from evaluation.period import Period
from evaluation.writing import events
from evaluation.writing.forms import CriterionForm, NarrativeForm
from evaluation.writing.models import Written, parts_of
from evaluation.writing.page_of_draft import is_unseen, new_page
from evaluation.writing.rights import may_write_narrative, may_write_theme

MOST_IMAGES = 30


class Desk:
    """``about``: which text it is, as drafts and events ask for it."""

    route: str  # what the names of its addresses begin with
    place: str  # of the text, on the page of the year
    title: str
    label: str  # of its field
    form_class = NarrativeForm

    def __init__(self, user: User, convention: Convention, period: Period, key):
        self.user, self.convention, self.period, self.key = user, convention, period, key
        self.year = period.year

    @property
    def about(self) -> dict:
        raise NotImplementedError

    def may_write(self) -> Refusal | None:
        raise NotImplementedError

    @cached_property
    def kept(self) -> Written | None:
        raise NotImplementedError

    def write(self, **told) -> None:
        """Keep what its form told: ``text``, ``revision``; ``forgets``: her draft is over with it.
        Raises Refused."""
        raise NotImplementedError

    @property
    def told(self) -> dict:
        """What its form shows beside the text, as it stands."""
        return {}

    @property
    def form_kwargs(self) -> dict:
        return {"label": self.label}

    @property
    def text(self) -> str:
        return self.kept.text if self.kept else ""

    @property
    def revision(self) -> int:
        return revision_of(self.kept)

    # One's own draft ---------------------------------------------------------------------------

    @cached_property
    def draft(self) -> OwnDraft | None:
        """What she had not saved; nothing where it says what the text says by now."""
        draft = OwnDraft.objects.of_text(**self.about).by(self.user).first()
        is_new = draft and canonical.plain(draft.text) != canonical.plain(self.text)
        return draft if is_new else None

    @property
    def draft_is_stale(self) -> bool:
        """Whether the text was saved by somebody since the draft was begun."""
        return self.draft is not None and self.draft.revision != self.revision

    def unseen(self, page: str) -> OwnDraft | None:
        """A draft of hers that the page on which she writes does not know."""
        return self.draft if is_unseen(self.draft, page) else None

    def keep_draft(self, text: str, revision: int, page: str = "") -> OwnDraft | None:
        """``page``: on which it is typed."""
        return events.keep_draft(text, revision=revision, page=page, by=self.user, **self.about)

    def discard_draft(self) -> None:
        events.discard_draft(by=self.user, **self.about)

    # Images ------------------------------------------------------------------------------------

    def pictures_in(self, text: str) -> Pictures:
        """Those that a text shows."""
        return on_pages(self.convention, shown_in(self.convention, [text]))

    @cached_property
    def illustrations(self) -> list[Illustration]:
        """The last images that the writer may put into the text, and correct."""
        rows = correctable(self.user, self.convention).select_related("stored")
        return list(rows.latest_first()[:MOST_IMAGES])

    def put_in(self, illustration: Illustration, place: int | None) -> None:
        """Have one's own draft show an image, on lines of its own: at a place, counted in
        characters of what is typed, else at the end."""
        begun = self.draft.text if self.draft else self.text
        text = canonical.plain(begun)
        place = len(text) if place is None else min(place, len(text))
        parts = [text[:place].rstrip(), illustration.markdown, text[place:].lstrip()]
        revision = self.draft.revision if self.draft else self.revision
        # The page that one left to choose it does not show it.
        self.keep_draft("\n\n".join(filter(None, parts)), revision, page=new_page())

    # Two texts ---------------------------------------------------------------------------------

    def differences(self, text: str) -> Changes:
        """From the text as it stands to another."""
        return told_apart(self.text, text)

    @property
    def meanwhile(self) -> Meanwhile:
        """Who wrote another text meanwhile, and when."""
        if self.kept is None:
            return Meanwhile("Ce texte n’est plus là")
        who = self.kept.updated_by_name or "Quelqu’un"
        return Meanwhile(f"{who} a enregistré un autre texte le {moment(self.kept.updated_at)}")

    # Former texts ------------------------------------------------------------------------------

    @cached_property
    def former(self) -> list["Former"]:
        """All that was ever saved, the last first."""
        if self.kept is None:
            return []
        rows = list(self.kept.history.order_by("history_date", "history_id"))
        found, before = [], ""
        for row in rows:
            # What was saved again without a change of its text (a name forgotten) is no other text.
            if not found or row.text != before:
                found.append(Former(row.pk, row.text, before, row.updated_by_name, row.updated_at))
            before = row.text
        return found[::-1]

    def former_text(self, key: str) -> "Former | None":
        return next((one for one in self.former if str(one.pk) == key), None)

    # Where -------------------------------------------------------------------------------------

    @property
    def year_url(self) -> str:
        page = reverse("evaluation:year", args=[self.convention.slug, self.year])
        return f"{page}#{self.place}"

    def url(self, what: str = "") -> str:
        name = f"evaluation:{self.route}_{what}" if what else f"evaluation:{self.route}"
        return reverse(name, args=[self.convention.slug, self.year, self.key])

    def image_url(self, illustration: Illustration, what: str = "image") -> str:
        where = [self.convention.slug, self.year, self.key, illustration.pk]
        return reverse(f"evaluation:{self.route}_{what}", args=where)

    @property
    def urls(self) -> dict[str, str]:
        return {"write": self.url()} | {
            what: self.url(what) for what in ("preview", "draft", "discard", "history", "comments")
        }


@dataclass(frozen=True)
class Former:
    """A text as it was saved once; ``before``: what it took the place of."""

    pk: int
    text: str
    before: str
    who: str
    when: object

    @cached_property
    def differences(self) -> Changes:
        return told_apart(self.before, self.text)


class ThemeDesk(Desk):
    """What the year, or the term, has changed in a theme."""

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
    def about(self) -> dict:
        return {"convention": self.convention, "year": self.year, "theme": self.theme}

    def may_write(self) -> Refusal | None:
        return may_write_theme(self.user, self.theme, self.year)

    @cached_property
    def kept(self) -> Narrative | None:
        return Narrative.objects.of_theme(self.theme, self.year).first()

    def write(self, text, revision, forgets):
        told = {"revision": revision, "by": self.user, "forgets": forgets}
        events.write_narrative(self.theme, self.year, text, **told)


class WholeDesk(Desk):
    """A part of the evaluation that is about the whole."""

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
    def about(self) -> dict:
        return {"convention": self.convention, "year": self.year, "part": self.part}

    def may_write(self) -> Refusal | None:
        return may_write_narrative(self.user, self.convention)

    @cached_property
    def kept(self) -> YearText | None:
        texts = YearText.objects.of(self.convention).of_year(self.year)
        return texts.of_part(self.part).first()

    def write(self, text, revision, forgets):
        told = {"revision": revision, "by": self.user, "forgets": forgets}
        events.write_year_text(self.convention, self.year, self.part, text, **told)


class CriterionDesk(Desk):
    """What the term comes to by a criterion of evaluation: a mark, and a text."""

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
    def about(self) -> dict:
        return {"convention": self.convention, "year": None, "criterion": self.criterion.code}

    def may_write(self) -> Refusal | None:
        return may_write_narrative(self.user, self.convention)

    @cached_property
    def kept(self) -> CriterionText | None:
        return CriterionText.objects.of(self.convention).for_criterion(self.key).first()

    @property
    def told(self) -> dict:
        return {"mark": self.kept.mark if self.kept else ""}

    @property
    def form_kwargs(self) -> dict:
        """A mark that the scale has no more may stay."""
        scale, kept = scale_of(self.convention), self.told["mark"]
        return super().form_kwargs | {
            "scale": scale if not kept or kept in scale else [*scale, kept]
        }

    @property
    def meanwhile(self) -> Meanwhile:
        mark = self.told["mark"]
        heading = super().meanwhile.heading
        return (
            Meanwhile(f"{heading}, avec l’appréciation « {mark} »") if mark else super().meanwhile
        )

    def write(self, text, revision, mark, forgets):
        code, told = (
            self.criterion.code,
            {"revision": revision, "by": self.user, "forgets": forgets},
        )
        events.write_criterion(self.convention, code, text, mark, **told)


def desk_of(user: User, convention: Convention, period: Period, kwargs: dict) -> Desk:
    """By what the address names; raises Http404."""
    if "part" in kwargs:
        return WholeDesk(user, convention, period, kwargs["part"])
    if "criterion" in kwargs:
        return CriterionDesk(user, convention, period, kwargs["criterion"])
    return ThemeDesk(user, convention, period, kwargs["pk"])


def told_apart(before: str, after: str) -> Changes:
    """Word by word, whatever the ends of lines that each was sent with."""
    pieces = words_changed(canonical.plain(before), canonical.plain(after))
    return Changes([Change("Texte", pieces)])


def moment(at) -> str:
    """« 3 mars 2024 à 14h32 »."""
    local = timezone.localtime(at)
    return f"{long_date(local)} à {local:%-Hh%M}"
