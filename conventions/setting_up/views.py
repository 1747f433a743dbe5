"""Pages on which a convention is set up, step by step."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views import View
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView
from django.views.generic.base import ContextMixin, TemplateResponseMixin

from accounts.models import User
from accounts.requests import SignedInRequest
from conventions.legal.convention import Convention
from conventions.loading.content import content_of
from conventions.setting_up import events, rights
from conventions.setting_up.articles import count_brackets, model_of, text_of
from conventions.setting_up.content import faults_of, missing_of, whole_content
from conventions.setting_up.forms import (
    ArticlesForm,
    FrameForm,
    OutlineForm,
    PartyForm,
    PeopleForm,
    ShareForm,
    StepForm,
    TerritoryForm,
    logo_path,
)
from conventions.setting_up.models import Project
from conventions.setting_up.outline import (
    Outline,
    carry_over,
    key_of,
    outline_of,
    read_outline,
)
from conventions.setting_up.parties import label_role, proposals_of
from conventions.setting_up.steps import BY_KEY, after, shown_steps
from conventions.setting_up.taking_up import differing_parts, has_changed, read_content
from conventions.setting_up.territory import add, groups_of, points_of
from conventions.territory.outlines import outlines_of
from conventions.territory.reference import LISTED_ON, search
from ctg_portal.forms.revisions import Rewritten, differences
from ctg_portal.rules import Refused
from documents.downloads import serve_png

LEVELS = [
    ("1", "Axe"), ("2", "Thématique"), ("3", "Objectif"), ("3t", "Texte, au rang d’un objectif"),
    ("4", "Sous-objectif"), ("4t", "Texte, au rang d’un sous-objectif"),
    ("suite", "Suite de la ligne d’avant"), ("non", "Ne pas reprendre"),
]  # fmt: skip
BY_RULE = ("", "Selon son début")


def projects(request: SignedInRequest) -> HttpResponse:
    """List the projects that one prepares; 403 for who has none and may not start any."""
    rows = list(Project.objects.visible_to(request.user).select_related("owner", "convention"))
    refusal = rights.may_open(request.user)
    if refusal and not rows:
        context = {"refusal": refusal}
        return render(request, "conventions/setting_up/refused.html", context, status=403)
    return render(request, "conventions/setting_up/projects.html", {
        "projects": rows, "refusal": refusal,
    })  # fmt: skip


@require_POST
def start(request: SignedInRequest) -> HttpResponse:
    """Start a project and go to its first step."""
    project = events.start(by=request.user)
    return redirect("conventions:project_territory", project.pk)


def visible_project(request: SignedInRequest, pk: int) -> Project:
    """Return a project that one prepares; 404 otherwise."""
    rows = Project.objects.visible_to(request.user).select_related("owner", "convention")
    return get_object_or_404(rows, pk=pk)


class ProjectPage(TemplateResponseMixin, ContextMixin, View):
    """Base of the pages of a project: 404 for who does not prepare it."""

    request: SignedInRequest
    step = ""

    def setup(self, request, *args, **kwargs):
        """Set ``project``."""
        super().setup(request, *args, **kwargs)
        self.project = visible_project(request, kwargs["pk"])

    def frame(self) -> dict[str, Any]:
        """Return what every page of a project shows."""
        return {
            "project": self.project,
            "words": self.project.words,
            "steps": shown_steps(self.project, self.step),
            "number": list(BY_KEY).index(self.step) + 1 if self.step else 0,
            "refusal": rights.may_edit(self.request.user, self.project),
        }


class StepPage(ProjectPage, FormView):
    """Base of the steps: the form is saved at each button; who comes second sees both."""

    def get_template_names(self) -> list[str]:
        return [f"conventions/setting_up/{BY_KEY[self.step].route.removeprefix('project_')}.html"]

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"project": self.project}

    def change(self, project: Project, form: StepForm) -> None:
        """Write the form, and what its button says, into the project."""
        form.write(project)

    def form_valid(self, form):
        """Write the step and go where the button leads; show both texts to who comes second, and a
        refusal in the form."""
        try:
            self.project = events.write(
                self.project, self.step, lambda row: self.change(row, form),
                revision=form.cleaned_data["revision"], by=self.request.user,
            )  # fmt: skip
        except Refused as refused:
            if not isinstance(refused.refusal, Rewritten):
                form.add_error(None, refused.refusal.reason)
                return self.form_invalid(form)
            self.project = Project.objects.select_related("owner", "convention").get(
                pk=self.project.pk
            )
            form.project = self.project
            now = form.values_of(self.project)
            form.show_both(refused.refusal, self.project, differences(form, now))
            return self.form_invalid(form)
        return self.next_page(form)

    def next_page(self, form) -> HttpResponse:
        """Return where the button leads: the next step, the list, or the page again."""
        if "continuer" in self.request.POST:
            return redirect(after(self.step).url(self.project))
        if "quitter" in self.request.POST:
            return redirect("conventions:projects")
        messages.success(self.request, "C’est enregistré.")
        return redirect(BY_KEY[self.step].url(self.project))

    def get_context_data(self, **kwargs):
        return super().get_context_data(**self.frame(), **kwargs)


class TerritoryStep(StepPage):
    """Choose the communes: by EPCI, by département, by commune, or as a list."""

    step, form_class = "territoire", TerritoryForm

    def change(self, project, form):
        super().change(project, form)
        if what := self.request.POST.get("ajouter"):
            add(project, what)

    def next_page(self, form):
        """Go on; stay here for a search, and for what is to be known of pasted lines."""
        for note in form.notes:
            messages.warning(self.request, note)
        url = BY_KEY[self.step].url(self.project)
        if "chercher" in self.request.POST and (query := form.cleaned_data["query"]):
            return redirect(f"{url}?{urlencode({'q': query})}#trouve")
        if "ajouter" in self.request.POST:
            return redirect(f"{url}#communes")
        return redirect(url) if form.notes else super().next_page(form)

    def get_context_data(self, **kwargs):
        query = self.request.GET.get("q", "").replace("\0", "").strip()[:100]
        kwargs.setdefault("form", self.get_form())
        kwargs["form"].initial["query"] = query
        chosen = {commune["insee"] for commune in self.project.communes}
        return super().get_context_data(
            query=query,
            matches=search(query) if query else None,
            chosen=chosen,
            groups=groups_of(self.project),
            ticked=set(kwargs["form"].ticked),
            points=points_of(self.project, timezone.localdate()),
            listed_on=LISTED_ON,
            **kwargs,
        )


class PartiesStep(ProjectPage, TemplateView):
    """The parties of a project, and those that its territory suggests."""

    step, template_name = "parties", "conventions/setting_up/parties.html"

    def post(self, request, *args, **kwargs):
        """Add the party whose button was pressed and show its form."""
        proposed = proposals_of(self.project).get(request.POST.get("ajouter", ""))
        if proposed is None:
            return redirect("conventions:project_parties", self.project.pk)
        revision = self.project.step_revisions.get("parties", 0)
        self.project = events.write(
            self.project, "parties", lambda row: row.parties.append(proposed),
            revision=revision, by=request.user,
        )  # fmt: skip
        return redirect("conventions:project_party", self.project.pk, len(self.project.parties))

    def get_context_data(self, **kwargs):
        faults = [
            (place, message) for place, message in faults_of({"parties": self.project.parties})
            if place[:1] == ("parties",)
        ]  # fmt: skip
        missing = {place[1] for place, _ in faults if len(place) > 1}
        parties = [
            (number, party, label_role(party), number - 1 in missing)
            for number, party in enumerate(whole_content(self.project)["parties"], start=1)
        ]
        return super().get_context_data(
            **self.frame(),
            parties=parties,
            faults=[message for place, message in faults if len(place) == 1],
            proposals=proposals_of(self.project),
            next_url=after(self.step).url(self.project),
            **kwargs,
        )


class PartyPage(StepPage):
    """One party of a project, or a new one."""

    step, form_class = "parties", PartyForm

    def setup(self, request, *args, **kwargs):
        """Set ``number``, None for a new party; 404 for one that is not there."""
        super().setup(request, *args, **kwargs)
        self.number = kwargs.get("number")
        if self.number is not None and not 1 <= self.number <= len(self.project.parties):
            raise Http404

    def get_template_names(self):
        return ["conventions/setting_up/party.html"]

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"number": self.number}

    def change(self, project, form):
        """Write the party, or take it out for the button « retirer »."""
        if "retirer" in self.request.POST and self.number is not None:
            del project.parties[self.number - 1]
        else:
            super().change(project, form)
            if image := form.cleaned_data["logo"]:
                project.logos.get_or_create(path=logo_path(image), defaults={"image": image})

    def next_page(self, form):
        messages.success(
            self.request,
            "La partie est retirée." if "retirer" in self.request.POST else "C’est enregistré.",
        )
        return redirect("conventions:project_parties", self.project.pk)

    def get_context_data(self, **kwargs):
        parties = self.project.parties
        path = parties[self.number - 1].get("logo", "") if self.number else ""
        logos = dict(self.project.logos.values_list("path", "pk"))
        return super().get_context_data(number_of_party=self.number, logo=logos.get(path), **kwargs)


def logo(request: SignedInRequest, pk: int, logo: int) -> HttpResponse:
    """Serve a logo of a project."""
    row = get_object_or_404(visible_project(request, pk).logos, pk=logo)
    return serve_png(bytes(row.image))


class FrameStep(StepPage):
    """Title, dates, notice, words."""

    step, form_class = "cadre", FrameForm


class OutlineStep(StepPage):
    """Axes and objectives, pasted; each line with its level, to be put right in place."""

    step, form_class = "axes", OutlineForm

    @cached_property
    def outline(self) -> Outline:
        """The outline as it is saved, with what the format refuses on its lines."""
        outline = _read(self.project)
        for place, message in faults_of({"axes": outline.axes}):
            line = outline.line_of(place) if place[:1] == ("axes",) else None
            if line and message not in line.doubts:
                line.doubts.append(message)
        return outline

    def change(self, project, form):
        """Write the outline and what was said of its lines; or take over another convention's."""
        former = project.content.get("axes", [])
        source = self.request.POST.get("reprendre", "")
        if source and not project.outline.strip():
            conventions = Convention.objects.visible_to(self.request.user)
            convention = get_object_or_404(conventions, slug=source)
            former = content_of(convention, {})["axes"]
            text, choices = outline_of(former)
            has_themes = any(axis.get("thematiques") for axis in former)
            project.outline = text
            project.outline_choices = {"themes": has_themes, "lines": choices}
        else:
            choices = self._choices(project)
            project.outline = form.cleaned_data["outline"]
            has_themes = form.cleaned_data["has_themes"] == "oui"
            project.outline_choices = {"themes": has_themes, "lines": choices}
        axes = _read(project).axes
        carry_over(axes, former)
        project.content["axes"] = axes
        if not axes:
            del project.content["axes"]

    def _choices(self, project: Project) -> dict[str, str]:
        """Return what is said of each line: before, and in this form where it was changed."""
        choices = dict(project.outline_choices.get("lines", {}))
        met: dict[str, int] = {}
        for line in _read(project).lines:
            nth = met.get(line.text, 0)
            met[line.text] = nth + 1
            sent = self.request.POST.get(f"ligne-{line.at}")
            if sent is None or sent == line.value:
                continue
            if sent == BY_RULE[0]:
                choices.pop(key_of(line.text, nth), None)
            elif sent in dict(LEVELS):
                choices[key_of(line.text, nth)] = sent
        return choices

    def get_context_data(self, **kwargs):
        conventions = Convention.objects.visible_to(self.request.user)
        is_empty = not self.project.outline.strip()
        has_themes = self.project.outline_choices.get("themes", True)
        levels = [level for level in LEVELS if has_themes or level[0] != "2"]
        options = {value: _options(levels, value) for value, _ in levels}
        return super().get_context_data(
            outline=self.outline,
            lines=[(line, options[line.value]) for line in self.outline.lines],
            by_rule=BY_RULE,
            others=list(conventions) if is_empty else [],
            **kwargs,
        )  # fmt: skip


