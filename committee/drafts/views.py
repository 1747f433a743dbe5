"""Pages of drafts: read, propose, discard, merge with what was proposed meanwhile."""

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
from committee.pages import CommitteePage, CommitteeReader
from committee.points.reading import axis_of
from committee.words import heading_of
from conventions.access.pages import visible_convention
from ctg_portal.forms.revisions import revision_in
from ctg_portal.forms.typed import prose_in
from ctg_portal.rules import DoneAlready, Refusal, Refused
from ctg_portal.templatetags.french import enumerate_words
from ctg_portal.text.numbers import key_in

GONE_ON = Refusal(
    "Ce brouillon n’en est plus là : quelqu’un l’a proposé ou repris avant vous, et votre envoi "
    "n’a pas été pris."
)


def readable_versions(here: CommitteeReader):
    """Return the versions that the person may read: numbered ones and their own drafts; all drafts
    for who coordinates."""
    versions = Version.objects.of(here.convention).with_subjects().select_related("base")
    return versions.readable_by(here.user, drafts=here.manages)


class DraftMixin(CommitteePage):
    """Mixin of a page about a draft. Once it is proposed, it redirects to the page of the point."""

    def setup(self, request, *args, **kwargs):
        """Set ``draft``, any version that the reader may read, and its ``reading``; 404
        otherwise."""
        super().setup(request, *args, **kwargs)
        self.draft = get_object_or_404(readable_versions(self.here), pk=kwargs["pk"])
        self.draft.convention = self.convention
        self.reading = DraftReading(self.draft, self.here)

    def dispatch(self, request, *args, **kwargs):
        """Redirect to the point once it is no draft; Refused if text was typed."""
        if not self.draft.is_draft:
            return self.redirect_to_current("point")
        return super().dispatch(request, *args, **kwargs)

    def redirect_to_current(self, name: str):
        """Redirect to where the draft is by now. Raises Refused, for the page that returns typed
        text, when something was written that is no longer taken here."""
        if prose_in(self.request):
            raise Refused(GONE_ON)
        return redirect(f"committee:{name}", self.convention.slug, self.draft.pk)

    def get_context_data(self, **kwargs):
        """Add the draft with its ``reading``, heading and axis; ``back`` is its own page."""
        return super().get_context_data(
            draft=self.draft,
            reading=self.reading,
            heading=heading_of(self.draft),
            axis=axis_of(self.draft),
            back=reverse("committee:draft", args=[self.convention.slug, self.draft.pk]),
            **kwargs,
        )


class DraftPage(DraftMixin, TemplateView):
    """A draft, what it changes, and what may be done with it."""

    template_name = "committee/drafts/draft.html"


@require_POST
def propose_draft(request, slug, pk):
    """Propose a draft to the parties."""
    here = CommitteeReader(request, slug)
    draft = get_object_or_404(readable_versions(here), pk=pk)
    return finish_draft(here, draft, propose=True, revision=revision_in(request.POST))


def finish_draft(
    here: CommitteeReader, draft: Version, *, propose: bool, after_term: str = "",
    revision: int | None = None,
):  # fmt: skip
    """Propose a saved draft if that is asked, and return the redirect, with a message about what
    happened: to the point, or, if refused, to the form after the term, the merge or the draft.
    ``revision`` is the one that was read; None for that of ``draft``, just saved."""
    slug = here.convention.slug
    session = key_in(here.request.GET.get("seance", ""))
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
    awaited = enumerate_words(party.genitive for party in required_of(here.convention))
    messages.success(
        here.request, f"La version {version.number} est proposée : elle attend l’accord {awaited}."
    )
    if session:
        item = key_in(here.request.GET.get("point", ""))
        address = reverse("committee:session", args=[slug, session])
        return redirect(f"{address}?point={item}" if item else address)
    return redirect("committee:point", slug, version.pk)


class ProposeAfterTerm(DraftMixin, FormView):
    """The form for the reason why something is proposed although the convention has ended."""

    template_name = "committee/drafts/after_term.html"
    form_class = AfterTermForm

    def dispatch(self, request, *args, **kwargs):
        """Set ``beyond``, the refusal after the term, or None; go back to a draft that has none, of
        which no reason is asked."""
        self.beyond = refuse_after_term(self.draft, self.here.today)
        if self.draft.is_draft and self.beyond is None:
            return self.redirect_to_current("draft")
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        return {"revision": self.draft.revision}

    def form_valid(self, form):
        """Propose the draft with the reason; ask again where it was rewritten since it was
        shown."""
        if form.cleaned_data["revision"] != self.draft.revision:
            form.add_error(None, events.UNREAD.reason)
            form.send_again_with(revision=self.draft.revision)
            return self.form_invalid(form)
        return finish_draft(
            self.here, self.draft, propose=True, after_term=form.cleaned_data["reason"]
        )

    def get_context_data(self, **kwargs):
        """Add ``beyond``, the refusal that a reason lifts, and ``refusal``, which none lifts, or
        None."""
        refusal = may_propose(self.here.user, self.draft)
        return super().get_context_data(beyond=self.beyond, refusal=refusal, **kwargs)


def raise_if_discarded(request, slug, pk) -> None:
    """Raise DoneAlready when a draft no longer exists, for who may read the convention."""
    if not Version.objects.filter(pk=pk).exists():
        visible_convention(request, slug)
        raise DoneAlready("Ce brouillon est déjà jeté.", reverse("committee:points", args=[slug]))


class DiscardDraft(DraftMixin, TemplateView):
    """The question before one's draft is discarded."""

    template_name = "committee/drafts/discard.html"

    def setup(self, request, *args, **kwargs):
        """Raise DoneAlready where the draft no longer exists, before it is looked for."""
        raise_if_discarded(request, **kwargs)
        super().setup(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        """Discard the draft; if another request did so first, raise what says it."""
        try:
            events.discard_draft(self.draft, by=self.here.user)
        except Refused:
            raise_if_discarded(request, **kwargs)
            raise
        messages.success(request, "Le brouillon est jeté.")
        return redirect("committee:points", self.convention.slug)


class MergeDraft(DraftMixin, FormView):
    """The form that merges a draft: where both versions changed the same field, one chooses. Then
    the result may be proposed."""

    template_name = "committee/drafts/merge.html"
    form_class = MergeForm

    def dispatch(self, request, *args, **kwargs):
        """Go back to the draft where nothing has to be merged."""
        if self.draft.is_draft and self.reading.merge is None:
            return self.redirect_to_current("draft")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"reading": self.reading}

    def form_valid(self, form):
        """Save the merged draft, and propose it if asked; ask again if a side changed."""
        reading, tokens = self.reading, self.reading.merging_tokens()
        if form.cleaned_data["base"] != str(tokens["base"]):
            theirs = reading.side_labels[0]
            form.add_error(None, f"{theirs}, vient d’être proposée : vérifiez vos choix.")
        elif form.cleaned_data["drafted"] != tokens["drafted"]:
            mine = reading.side_labels[1]
            form.add_error(None, f"{mine} vient d’être réécrit : vérifiez vos choix.")
        else:
            try:
                draft = reading.save_merged(form.content, revision=form.cleaned_data["revision"])
            except Refused as refused:
                form.add_error(None, refused.refusal.reason)
            else:
                return finish_draft(self.here, draft, propose=form.is_proposing)
        form.send_again_with(**tokens)
        return self.form_invalid(form)
