"""Where pages find the images of texts."""

from collections.abc import Iterable

from django.urls import reverse

from conventions.models import Convention
from ctg_portal.text.markdown import Picture
from evaluation.editions.models import Edition
from evaluation.images.image import TextImage


def on_pages(convention: Convention, images: Iterable[TextImage]) -> dict[int, Picture]:
    """Return images by key, with addresses that ask for access to the convention (``may_see``)."""
    return {
        image.key: image.at(reverse("evaluation:image", args=[convention.slug, image.key]))
        for image in images
    }


def on_public_pages(edition: Edition, images: Iterable[TextImage]) -> dict[int, Picture]:
    """Return images of a published evaluation by key, with addresses that anybody may open."""
    where = [edition.evaluation.convention.slug, edition.year, edition.number]
    return {
        image.key: image.at(reverse("evaluation:public_image", args=[*where, image.key]))
        for image in images
    }
