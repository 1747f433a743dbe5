"""Pages « Organismes et personnes »: the coordinator's list, the forms of its rows, its imports."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView

from conventions.access.pages import ConventionPage
from conventions.directory import events, rights
from conventions.directory.files import directory_table
from conventions.directory.forms import ContactForm, OrganisationForm
from conventions.directory.importing import ImportOfOrganisations
from conventions.directory.models import Contact
from conventions.legal.convention import Convention
from conventions.lists import ListFile
from conventions.parties.models import Organisation
from ctg_portal.forms.revisions import Rewritten
from ctg_portal.rules import DoneAlready, Refused
from ctg_portal.search.rows import fold
from documents.turns import one_at_a_time
from spreadsheets.forms import BringForm
from spreadsheets.importing.events import bring
from spreadsheets.models import Import

PAGE_SIZE = 50


class DirectoryPage(ConventionPage):
    """Base of the pages of the directory, which are the coordinator's alone."""

    def setup(self, request, *args, **kwargs):
        """Set the convention; 403 for who does not manage its directory."""
        super().setup(request, *args, **kwargs)
        if rights.may_manage_directory(request.user, self.convention) is not None:
            raise PermissionDenied

    def organisation(self, pk: int) -> Organisation:
        """Return an organisation of the convention; 404 otherwise."""
        row = get_object_or_404(self.convention.organisations, pk=pk)
        row.convention = self.convention
        return row

    def contact(self, pk: int) -> Contact:
        """Return somebody without account of the convention; 404 otherwise."""
        rows = Contact.objects.of(self.convention).select_related("organisation")
        row = get_object_or_404(rows, pk=pk)
        row.organisation.convention = self.convention
        return row

    def refuse_withdrawn(self, sentence: str, *, is_gone: bool) -> None:
        """Raise DoneAlready where the row ``is_gone``, unless a form was filled in."""
        is_typed = self.request.method == "POST" and "retirer" not in self.request.POST
        if is_gone and not is_typed:
            raise DoneAlready(
                sentence, reverse("conventions:directory", args=[self.convention.slug])
            )

    @property
    def words_asked(self) -> str:
        """The words by which the list is filtered; "" for the whole list."""
        return self.request.GET.get("mots", "").replace("\0", "").strip()[:100]

    @cached_property
    def rows(self) -> list[Organisation]:
        """All organisations of the convention, with their ``people`` and ``note``."""
        rows = list(self.convention.organisations.with_is_party())
        return rows_with_contacts(self.convention, rows)

    def back(self, organisation: Organisation | None = None):
        """Return a redirect to the list, at the line of the organisation if there is one."""
        response = redirect("conventions:directory", self.convention.slug)
        if organisation is not None:
            keys = [row.pk for row in self.convention.organisations.with_is_party()]
            page = keys.index(organisation.pk) // PAGE_SIZE + 1 if organisation.pk in keys else 1
            response["Location"] += f"?page={page}" if page > 1 else ""
            response["Location"] += f"#organisme-{organisation.pk}"
        return response


class Directory(DirectoryPage, TemplateView):
    """All organisations of the convention, with their people without account."""

    template_name = "conventions/directory/directory.html"

    def get_context_data(self, **kwargs):
        """Return one page of the organisations that contain the words asked for, and the counts."""
        rows, words = self.rows, self.words_asked
        matches = [row for row in rows if contains_words(row, words)]
        return super().get_context_data(
            match_count=len(matches),
            page=Paginator(matches, PAGE_SIZE).get_page(self.request.GET.get("page")),
            total=len(rows),
            people=sum(len(row.people) for row in rows),
            asked=words,
            query=urlencode({"mots": words}) if words else "",
            page_query=f"{urlencode({'mots': words})}&" if words else "",
            **kwargs,
        )


class DirectoryFile(DirectoryPage, ListFile):
    """The organisations that the page at the same address shows, as a table."""

    name = "organismes"

    def tables(self):
        return [directory_table(row for row in self.rows if contains_words(row, self.words_asked))]


def rows_with_contacts(convention: Convention, rows: list[Organisation]) -> list[Organisation]:
    """Set on each organisation its ``people`` and its ``note``: acronym, origin and contact
    address. One query."""
    contacts: dict[int, list[Contact]] = {}
    for contact in Contact.objects.of(convention):
        contacts.setdefault(contact.organisation_id, []).append(contact)
    for row in rows:
        row.people = contacts.get(row.pk, [])
        origin = "" if row.is_added else "partie" if row.is_party else "fichier de la convention"
        has_acronym = not row.acronym.startswith(row.name[:30])
        parts = [row.acronym if has_acronym else "", origin, row.contact_email]
        row.note = " · ".join(filter(None, parts))
    return rows


def contains_words(row: Organisation, words: str) -> bool:
    """Return whether each of these words is in the name, acronym, town or people of an
    organisation; True for no words."""
    text = fold(" ".join([row.name, row.acronym, row.town, *map(str, row.people)]))
    return all(word in text for word in fold(words).split())


class DirectoryFormPage(DirectoryPage, FormView):
    """Base of the pages that write one row: a refusal is shown in the form."""

    template_name = "conventions/directory/form.html"

    def write(self, form) -> Organisation:
        """Write the values of the form; return the organisation whose place in the list is shown
        next. Raises Refused."""
        raise NotImplementedError

    def form_valid(self, form):
        """Write the row and go back to its line of the list; show the form again with the refusal,
        both texts or the likely equals."""
        try:
            organisation = self.write(form)
        except Refused as refused:
            if isinstance(refused.refusal, events.Alike):
                form.ask_about(refused.refusal.likenesses)
            if isinstance(refused.refusal, Rewritten):
                form.show_both(refused.refusal, type(self.row).objects.get(pk=self.row.pk))
            else:
                form.add_error(None, refused.refusal.reason)
        except ValidationError as fault:
            errors = fault.error_dict if hasattr(fault, "error_dict") else {None: fault}
            for name, error in errors.items():
                form.add_error(name if name in form.fields else None, error)
        else:
            messages.success(self.request, "C’est enregistré.")
            return self.back(organisation)
        return self.form_invalid(form)


