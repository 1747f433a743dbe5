"""Every page that reads a version shows one that came short, or with more."""

from contextlib import contextmanager
from tempfile import TemporaryDirectory
from unittest import mock

import pytest
from django.core.files.base import ContentFile
from django.test import Client, TestCase, override_settings
from django.urls import reverse

from actions.plan.forms import SECTIONS
from agreements import upcasters
from agreements.commitments.commitment import by_kind
from agreements.models import Version
from tests.agreements import damage
from tests.personas import build_scene
from tests.role_table import ROUTES

CHAPTERS = ("conventions:", "committee:", "actions:", "indicators:", "evaluation:")
PAGES = [name for name, r in ROUTES.items() if name.startswith(CHAPTERS) and r.method == "get"]


@contextmanager
def reading(kinds: set[str]):
    """Gather the kinds of the versions whose text is read meanwhile."""
    told = upcasters.told

    def gathering(commitment, schema, text):
        kinds.add(commitment.kind)
        return told(commitment, schema, text)

    with mock.patch.object(upcasters, "told", gathering):
        yield


def whole(response) -> bytes:
    return response.getvalue() if response.streaming else response.content


@pytest.mark.once
class EachPage(TestCase):
    """One scene in which each version has the text of a sample; what a test writes is undone."""

    @classmethod
    def setUpClass(cls):
        cls.media = cls.enterClassContext(TemporaryDirectory())
        super().setUpClass()

    @classmethod
    def setUpTestData(cls):
        with override_settings(MEDIA_ROOT=cls.media):
            scene = build_scene()
            scene.logo_party.logo.save("logo.png", ContentFile(b"\x89PNG\r\n\x1a\n"))
        cls.coordinator = scene.people["coordinator"]
        for version in Version.objects.filter(kind__in=["action", "indicator", "objective"]):
            damage.store(version, damage.placed(version.commitment, 1, scene.convention))
        pages = {reverse(name, kwargs=ROUTES[name].kwargs(scene)) for name in PAGES}
        slug, action = scene.convention.slug, scene.actions.action
        sections = [reverse("actions:edit_section", args=[slug, action.pk, one.key])
                    for one in SECTIONS]  # fmt: skip
        points = [reverse(f"committee:{'draft' if version.is_draft else 'point'}",
                          args=[slug, version.pk])
                  for version in Version.objects.of(scene.convention)]  # fmt: skip
        cls.pages = [*sorted(pages), *sections, *points]
        cls.reading = cls._pages_by_kind()

    @classmethod
    def _pages_by_kind(cls) -> dict[str, list[str]]:
        """The pages that read a version of each kind."""
        client, found = Client(), {}
        client.force_login(cls.coordinator)
        with override_settings(MEDIA_ROOT=cls.media):
            for url in cls.pages:
                kinds = set()
                with reading(kinds):
                    whole(client.get(url))
                for kind in kinds:
                    found.setdefault(kind, []).append(url)
        return found

    def setUp(self):
        self.enterContext(override_settings(MEDIA_ROOT=self.media))
        self.client.force_login(self.coordinator)

    def show(self, kind: str, way: str, path: tuple[str, ...]) -> None:
        damage.damage(Version.objects.filter(kind=kind), way, path)
        for url in self.reading[kind]:
            response = self.client.get(url)
            whole(response)
            assert response.status_code in (200, 302), (url, response.status_code)

    def test_all_of_them_of_texts_that_tell_nothing(self):
        """Files too, of all rooms."""
        for version in Version.objects.all():
            damage.store(version, {})
        for url in self.pages:
            response = self.client.get(url)
            whole(response)
            assert response.status_code < 500, url


def _test_of(kind: str, way: str, path: tuple[str, ...]):
    return lambda self: self.show(kind, way, path)


for _kind in ("action", "indicator", "objective", "article", "annex", "axis", "theme"):
    for _way, _path in damage.each_way(by_kind(_kind)):
        _name = f"test_{_kind}[{_way} {'.'.join(_path)}]"
        setattr(EachPage, _name, _test_of(_kind, _way, _path))
