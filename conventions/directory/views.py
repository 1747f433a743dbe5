"""« Organismes et personnes »: the coordinator's list, one added, corrected, withdrawn."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView

from conventions.directory import events, rights
from conventions.directory.files import directory_table
from conventions.directory.forms import ContactForm, OrganisationForm
from conventions.lists import ListFile
from conventions.models import Contact, Organisation
from conventions.pages import ConventionPage
from ctg_portal.revisions import Rewritten
from ctg_portal.rules import DoneAlready, Refused
from ctg_portal.search import fold

PAGE_SIZE = 50


class DirectoryPage(ConventionPage):
    """Mixin of its pages: the coordinator's alone."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if rights.may_manage_directory(request.user, self.convention):
            raise PermissionDenied

    def organisation(self, pk: int) -> Organisation:
        found = get_object_or_404(self.convention.organisations, pk=pk)
        found.convention = self.convention
        return found

    def contact(self, pk: int) -> Contact:
        rows = Contact.objects.of(self.convention).select_related("organisation")
        found = get_object_or_404(rows, pk=pk)
        found.organisation.convention = self.convention
        return found

    def tell_withdrawn(self, told: str, *, is_gone: bool) -> None:
        """Raise DoneAlready for who comes back to what was withdrawn, with nothing typed for it."""
        is_typed = self.request.method == "POST" and "retirer" not in self.request.POST
        if is_gone and not is_typed:
            raise DoneAlready(told, reverse("conventions:directory", args=[self.convention.slug]))

    @property
    def asked(self) -> str:
        """The words by which the list is filtered."""
        return self.request.GET.get("mots", "").replace("\0", "").strip()[:100]

    @cached_property
    def rows(self) -> list[Organisation]:
        rows = list(self.convention.organisations.telling_parties())
        return rows_with_contacts(self.convention, rows)

    def back(self, organisation: Organisation | None = None):
        response = redirect("conventions:directory", self.convention.slug)
        if organisation is not None:
            keys = [row.pk for row in self.convention.organisations.telling_parties()]
            page = keys.index(organisation.pk) // PAGE_SIZE + 1 if organisation.pk in keys else 1
            response["Location"] += f"?page={page}" if page > 1 else ""
            response["Location"] += f"#organisme-{organisation.pk}"
        return response


class Directory(DirectoryPage, TemplateView):
    """All organisations of the convention, with their people without account."""

    template_name = "conventions/directory/directory.html"

    def get_context_data(self, **kwargs):
        rows, asked = self.rows, self.asked
        found = [row for row in rows if says(row, asked)]
        return super().get_context_data(
            found=len(found),
            page=Paginator(found, PAGE_SIZE).get_page(self.request.GET.get("page")),
            total=len(rows),
            people=sum(len(row.people) for row in rows),
            asked=asked,
            query=urlencode({"mots": asked}) if asked else "",
            page_query=f"{urlencode({'mots': asked})}&" if asked else "",
            **kwargs,
        )


class DirectoryFile(DirectoryPage, ListFile):
    """Those that the same address of the page shows, as a table."""

    name = "organismes"

    def tables(self):
        return [directory_table(row for row in self.rows if says(row, self.asked))]


def rows_with_contacts(convention, rows: list[Organisation]) -> list[Organisation]:
    """Each with its ``people``, and what is ``noted`` beside its name; in one query."""
    found: dict[int, list[Contact]] = {}
    for contact in Contact.objects.of(convention):
        found.setdefault(contact.organisation_id, []).append(contact)
    for row in rows:
        row.people = found.get(row.pk, [])
        origin = "" if row.is_added else "partie" if row.is_party else "fichier de la convention"
        has_acronym = not row.acronym.startswith(row.name[:30])
        told = [row.acronym if has_acronym else "", origin, row.contact_email]
        row.noted = " · ".join(filter(None, told))
    return rows


def says(row: Organisation, words: str) -> bool:
    """Whether its name, its commune or its people say each of these words."""
    told = fold(" ".join([row.name, row.acronym, row.town, *map(str, row.people)]))
    return all(word in told for word in fold(words).split())