def _options(levels: list[tuple[str, str]], chosen: str) -> SafeString:
    """Return the options of what a line may be: written once for hundreds of lines."""
    return format_html_join(
        "", '<option value="{}"{}>{}</option>',
        ((value, mark_safe(" selected" if value == chosen else ""), label)
         for value, label in levels),
    )  # fmt: skip


def _read(project: Project) -> Outline:
    """Return the outline of a project with what was said of its lines."""
    choices = project.outline_choices
    return read_outline(
        project.outline, choices.get("lines", {}), has_themes=choices.get("themes", True)
    )


class ArticlesStep(StepPage):
    """Preamble, articles, annexes: one's own text, or the model to adapt."""

    step, form_class = "articles", ArticlesForm

    def get_form_kwargs(self):
        """Fill the form with the model where it is asked for and nothing is written."""
        kwargs = super().get_form_kwargs()
        is_empty = not text_of(self.project.content)
        if "modele" in self.request.GET and is_empty:
            kwargs["initial"] = {**kwargs["initial"], "text": model_of(self.project)}
        return kwargs

    def get_context_data(self, **kwargs):
        text = text_of(self.project.content)
        return super().get_context_data(
            is_empty=not text,
            brackets=count_brackets(text),
            is_model="modele" in self.request.GET and not text,
            **kwargs,
        )


