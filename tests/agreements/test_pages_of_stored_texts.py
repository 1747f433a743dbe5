"""Every page that reads a version shows one that came short, or with more."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import pytest
from django.core.files.base import ContentFile
from django.test import override_settings
from django.urls import reverse

from actions.plan.forms import SECTIONS
from agreements.commitments.commitment import by_kind
from agreements.models import Version
from tests.agreements import damage
from tests.crawl import turn
from tests.golden.bare import content_of
from tests.golden.stage import undone
from tests.personas import build_scene
from tests.role_table import ROUTES
from tests.walk import PNG, client_of, describe, report

pytestmark = [pytest.mark.django_db, pytest.mark.long]

CHAPTERS = ("conventions:", "committee:", "actions:", "indicators:", "evaluation:")
KINDS = ("action", "indicator", "objective", "article", "annex", "axis", "theme")
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
        content = dict(super().items())
        self.read.update((self.kind, name) for name in content)
        return content

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


class Pages:
    """Pages of one scene in which each version has the text of a sample; ``read_by``: the kinds and
    fields of the texts that each page reads."""

    def __init__(self, media):
        self.media = media
        with override_settings(MEDIA_ROOT=media):
            scene = build_scene()
            scene.logo_party.logo.save("logo.png", ContentFile(PNG))
        for version in Version.objects.filter(kind__in=["action", "indicator", "objective"]):
            damage.store(version, damage.placed(version.commitment, 1, scene.convention))
        self.client = client_of(scene.people["coordinator"])
        self.read_by = {address: set() for address in self._addresses(scene)}
        for address, read in self.read_by.items():
            with noting(read):
                self.fault(address)

    def _addresses(self, scene) -> list[str]:
        slug, action = scene.convention.slug, scene.actions.action
        pages = {reverse(name, kwargs=ROUTES[name].kwargs(scene)) for name in PAGES}
        sections = [reverse("actions:edit_section", args=[slug, action.pk, section.key])
                    for section in SECTIONS]  # fmt: skip
        points = [reverse(f"committee:{'draft' if version.is_draft else 'point'}",
                          args=[slug, version.pk])
                  for version in Version.objects.of(scene.convention)]  # fmt: skip
        return [*sorted(pages), *sections, *points]

    def fault(self, address: str, expected=(200, 302)) -> str:
        """What is wrong with what is answered there; an empty text where nothing is."""
        try:
            with override_settings(MEDIA_ROOT=self.media), undone():
                response = self.client.get(address)
                content_of(response)
        except Exception as error:  # one fault does not hide another
            return f"{address}: {describe(error)}"
        return "" if response.status_code in expected else f"{address}: {response.status_code}"

    def faults_of_damage(self, kind: str, number: int | None, way: str, path) -> Iterator[str]:
        """Open pages that read a field of which the texts now say something else: one, another for
        the next ``number``; all where it is None. Where the texts say the same, one page is enough
        to see that they are read."""
        with undone():
            others = self._damage(kind, way, path)
            pages = [address for address, read in self.read_by.items() if read & others]
            if others and not pages:
                yield f"{way} {path}: no page shows {others}"
            first = next(address for address, read in self.read_by.items() if (kind, "") in read)
            for address in (pages if number is None else turn(pages, number, 1)) or [first]:
                if fault := self.fault(address):
                    yield f"{way} {'.'.join(path)}: {fault}"

    def _damage(self, kind: str, way: str, path) -> set[tuple[str, str]]:
        """The kinds and fields of which the texts then say something else."""
        versions = Version.objects.filter(kind=kind)
        before = {version.pk: version.content for version in versions}
        damage.damage(versions, way, path)
        return {
            (kind, name)
            for version in versions.all()
            for name, value in before[version.pk].items()
            if version.content.get(name, ...) != value
        }


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), undone():
        yield Pages(tmp_path_factory.mktemp("media"))


@pytest.mark.parametrize("kind", KINDS)
def test_pages_show_texts_that_came_short_or_with_more(pages, kind):
    """Each field is damaged on one of the pages that read it, the next field on another."""
    ways = enumerate(damage.each_way(by_kind(kind)))
    report(
        fault
        for number, (way, path) in ways
        for fault in pages.faults_of_damage(kind, number, way, path)
    )


@pytest.mark.explorer(
    stands_for="tests/agreements/test_pages_of_stored_texts.py"
    "::test_pages_show_texts_that_came_short_or_with_more"
)
@pytest.mark.parametrize("kind", KINDS)
def test_all_pages_show_texts_that_came_short_or_with_more(pages, kind):
    report(
        fault
        for way, path in damage.each_way(by_kind(kind))
        for fault in pages.faults_of_damage(kind, None, way, path)
    )


def test_all_pages_show_texts_that_say_nothing(pages):
    """Files of all rooms are read too."""
    with undone():
        for version in Version.objects.all():
            damage.store(version, {})
        faults = [pages.fault(address, expected=range(500)) for address in pages.read_by]
    report(filter(None, faults))
