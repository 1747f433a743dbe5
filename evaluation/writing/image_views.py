"""Images of the texts: added to one, corrected, removed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.generic import FormView, View

from ctg_portal.forms.revisions import Rewritten
from ctg_portal.rules import Refused
from ctg_portal.text.numbers import key_in
from documents.turns import one_at_a_time
from evaluation.editions.following import notes_on_change
from evaluation.images.events import (
    add_illustration,
    correct_illustration,
    remove_illustration,
)
from evaluation.images.image import image_of
from evaluation.images.models import Illustration
from evaluation.images.rights import may_correct, may_remove
from evaluation.images.showing import on_pages
from evaluation.images.usage import submitted_with, texts_with
from evaluation.writing.image_forms import CorrectedWordsForm, ImageForm, WordsForm
from evaluation.writing.pages import TextPage


@method_decorator(one_at_a_time, name="post")
class AddImageView(TextPage, FormView):
    """Bring an image, and put it into one's own draft of a text."""

    template_name = "evaluation/images/add.html"
    form_class = ImageForm

    def get_initial(self):
        return {"place": key_in(self.request.GET.get("place", "")) or None}

    def form_valid(self, form):
        """Store the image, put it into the writer's draft, and go to the text."""
        values = form.cleaned_data
        place = values.pop("place")
        try:
            image = add_illustration(self.convention, by=self.request.user, **values)
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
        except ValidationError as wrong:
            form.add_error("upload", wrong)
        else:
            self.editor.insert_image(image, place)
            messages.success(
                self.request,
                "L’image est dans votre brouillon. Enregistrez le texte pour qu’elle y soit.",
            )
            return redirect(self.editor.url())
        return self.form_invalid(form)


class OneImage(TextPage):
    """A page of an image, reached from a text that one writes."""

    @cached_property
    def image(self) -> Illustration:
        """The image that the address names; 404 in another convention or once it is removed."""
        rows = Illustration.objects.of(self.convention).not_removed().select_related("stored")
        image = get_object_or_404(rows, pk=self.kwargs["image"])
        image.convention = self.convention
        return image


class ImageView(OneImage, FormView):
    """Where an image is shown; what is said of it is corrected."""

    template_name = "evaluation/images/image.html"
    form_class = CorrectedWordsForm

    def get_initial(self):
        """Return what is said of the image as it is stored, with its revision."""
        words = {name: getattr(self.image, name) for name in WordsForm.base_fields}
        return words | {"revision": self.image.revision}

    def form_valid(self, form):
        """Save what is said of the image and go to the text; show both versions of a conflict."""
        try:
            correct_illustration(self.image, by=self.request.user, **form.cleaned_data)
        except Refused as refused:
            if isinstance(refused.refusal, Rewritten):
                del self.image
                form.show_both(refused.refusal, self.image)
            else:
                form.add_error(None, refused.refusal.reason)
            return self.form_invalid(form)
        messages.success(self.request, "Ce qui est dit de l’image est enregistré.")
        return redirect(self.editor.url())

    def get_context_data(self, **kwargs):
        """Add ``image`` and its ``picture``; ``texts``, the saved ones that show it; why the reader
        may not correct it (``refusal``) or remove it (``removal_refusal``), each None where they
        may; ``removal_url``; ``notes``, the warnings of what a change returns, only if a submitted
        evaluation shows it."""
        image, user = self.image, self.request.user
        return super().get_context_data(
            image=image,
            picture=on_pages(self.convention, [image_of(image)])[image.pk],
            texts=texts_with(image),
            refusal=may_correct(user, image),
            removal_refusal=may_remove(user, image),
            removal_url=self.editor.image_url(image, "remove_image"),
            notes=notes_on_change(self.convention, self.period) if submitted_with(image) else [],
            **kwargs,
        )


class RemoveImageView(OneImage, View):
    """Take an image that no text shows away."""

    http_method_names = ["post"]

    def post(self, request, **kwargs):
        """Remove the image and go to the text; go to the image with the reason of a refusal."""
        try:
            remove_illustration(self.image, by=request.user)
        except Refused as refused:
            messages.warning(request, refused.refusal.reason)
            return redirect(self.editor.image_url(self.image))
        messages.success(request, "L’image est retirée.")
        return redirect(self.editor.url())
