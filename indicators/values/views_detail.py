"""Show one value with its definition, texts, documents and history, and handle acts on it."""

import hashlib
import json

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView

from conventions.access.pages import visible_convention
from ctg_portal.forms.revisions import Rewritten, differences, revision_in, revision_of
from ctg_portal.house import house, in_turn
from ctg_portal.marks.events import changing
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.text.differences import Changes
from documents.downloads import serve_stored_file
from documents.models import store
from documents.turns import TakesFiles
from indicators.collection.mixins import OneCampaignPage, campaign_of
from indicators.collection.rights import contributor_of
from indicators.disclosure import is_protected
from indicators.disclosure.events import disclose_now, draw_preview
from indicators.disclosure.reading import disclosed_by_commune, preview_of
from indicators.figures.campaigns import Campaign, CampaignIndicator
from indicators.figures.disclosures import Disclosure
from indicators.figures.values import Evidence
from indicators.values import events, giving, rights
from indicators.values.entry_row import EntryRow
from indicators.values.figure import Figure
from indicators.values.forms import (
    CorrectionForm,
    DetailForm,
    EvidenceForm,
    ReturnForm,
    WithoutWaitingForm,
)
from indicators.values.given_back import GivesBackFigures
from indicators.values.page import ValuePage
from indicators.values.tables import revision_of_table
from indicators.values.taking_over import hide_taken_over


class ValueMixin(GivesBackFigures, OneCampaignPage):
    """Mixin of a page about the value of one indicator for one year. ``address``: where the page of
    the value is, to which acts lead back."""

    def setup(self, request, *args, **kwargs):
        """Set ``page``, the page of the value as the person may read it; raise 404 as ``read``
        does."""
        super().setup(request, *args, **kwargs)
        self.page = self.read()

    def read(self) -> ValuePage:
        """Return the page of the value, read again; 404 for an indicator of another campaign."""
        entry = entry_of(self.campaign, self.kwargs["pk"])
        return ValuePage(entry, self.contributor, self.today)

    @property
    def address(self) -> str:
        """The address of the page of the value, to which acts lead back."""
        args = [self.convention.slug, self.campaign.year, self.page.entry.pk]
        return reverse("indicators:value", args=args)

    def get_context_data(self, **kwargs):
        return super().get_context_data(page=self.page, address=self.address, **kwargs)


def entry_of(campaign: Campaign, pk: int) -> CampaignIndicator:
    """Return an indicator that a campaign asks for, or raise 404."""
    entry = get_object_or_404(campaign.campaign_indicators.with_relations(), pk=pk)
    entry.campaign = campaign
    return entry