class PeopleStep(StepPage):
    """For whom one coordinates."""

    step, form_class = "personnes", PeopleForm


class ReviewStep(ProjectPage, TemplateView):
    """What is missing, and the convention as it will read; a POST creates it."""

    step, template_name = "relire", "conventions/setting_up/review.html"

    def post(self, request, *args, **kwargs):
        """Create the convention, or bring it up to date, and go to it; show why not. With « garder
        », settle what stays where it was changed elsewhere."""
        if choice := request.POST.get("garder"):
            events.settle_with_convention(
                self.project, takes_convention=choice == "convention", by=request.user
            )
            return redirect("conventions:project_review", self.project.pk)
        is_new = self.project.convention is None
        try:
            created = events.create(self.project, by=request.user)
        except Refused as refused:
            messages.error(request, refused.refusal.reason)
            return redirect("conventions:project_review", self.project.pk)
        messages.success(
            request,
            "La convention est créée : un projet, que personne n’a encore signé." if is_new
            else "La convention est à jour.",
        )  # fmt: skip
        for reason in created.not_invited:
            messages.warning(request, f"Personne invitée sans succès, {reason}")
        return redirect(created.convention)

    def get_context_data(self, **kwargs):
        content = whole_content(self.project)
        codes = frozenset(commune["insee"] for commune in self.project.communes)
        elsewhere: list[str] = []
        if self.project.convention is not None:
            current = read_content(self.project.convention)
            if has_changed(self.project, current):
                elsewhere = differing_parts(self.project, current)
        return super().get_context_data(
            **self.frame(),
            missing=[(item, self._url(item)) for item in missing_of(self.project)],
            elsewhere=elsewhere,
            creating=rights.may_create(self.request.user, self.project),
            content=content,
            brackets=count_brackets(text_of(self.project.content)),
            drawing=outlines_of(codes) if codes else None,
            **kwargs,
        )

    def _url(self, item) -> str:
        """Return the page on which something that is missing is written."""
        if item.party is not None:
            return reverse("conventions:project_party", args=[self.project.pk, item.party])
        return BY_KEY[item.step].url(self.project)


