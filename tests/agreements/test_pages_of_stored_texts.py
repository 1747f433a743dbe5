"""Every page that reads a version shows one that came short, or with more."""

from contextlib import contextmanager
from tempfile import TemporaryDirectory
from unittest import mock

import pytest
from django.core.files.base import ContentFile
from django.test import Client, TestCase, override_settings
from django.urls import reverse

from actions.plan.forms import SECTIONS
from agreements.commitments.commitment import by_kind
from agreements.models import Version
from tests.agreements import damage
from tests.databases import few_of
from tests.personas import build_scene
from tests.role_table import ROUTES

CHAPTERS = ("conventions:", "committee:", "actions:", "indicators:", "evaluation:")
PAGES = [name for name, r in ROUTES.items() if name.startswith(CHAPTERS) and r.method == "get"]


class Noted(dict):
    """A content that notes which of its fields are read."""

    def __init__(self, content: dict, kind: str, read: set[tuple[str, str]]):
        super().__init__(content)
        self.kind, self.read = kind, read

    def __getitem__(self, name):
        self.read.add((self.kind, name))
        return super().__getitem__(name)

    def get(self, name, default=None):
        self.read.add((self.kind, name))
        return super().get(name, default)

    def _whole(self) -> dict:
        told = dict(super().items())
        self.read.update((self.kind, name) for name in told)
        return told

    def __iter__(self):
        return iter(self._whole())

    def keys(self):
        return self._whole().keys()

    def values(self):
        return self._whole().values()

    def items(self):
        return self._whole().items()

    def __or__(self, other):
        return self._whole() | other

    def __eq__(self, other):
        return self._whole() == other

    __hash__ = None


@contextmanager
def noting(read: set[tuple[str, str]]):
    """Gather the kinds and the fields of the texts that are read meanwhile."""
    content = Version.__dict__["content"]

    def noted(version):
        # That there is a text is read, even where nothing of it is shown.
        read.add((version.kind, ""))
        return Noted(content.func(version), version.kind, read)

    with mock.patch.object(Version, "content", property(noted)):
        yield


def whole(response) -> bytes:
    return response.getvalue() if response.streaming else response.content


@pytest.mark.once
@pytest.mark.sampled
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
        cls.read_by = cls._read_by_page()

    @classmethod
    def _read_by_page(cls) -> dict[str, set[tuple[str, str]]]:
        """What each page reads of the texts: kinds and fields."""
        client, found = Client(), {url: set() for url in cls.pages}
        client.force_login(cls.coordinator)
        with override_settings(MEDIA_ROOT=cls.media):
            for url, read in found.items():
                with noting(read):
                    whole(client.get(url))
        return found

    def setUp(self):
        self.enterContext(override_settings(MEDIA_ROOT=self.media))
        self.client.force_login(self.coordinator)

    def show(self, kind: str, way: str, path: tuple[str, ...]) -> None:
        """Open some of the pages that read a field of which the texts now tell something else;
        others in the next run. Where they tell the same, one page is enough to see that they are
        read."""
        versions = Version.objects.filter(kind=kind)
        before = {version.pk: version.content for version in versions}
        damage.damage(versions, way, path)
        others = {
            (kind, name)
            for version in versions.all()
            for name, value in before[version.pk].items()
            if version.content.get(name, ...) != value
        }
        concerned = [url for url, read in self.read_by.items() if read & others]
        assert concerned or not others, f"no page shows {others}"
        for url in few_of(concerned) or [self._first_page(kind)]:
            response = self.client.get(url)
            whole(response)
            assert response.status_code in (200, 302), (url, response.status_code)

    def _first_page(self, kind: str) -> str:
        return next(url for url, read in self.read_by.items() if (kind, "") in read)

    @pytest.mark.long
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