class ValueView(ValueMixin, FormView):
    """Page that shows a value, and enters it, or corrects it once its year is closed. After a
    conflict ``conflict`` is the row as somebody else has written it, ``differences`` how it differs
    from what was typed, for who reads it."""

    template_name = "indicators/values/value.html"
    conflict: EntryRow | None = None
    differences: Changes | None = None

    def get(self, request, *args, **kwargs):
        """Show the page; for an indicator by commune, redirect who enters or provides it to the
        table, and who neither does nor may return it to the indicator's page, once some communes
        gave figures."""
        entry = self.page.entry
        if entry.is_by_commune and (
            self.contributor.enters(entry) or self.contributor.reads_raw(entry)
        ):
            return redirect("indicators:table", self.convention.slug, self.campaign.year, entry.pk)
        if entry.communes_given and self.page.value is None and self.page.may_return is not None:
            page = entry.indicator.get_absolute_url()
            return redirect(f"{page}?annee={self.campaign.year}#communes")
        return super().get(request, *args, **kwargs)

    def get_form_class(self):
        return CorrectionForm if self.page.is_correction else DetailForm

    def get_form_kwargs(self):
        """Fill the form with the stored value and the texts taken over, only for who reads the
        figure raw; all get the definition, the revision to write over, and whether a secrecy rule
        protects it."""
        page = self.page
        hide_taken_over(self.contributor, [page.entry])
        value = page.value if page.reads_raw else None
        return super().get_form_kwargs() | {
            "definition": page.definition, "value": value, "entry": page.entry,
            "revision": revision_of(page.value),
            "is_protected": is_protected(page.definition, page.entry.rule),
            "taken_over": page.entry.taken_over if page.reads_raw else "",
        }  # fmt: skip

    def form_valid(self, form):
        """Save or correct the figure and redirect to the value; nothing is saved by who takes what
        somebody else wrote."""
        page = self.page
        try:
            enforce(page.may_write)
            if form.takes_other:
                return redirect(self.address)
            enforce(self.reopened)
            done = self.write(form, form.given(Figure()))
        except Refused as refused:
            return self.refused(form, refused.refusal)
        messages.success(self.request, done)
        return redirect(self.address)

    @property
    def reopened(self) -> Refusal | None:
        """The refusal of a correction typed before the campaign was reopened, or None for what was
        typed since: it would become a draft, without its reason, in place of what everybody
        reads."""
        if self.page.is_correction or "why" not in self.request.POST:
            return None
        why = self.request.POST["why"].strip()
        quoted = f" Votre motif, à reprendre en commentaire\u00a0: «\u00a0{why}\u00a0»."
        return Refusal(
            f"Le recueil {self.campaign.year} a été rouvert depuis que cette page est ouverte : "
            "cette donnée ne se corrige plus, elle s’enregistre, puis se transmet de nouveau. Rien "
            f"n’est encore enregistré.{quoted if why else ''}"
        )

    def write(self, form, figure: Figure) -> str:
        """Save the figure, or correct it in a closed year; return the message for the person, which
        also says if the value is erased or who is to verify it."""
        common = {"revision": form.over, "by": self.request.user, "commune": self.page.commune}
        if not self.page.is_correction:
            saved = events.save_value(self.page.entry, figure, **common)
            return "La valeur est enregistrée." if saved else "Il n’y a plus de valeur saisie."
        events.correct_value(self.page.entry, figure, reason=form.cleaned_data["why"], **common)
        if self.contributor.is_alone_in(self.page.entry.provider):
            return "La correction est enregistrée : elle reste à vérifier."
        return "La correction est enregistrée : elle reste à vérifier par une seconde personne."

    def refused(self, form, refusal: Refusal):
        """Show the form again; where somebody else has written meanwhile, with their value."""
        if isinstance(refusal, Rewritten):
            self.page = self.read()
            self.conflict = self.page.row
            if self.page.reads_raw:
                now = form.shown(self.page.value)
                self.differences = differences(form, now)
        form.add_error(None, refusal.reason)
        return self.form_invalid(form)

    def get_context_data(self, **kwargs):
        """Add ``conflict``, ``differences`` (None without a conflict), ``leave`` and ``notes``:
        what all rooms say of frozen figures, for a correction only."""
        notes = in_turn(house().figure_notes, self.campaign) if self.page.is_correction else []
        return super().get_context_data(
            conflict=self.conflict,
            differences=self.differences,
            notes=notes,
            leave=self.leave,
            **kwargs,
        )

    @property
    def leave(self) -> str:
        """The address for who leaves without changing anything: the year's list or, once it is
        closed, the campaign."""
        if self.page.is_correction:
            return self.back
        return reverse("indicators:entry", args=[self.convention.slug, self.campaign.year])


class Acting(ValueMixin, TakesFiles, FormView):
    """Base of a small page for one act on a value: ``may`` refuses it, ``do`` does it and returns
    the message; ``heading``, ``lead`` and ``button`` are its words."""

    template_name = "indicators/values/act.html"

    def refuse_upload(self):
        return self.may()

    def form_valid(self, form):
        """Check ``may()``, call ``do(form)`` in one change, show the sentence that it returns and
        redirect to ``address``; show the form again with the reason if either refuses."""
        try:
            enforce(self.may())
            with changing():
                done = self.do(form)
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
            return self.form_invalid(form)
        messages.success(self.request, done)
        return redirect(self.address)

    def get_initial(self):
        return {"revision": revision_of(self.page.value)}

    def get_context_data(self, **kwargs):
        """Add ``refusal`` (None if the act is allowed), ``heading``, ``button`` and ``lead``."""
        return super().get_context_data(
            refusal=self.may(), heading=self.heading, button=self.button, lead=self.lead, **kwargs
        )


class ReturnValue(Acting):
    """Page that returns a value to who entered it, with a reason."""

    form_class = ReturnForm
    heading, button = "Retourner cette valeur", "Retourner la valeur"
    lead = "Elle ne sera plus montrée tant qu’elle n’aura pas été reprise et transmise de nouveau."

    def may(self):
        return self.page.may_return

    def get_initial(self):
        """Return the revision that is shown: the value's, or of a table that of all its values."""
        entry = self.page.entry
        if not entry.is_by_commune:
            return super().get_initial()
        return {"revision": revision_of_table(entry.values.asked_of(self.campaign))}

    def do(self, form):
        """Send the value, or all given values of a table, back to who entered it, for the reason
        typed."""
        values = {name: form.cleaned_data[name] for name in ("reason", "revision")}
        if self.page.entry.is_by_commune:
            giving.return_table(self.page.entry, **values, by=self.request.user)
            return "Le tableau est retourné à qui l’a saisi."
        giving.return_value(self.page.value, **values, by=self.request.user)
        return "La valeur est retournée à qui l’a saisie."


class AttachEvidence(Acting):
    """Page that attaches a document that the value rests on."""

    form_class = EvidenceForm
    heading, button = "Joindre une pièce", "Joindre cette pièce"

    @property
    def lead(self):
        return "Une pièce jointe ne se retire plus. " + self.page.who_reads_evidence

    def may(self):
        return self.page.may_attach

    def do(self, form):
        """Store the document sent, and attach it to the value."""
        document = store(
            form.cleaned_data["document"],
            by=self.request.user,
            within=self.page.entry.campaign.convention,
        )
        events.attach_evidence(self.page.value, document, by=self.request.user)
        return "La pièce est jointe."


