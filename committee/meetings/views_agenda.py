"""Pages on which the agenda of a meeting is composed."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.views.generic import View

from committee.meetings import agenda, rights
from committee.meetings.events import proposed_versions
from committee.meetings.forms import AgendaDocumentForm, EditItemForm, ItemForm, StandingForm
from committee.meetings.models import AgendaDocument, AgendaItem
from committee.meetings.pages import MeetingAct, OfMeeting, find_meeting
from committee.meetings.reading import offered_items
from ctg_portal.rules import Refusal, Refused
from documents.downloads import serve_stored_file

NOTHING_OFFERED = Refusal(
    "Rien à proposer aujourd’hui : les sujets habituels sont déjà à l’ordre du jour, ou n’ont rien "
    "à dire."
)


class AgendaAct(MeetingAct):
    """A form about the agenda of a meeting."""

    def obstacle(self):
        return rights.may_edit_agenda(self.request.user, self.meeting)


class ItemFormPage(AgendaAct):
    """A form of an item, with the points that are proposed."""

    form_class = ItemForm

    def get_form_kwargs(self):
        """Add ``points``, the proposed versions that an item may be about."""
        points = proposed_versions(self.convention).with_subjects().defer("text", "search_text")
        return super().get_form_kwargs() | {"points": points}


class AddItem(ItemFormPage):
    """The form of a new item."""

    heading = "Ajouter un point à l’ordre du jour"
    button = "Ajouter"

    def act(self, form):
        """Add the item at the end; return the message."""
        agenda.add_item(self.meeting, **form.values, by=self.here.user)
        return "Le point est à l’ordre du jour."


class OfItem(AgendaAct):
    """A form about one item."""

    def find(self):
        """Set ``meeting`` and ``item``; 404 outside the convention."""
        super().find()
        self.item = get_object_or_404(self.meeting.items, pk=self.kwargs["item"])
        self.item.meeting = self.meeting


class EditItem(OfItem, ItemFormPage):
    """The form of an item."""

    form_class = EditItemForm

    @property
    def heading(self):
        return f"Modifier « {self.item.title} »"

    def get_initial(self):
        """Return the fields of the item, its revision, and its ``versions`` by key, as texts."""
        names = ("title", "kind", "minutes", "presenter", "note", "revision")
        values = {name: getattr(self.item, name) for name in names}
        keys = self.item.versions.values_list("pk", flat=True)
        return values | {"versions": [str(pk) for pk in keys]}

    def written(self):
        return AgendaItem.objects.get(pk=self.item.pk)

    def act(self, form):
        """Rewrite the item; return the message."""
        agenda.edit_item(
            self.meeting, self.item, **form.values, revision=form.cleaned_data["revision"],
            by=self.here.user,
        )  # fmt: skip
        return "Le point est modifié."


class RemoveItem(OfItem):
    """The question before an item is removed."""

    button = "Retirer"
    is_grave = True

    @property
    def heading(self):
        return f"Retirer « {self.item.title} » de l’ordre du jour ?"

    @property
    def lead(self):
        return "Les documents joints à ce point sont effacés." if self.has_documents else ""

    @property
    def has_documents(self) -> bool:
        return self.item.documents.exists()

    def act(self, form):
        """Remove the item; return the message."""
        agenda.remove_item(self.meeting, self.item, by=self.here.user)
        return "Le point est retiré de l’ordre du jour."


class MoveItem(OfMeeting, View):
    """A button that moves an item up or down."""

    def post(self, request, pk, item, **kwargs):
        """Move the item, up unless ``bas`` was pressed; go back to the meeting."""
        self.meeting = find_meeting(self.convention, pk)
        row = get_object_or_404(self.meeting.items, pk=item)
        try:
            agenda.move_item(self.meeting, row, down="bas" in request.POST, by=self.here.user)
        except Refused as refused:
            messages.error(request, refused.refusal.reason)
        return redirect(f"{self.back}#point-{row.pk}")

    def get(self, request, pk, item, **kwargs):
        """Go back to the meeting: a button alone moves an item."""
        self.meeting = find_meeting(self.convention, pk)
        get_object_or_404(self.meeting.items, pk=item)
        return redirect(self.back)


class StandingItems(AgendaAct):
    """The standing items that may be put on the agenda, each with what there is to say."""

    form_class = StandingForm
    heading = "Les sujets habituels"
    lead = "Le portail propose ce dont il y a quelque chose à dire aujourd’hui."
    button = "Mettre à l’ordre du jour"

    @cached_property
    def offered(self):
        return offered_items(self.meeting, self.here.today)

    def obstacle(self):
        """Return why nothing is offered, beside why the agenda may not be changed."""
        return super().obstacle() or (None if self.offered else NOTHING_OFFERED)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"offered": self.offered}

    def act(self, form):
        """Add the ticked items; return the message."""
        agenda.add_standing_items(self.meeting, form.chosen, by=self.here.user)
        return "L’ordre du jour est complété."


class AddDocument(OfItem):
    """The form that attaches a document to an item."""

    form_class = AgendaDocumentForm
    button = "Joindre"

    @property
    def heading(self):
        return f"Joindre un document à « {self.item.title} »"

    lead = "Toutes les personnes du portail qui lisent la convention peuvent l’ouvrir."

    def act(self, form):
        """Store the document; return the message."""
        upload = form.cleaned_data["upload"]
        agenda.add_document(self.meeting, self.item, upload, by=self.here.user)
        return "Le document est joint."


class RemoveDocument(AgendaAct):
    """The question before a document is removed."""

    button = "Retirer"
    is_grave = True
    lead = "Il est effacé du portail."

    def find(self):
        """Set ``meeting`` and ``attached``; 404 outside the convention."""
        super().find()
        self.attached = _find_document(self.meeting, self.kwargs["document"])

    @property
    def heading(self):
        return f"Retirer « {self.attached.document.name} » ?"

    def act(self, form):
        """Remove the document; return the message."""
        agenda.remove_document(self.meeting, self.attached, by=self.here.user)
        return "Le document est retiré."


class ReadDocument(OfMeeting, View):
    """A document of an agenda, for everybody who reads the convention."""

    def get(self, request, pk, document, **kwargs):
        """Serve a document of the agenda; 404 for none of the meeting."""
        meeting = find_meeting(self.convention, pk)
        return serve_stored_file(_find_document(meeting, document).document)


def _find_document(meeting, pk) -> AgendaDocument:
    """Return a document of the agenda, or raise Http404."""
    rows = AgendaDocument.objects.filter(item__meeting=meeting).select_related("document")
    return get_object_or_404(rows, pk=pk)
