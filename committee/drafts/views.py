"""Drafts: read, proposed, thrown away, brought together with what was proposed meanwhile."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView

from agreements.answers.lights import required_of
from agreements.models import Version
from agreements.versions import events
from agreements.versions.rights import AfterTerm, may_propose, refuse_after_term
from committee.drafts.forms import AfterTermForm, MergeForm
from committee.drafts.reading import DraftReading
from committee.pages import CommitteePage, Here
from committee.points.reading import axis_of, heading_of
from conventions.pages import visible_convention
from ctg_portal.revisions import revision_in
from ctg_portal.rules import DoneAlready, Refusal, Refused
from ctg_portal.templatetags.french import enumerate_words
from ctg_portal.typed import prose_in

GONE_ON = Refusal(
    "Ce brouillon n’en est plus là : quelqu’un l’a proposé ou repris avant vous, et votre envoi "
    "n’a pas été pris."
)


def readable(here: Here):
    """What the person may read: numbered versions, one's own drafts, all to who coordinates."""
    versions = Version.objects.of(here.convention).with_subjects().select_related("base")
    return versions.readable_by(here.user, drafts=here.manages)


class OfDraft(CommitteePage):
    """Mixin of a page about a draft; once it is proposed, the page of the point instead."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.draft = get_object_or_404(readable(self.here), pk=kwargs["pk"])
        self.draft.convention = self.convention
        self.reading = DraftReading(self.draft, self.here)

    def dispatch(self, request, *args, **kwargs):
        if not self.draft.is_draft:
            return self.gone_on_to("point")
        return super().dispatch(request, *args, **kwargs)

    def gone_on_to(self, name: str):
        """Where the draft is by now. Raises Refused, for the page that gives it back, where
        somebody had written what is not taken here any more."""
        if prose_in(self.request):
            raise Refused(GONE_ON)
        return redirect(f"committee:{name}", self.convention.slug, self.draft.pk)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            draft=self.draft,
            reading=self.reading,
            heading=heading_of(self.draft),
            axis=axis_of(self.draft),
            back=reverse("committee:draft", args=[self.convention.slug, self.draft.pk]),
            **kwargs,
        )


class DraftPage(OfDraft, TemplateView):
    """A draft, what it changes, and what may be done with it."""

    template_name = "committee/drafts/draft.html"


@require_POST
def propose_draft(request, slug, pk):
    """Ask the parties for their agreement to a draft."""
    here = Here(request, slug)
    draft = get_object_or_404(readable(here), pk=pk)
    return kept(here, draft, propose=True, revision=revision_in(request.POST))


def kept(
    here: Here, draft: Version, *, propose: bool, after_term: str = "", revision: int | None = None
):  # fmt: skip
    """After a draft was saved: propose it, if that was asked, and tell what happened. ``revision``:
    its own as it was read; that of ``draft``, just saved, without."""
    slug = here.convention.slug
    if not propose:
        messages.success(here.request, "Le brouillon est enregistré.")
        return redirect("committee:draft", slug, draft.pk)
    try:
        revision = draft.revision if revision is None else revision
        version = events.propose(draft, by=here.user, after_term=after_term, revision=revision)
    except Refused as refused:
        if isinstance(refused.refusal, AfterTerm):
            return redirect("committee:propose_after_term", slug, draft.pk)
        messages.warning(here.request, refused.refusal.reason)
        is_outdated = isinstance(refused.refusal, events.Outdated)
        return redirect(f"committee:{'merge_draft' if is_outdated else 'draft'}", slug, draft.pk)
    awaited = enumerate_words(party.of_the for party in required_of(here.convention))
    messages.success(
        here.request, f"La version {version.number} est proposée : elle attend l’accord {awaited}."
    )
    return redirect("committee:point", slug, version.pk)


class ProposeAfterTerm(OfDraft, FormView):
    """Say why something is newly proposed although the convention has ended, and propose it."""

    template_name = "committee/drafts/after_term.html"
    form_class = AfterTermForm

    def dispatch(self, request, *args, **kwargs):
        self.beyond = refuse_after_term(self.draft, self.here.today)
        if self.draft.is_draft and self.beyond is None:
            return self.gone_on_to("draft")
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        return {"revision": self.draft.revision}

    def form_valid(self, form):
        if form.cleaned_data["revision"] != self.draft.revision:
            form.add_error(None, events.UNREAD.reason)
            form.send_again_with(revision=self.draft.revision)
            return self.form_invalid(form)
        return kept(self.here, self.draft, propose=True, after_term=form.cleaned_data["reason"])

    def get_context_data(self, **kwargs):
        refusal = may_propose(self.here.user, self.draft)
        return super().get_context_data(beyond=self.beyond, refusal=refusal, **kwargs)


def tell_discarded(request, slug, pk) -> None:
    """Raise DoneAlready where nothing is left of a draft, for who reads the convention."""
    if not Version.objects.filter(pk=pk).exists():
        visible_convention(request, slug)
        raise DoneAlready("Ce brouillon est déjà jeté.", reverse("committee:points", args=[slug]))


class DiscardDraft(OfDraft, TemplateView):
    """Ask, then throw one's draft away."""

    template_name = "committee/drafts/discard.html"

    def setup(self, request, *args, **kwargs):
        tell_discarded(request, **kwargs)
        super().setup(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        try:
            events.discard_draft(self.draft, by=self.here.user)
        except Refused:
            tell_discarded(request, **kwargs)
            raise
        messages.success(request, "Le brouillon est jeté.")
        return redirect("committee:points", self.convention.slug)


class MergeDraft(OfDraft, FormView):
    """What goes together is; where both changed the same, one chooses. Then it may be proposed."""

    template_name = "committee/drafts/merge.html"
    form_class = MergeForm

    def dispatch(self, request, *args, **kwargs):
        if self.draft.is_draft and self.reading.merge is None:
            return self.gone_on_to("draft")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"reading": self.reading}

    def form_valid(self, form):
        reading, tokens = self.reading, self.reading.merging_tokens()
        if form.cleaned_data["base"] != str(tokens["base"]):
            theirs = reading.sides[0]
            form.add_error(None, f"{theirs}, vient d’être proposée : vérifiez vos choix.")
        elif form.cleaned_data["drafted"] != tokens["drafted"]:
            mine = reading.sides[1]
            form.add_error(None, f"{mine} vient d’être réécrit : vérifiez vos choix.")
        else:
            try:
                draft = reading.save_merged(form.content, revision=form.cleaned_data["revision"])
            except Refused as refused:
                form.add_error(None, refused.refusal.reason)
            else:
                return kept(self.here, draft, propose=form.is_proposing)
        form.send_again_with(**tokens)
        return self.form_invalid(form)