class AddOrganisation(DirectoryFormPage):
    form_class = OrganisationForm
    extra_context = {"title": "Ajouter un organisme"}

    def write(self, form):
        """Add the organisation. Raises Refused, with ``Alike`` where it resembles one that is not
        among ``form.others``."""
        return events.add_organisation(
            self.convention, form.values, others=form.others, by=self.request.user
        )


class CorrectOrganisation(DirectoryFormPage):
    """Correct an organisation that was added, or withdraw it."""

    form_class = OrganisationForm

    def setup(self, request, *args, **kwargs):
        """Set the ``row``; DoneAlready where it was withdrawn."""
        super().setup(request, *args, **kwargs)
        self._refuse_where_withdrawn(kwargs["pk"])
        self.row = self.organisation(kwargs["pk"])

    def _refuse_where_withdrawn(self, pk: int) -> None:
        """Raise DoneAlready where the organisation was withdrawn, unless the form was filled in."""
        is_gone = events.was_withdrawn(self.convention, pk)
        self.refuse_withdrawn("Cet organisme est déjà retiré de la liste.", is_gone=is_gone)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.row}

    def post(self, request, *args, **kwargs):
        """Correct the organisation, or withdraw it for the button « retirer »; a refused withdrawal
        shows the page again."""
        if "retirer" not in request.POST:
            return super().post(request, *args, **kwargs)
        try:
            events.withdraw_organisation(self.row, by=request.user)
        except Refused as refused:
            self._refuse_where_withdrawn(self.row.pk)
            messages.warning(request, refused.refusal.reason)
            return redirect(request.path)
        messages.success(request, "L’organisme est retiré de la liste.")
        return self.back()

    def write(self, form):
        """Correct the organisation; an empty acronym leaves it as it is."""
        values = dict(form.values)
        if not values["acronym"]:
            values["acronym"] = self.row.acronym
        return events.correct_organisation(
            self.row, values, revision=form.cleaned_data["revision"], others=form.others,
            by=self.request.user,
        )  # fmt: skip

    def get_context_data(self, **kwargs):
        """Return the form and why the row may not be corrected, renamed or withdrawn."""
        user = self.request.user
        refusal = rights.may_correct(user, self.row)
        return super().get_context_data(
            title=f"Corriger « {self.row.name} »",
            refusal=refusal,
            renaming=None if refusal else rights.may_rename(user, self.row),
            withdrawing=None if refusal else rights.may_withdraw(user, self.row),
            can_be_withdrawn=True,
            **kwargs,
        )


class AddContact(DirectoryFormPage):
    form_class = ContactForm

    def setup(self, request, *args, **kwargs):
        """Set ``owner``, the organisation of the person to add; 404 without it."""
        super().setup(request, *args, **kwargs)
        self.owner = self.organisation(kwargs["pk"])

    def write(self, form):
        return events.add_contact(self.owner, form.values, by=self.request.user).organisation

    def get_context_data(self, **kwargs):
        """Add the title, which names the ``owner``, and ``is_person``: the template also serves
        organisations."""
        title = f"Ajouter une personne {self.owner.genitive}"
        return super().get_context_data(title=title, is_person=True, **kwargs)


class CorrectContact(DirectoryFormPage):
    """Correct somebody, or forget them."""

    form_class = ContactForm

    def setup(self, request, *args, **kwargs):
        """Set the ``row``; DoneAlready where it is gone."""
        super().setup(request, *args, **kwargs)
        sentence = "Cette personne n’est plus dans la liste."
        is_gone = not Contact.objects.filter(pk=kwargs["pk"]).exists()
        self.refuse_withdrawn(sentence, is_gone=is_gone)
        self.row = self.contact(kwargs["pk"])

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.row}

    def post(self, request, *args, **kwargs):
        """Correct the person, or delete them for the button « retirer »."""
        if "retirer" not in request.POST:
            return super().post(request, *args, **kwargs)
        events.withdraw_contact(self.row, by=request.user)
        messages.success(request, "La personne est retirée de la liste.")
        return self.back(self.row.organisation)

    def write(self, form):
        """Correct the person; return their organisation."""
        row = events.correct_contact(
            self.row, form.values, revision=form.cleaned_data["revision"], by=self.request.user
        )
        return row.organisation

    def get_context_data(self, **kwargs):
        """Add the title, ``is_person``, and ``can_be_withdrawn``, which shows the button « retirer
        »."""
        return super().get_context_data(
            title=f"Corriger « {self.row.name} »", is_person=True, can_be_withdrawn=True, **kwargs
        )


@method_decorator(one_at_a_time, name="post")
class BringOrganisations(DirectoryPage, FormView):
    """Take a file for its preview; list the files that were brought before."""

    form_class = BringForm
    template_name = "conventions/directory/bring.html"

    def form_valid(self, form):
        """Store the file for its preview and go there; show the form again where it is refused."""
        name, upload = ImportOfOrganisations.name, form.cleaned_data["table"]
        try:
            row = bring(name, self.convention.slug, upload, by=self.request.user)
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
            return self.form_invalid(form)
        return redirect(row)

    def get_context_data(self, **kwargs):
        """Return the form and the last twenty files that this person has brought."""
        brought = Import.objects.of(ImportOfOrganisations.name, self.convention.slug)
        return super().get_context_data(
            brought=brought.brought_by(self.request.user)[:20], **kwargs
        )