class ManagePage(ProjectPage, FormView):
    """Share a project, hand it on, delete it."""

    form_class, template_name = ShareForm, "conventions/setting_up/manage.html"

    def form_valid(self, form):
        """Share the project with the owner of the address."""
        try:
            user = events.share(self.project, email=form.cleaned_data["email"],
                                by=self.request.user)  # fmt: skip
        except Refused as refused:
            form.add_error("email", refused.refusal.reason)
            return self.form_invalid(form)
        messages.success(self.request, f"Le projet est partagé avec {user.full_name}.")
        return redirect("conventions:project_manage", self.project.pk)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **self.frame(),
            managing=rights.may_manage(self.request.user, self.project),
            people=list(self.project.shared_with.all()),
            **kwargs,
        )


@require_POST
def delete_project(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete a project and go back to the list."""
    events.delete(visible_project(request, pk), by=request.user)
    messages.success(request, "Le projet est supprimé.")
    return redirect("conventions:projects")


@require_POST
def hand_on_project(request: SignedInRequest, pk: int, user: int) -> HttpResponse:
    """Give a project to somebody with whom it is shared."""
    project, heir = visible_project(request, pk), get_object_or_404(User, pk=user)
    events.hand_on(project, heir, by=request.user)
    messages.success(request, f"Le projet est désormais à {heir.full_name}.")
    return redirect("conventions:project_manage", pk)


@require_POST
def stop_sharing_project(request: SignedInRequest, pk: int, user: int) -> HttpResponse:
    """Share a project with somebody no longer."""
    project, person = visible_project(request, pk), get_object_or_404(User, pk=user)
    events.stop_sharing(project, person, by=request.user)
    messages.success(request, f"Le projet n’est plus partagé avec {person.full_name}.")
    return redirect("conventions:project_manage", pk)