class DiscloseWithoutWaiting(Acting):
    """Page that discloses protected figures before they are complete, with a reason."""

    form_class = WithoutWaitingForm
    heading, button = "Diffuser sans attendre", "Diffuser, définitivement"

    @property
    def lead(self):
        """The sentences that warn before the act: how much is given, that everybody reads it for
        good, and what becomes of figures given later."""
        [read] = disclosed_by_commune([self.page.entry]).values()
        return (
            f"{self.page.definition.title}, {self.campaign.year} : {read.progress}. Chacun lira ce "
            "qui est transmis, sous secret statistique, et pour toujours. Un tableau diffusé avant "
            "celui auquel il est lié peut ne presque rien montrer. Ce qui manque se donne encore, "
            "et un petit chiffre donné après n’est compté dans aucun total. Le fournisseur en est "
            "averti."
        )

    @property
    def address(self):
        return self.page.entry.indicator.get_absolute_url() + f"?annee={self.campaign.year}"

    def may(self):
        return rights.may_disclose_without_waiting(self.contributor, self.page.entry)

    def do(self, form):
        """Disclose the figures of the table that are given, for the reason typed, and notify their
        provider."""
        reason = form.cleaned_data["reason"]
        giving.disclose_without_waiting(self.page.entry, reason=reason, by=self.request.user)
        return "Ces chiffres sont diffusés."


class PreviewDisclosure(ValueMixin, TemplateView):
    """Page where its provider previews what everybody will read of protected figures, then
    discloses them. What is masked is drawn once and stored: who looks again reads the same, and
    this very draw is disclosed."""

    template_name = "indicators/values/preview_disclosure.html"

    def may(self):
        return rights.may_preview_disclosure(self.contributor, self.page.entry)

    def dispatch(self, request, *args, **kwargs):
        """Redirect to the figures once they are disclosed: a letter or a tab still has this
        address. Raise Refused for who may not preview them."""
        if self.page.entry.disclosed:
            messages.info(request, "Ces chiffres sont déjà diffusés.")
            return redirect(self.address)
        enforce(self.may())
        return super().dispatch(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        """Draw the preview; with ``diffuser``, the token of the preview that was shown, disclose
        the figures, unless they have changed since."""
        with changing():
            drawn = draw_preview(self.page.entry)
            if drawn is None:
                messages.warning(request, "Rien n’est à diffuser : ces chiffres le sont déjà.")
                return redirect(self.address)
            if "diffuser" not in request.POST:
                return redirect(request.path)
            if request.POST["diffuser"] != preview_token(drawn):
                messages.warning(request, "Ces chiffres ont changé : relisez ce que chacun lira.")
                return redirect(request.path)
            disclose_now(self.page.entry, by=request.user)
        messages.success(request, "Ces chiffres sont diffusés.")
        return redirect(self.address)

    def get_context_data(self, **kwargs):
        """Add ``preview``, the places that others will read otherwise (None before it is drawn, or
        once figures have changed), and ``token``, which discloses this draw (empty without one)."""
        entry = self.page.entry
        preview = preview_of(entry)
        token = "" if preview is None else preview_token(entry.disclosure)
        return super().get_context_data(preview=preview, token=token, **kwargs)


def preview_token(row: Disclosure) -> str:
    """Return the digest of what a preview shows: only the draw that was looked at is disclosed."""
    seen = [row.given, row.reasons, row.shown, row.totals]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:16]


@require_POST
def verify(request, slug, year, pk):
    """Verify one value from its page, if it is at the revision that was shown."""
    convention = visible_convention(request, slug)
    entry = entry_of(campaign_of(convention, year), pk)
    page = ValuePage(entry, contributor_of(request.user, convention), timezone.localdate())
    enforce(page.may_verify)
    giving.verify_value(page.value, revision=revision_in(request.POST), by=request.user)
    messages.success(request, "La valeur est vérifiée.")
    return redirect("indicators:value", slug, year, pk)


def evidence(request, slug, year, pk):
    """Return a document of a value as it was deposited, if the person may read it; 404 for one of
    another campaign."""
    convention = visible_convention(request, slug)
    campaign = campaign_of(convention, year)
    asked = "value__campaign_indicator"
    related = [f"{asked}__{name}" for name in ("campaign", "version", "provider")]
    rows = Evidence.objects.select_related("document", *related)
    piece = get_object_or_404(rows, value__campaign_indicator__campaign=campaign, pk=pk)
    contributor = contributor_of(request.user, convention)
    enforce(rights.may_read_evidence(contributor, piece.value.campaign_indicator))
    return serve_stored_file(piece.document)