class Writing(DirectoryPage, FormView):
    """One is written; what is refused is told there, and nothing typed is lost."""

    template_name = "conventions/directory/form.html"

    def write(self, form) -> Organisation:
        """Write what the form says; the organisation to come back to. Raises Refused."""
        raise NotImplementedError

    def form_valid(self, form):
        try:
            organisation = self.write(form)
        except Refused as refused:
            if isinstance(refused.refusal, events.Alike):
                form.tell_alike(refused.refusal.found)
            if isinstance(refused.refusal, Rewritten):
                form.show_both(refused.refusal, type(self.row).objects.get(pk=self.row.pk))
            else:
                form.add_error(None, refused.refusal.reason)
        except ValidationError as wrong:
            told = wrong.error_dict if hasattr(wrong, "error_dict") else {None: wrong}
            for name, error in told.items():
                form.add_error(name if name in form.fields else None, error)
        else:
            messages.success(self.request, "C’est enregistré.")
            return self.back(organisation)
        return self.form_invalid(form)


class AddOrganisation(Writing):
    form_class = OrganisationForm
    extra_context = {"title": "Ajouter un organisme"}

    def write(self, form):
        return events.add_organisation(
            self.convention, form.values, others=form.others, by=self.request.user
        )


class CorrectOrganisation(Writing):
    """Correct one that was added, or withdraw it."""

    form_class = OrganisationForm

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.tell_withdrawn_organisation(kwargs["pk"])
        self.row = self.organisation(kwargs["pk"])

    def tell_withdrawn_organisation(self, pk: int) -> None:
        is_gone = events.was_withdrawn(self.convention, pk)
        self.tell_withdrawn("Cet organisme est déjà retiré de la liste.", is_gone=is_gone)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.row}

    def post(self, request, *args, **kwargs):
        if "retirer" not in request.POST:
            return super().post(request, *args, **kwargs)
        try:
            events.withdraw_organisation(self.row, by=request.user)
        except Refused as refused:
            self.tell_withdrawn_organisation(self.row.pk)
            messages.warning(request, refused.refusal.reason)
            return redirect(request.path)
        messages.success(request, "L’organisme est retiré de la liste.")
        return self.back()

    def write(self, form):
        values = dict(form.values)
        if not values["acronym"]:
            values["acronym"] = self.row.acronym
        return events.correct_organisation(
            self.row, values, revision=form.cleaned_data["revision"], others=form.others,
            by=self.request.user,
        )  # fmt: skip

    def get_context_data(self, **kwargs):
        user = self.request.user
        refusal = rights.may_correct(user, self.row)
        return super().get_context_data(
            title=f"Corriger « {self.row.name} »",
            refusal=refusal,
            renaming=None if refusal else rights.may_rename(user, self.row),
            withdrawing=None if refusal else rights.may_withdraw(user, self.row),
            may_be_withdrawn=True,
            **kwargs,
        )


class AddContact(Writing):
    form_class = ContactForm

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.of = self.organisation(kwargs["pk"])

    def write(self, form):
        return events.add_contact(self.of, form.values, by=self.request.user).organisation

    def get_context_data(self, **kwargs):
        title = f"Ajouter une personne {self.of.of_the}"
        return super().get_context_data(title=title, is_person=True, **kwargs)


class CorrectContact(Writing):
    """Correct somebody, or forget them."""

    form_class = ContactForm

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        told = "Cette personne n’est plus dans la liste."
        is_gone = not Contact.objects.filter(pk=kwargs["pk"]).exists()
        self.tell_withdrawn(told, is_gone=is_gone)
        self.row = self.contact(kwargs["pk"])

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.row}

    def post(self, request, *args, **kwargs):
        if "retirer" not in request.POST:
            return super().post(request, *args, **kwargs)
        events.withdraw_contact(self.row, by=request.user)
        messages.success(request, "La personne est retirée de la liste.")
        return self.back(self.row.organisation)

    def write(self, form):
        row = events.correct_contact(
            self.row, form.values, revision=form.cleaned_data["revision"], by=self.request.user
        )
        return row.organisation

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            title=f"Corriger « {self.row.name} »", is_person=True, may_be_withdrawn=True, **kwargs
        )
