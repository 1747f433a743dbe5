"""Documents kept as evidence: stored once, handed out, never changed nor deleted."""

import hashlib
import re
import stat
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import IntegrityError
from django.utils import timezone

from documents.downloads import serve_stored_file
from documents.stored_files import StoredFile, format_size, store
from tests.documents.files import PDF, SAMPLES
from tests.factories import UserFactory


@pytest.fixture
def user(db):
    return UserFactory()


@pytest.fixture
def stored(user):
    return store(SimpleUploadedFile("Délibération n°\u00a04.pdf", PDF, "text/html"), by=user)


class TestStoring:
    def test_a_stored_file_has_name_size_digest_and_author(self, stored, user, settings):
        stored = StoredFile.objects.get(pk=stored.pk)
        assert stored.name == "Délibération n° 4.pdf"
        assert str(stored) == f"document {stored.sha256[:8]}"
        assert stored.content_type == "application/pdf"
        assert stored.size == len(PDF)
        assert stored.sha256 == hashlib.sha256(PDF).hexdigest()
        assert stored.uploaded_by == user
        assert abs((timezone.now() - stored.uploaded_at).total_seconds()) < 60
        assert Path(stored.file.path).read_bytes() == PDF
        assert Path(settings.MEDIA_ROOT) in Path(stored.file.path).parents

    def test_a_file_is_stored_under_a_name_that_tells_nothing(self, stored, user):
        year = timezone.localdate().year
        assert re.fullmatch(rf"documents/{year}/[0-9a-f]{{40}}", stored.file.name)
        again = store(SimpleUploadedFile("Délibération n°\u00a04.pdf", PDF), by=user)
        assert again.file.name != stored.file.name
        assert stat.S_IMODE(Path(stored.file.path).stat().st_mode) & 0o111 == 0

    @pytest.mark.parametrize("name", SAMPLES)
    def test_a_file_of_every_kind_is_stored(self, name, user):
        stored = store(SimpleUploadedFile(name, SAMPLES[name]), by=user)
        stored_bytes = Path(stored.file.path).read_bytes()
        assert stored.sha256 == hashlib.sha256(stored_bytes).hexdigest()
        if not stored.content_type.startswith("image/"):  # those are redrawn: test_pictures
            assert stored_bytes == SAMPLES[name]

    def test_a_file_that_the_portal_made_is_stored(self, user):
        assert store(ContentFile(PDF, name="relevé.pdf"), by=user).name == "relevé.pdf"

    def test_an_upload_kept_on_the_disk_is_stored(self, user):
        upload = TemporaryUploadedFile("a.pdf", "", 0, None)
        upload.write(PDF)
        upload.size = upload.tell()
        upload.file.flush()
        stored = store(upload, by=user)
        upload.close()  # as the end of a request does
        assert Path(stored.file.path).read_bytes() == PDF

    @pytest.mark.parametrize(
        ("name", "content", "code"),
        [("a.pdf", b"", "empty"), ("a.pdf", b"x", "content"), ("a.exe", PDF, "extension"),
         ("a.pdf", PDF + b" " * 10 * 1024 * 1024, "too_large")],
        ids=["empty", "content", "extension", "size"],
    )  # fmt: skip
    def test_a_file_that_the_form_refuses_is_not_stored(self, name, content, code, user, settings):
        with pytest.raises(ValidationError) as caught:
            store(SimpleUploadedFile(name, content), by=user)
        assert caught.value.code == code
        assert not StoredFile.objects.exists()
        assert not Path(settings.MEDIA_ROOT).exists()

    @pytest.mark.parametrize("name", ["x" * 400 + ".pdf", "../../a\0b\n.pdf", "\u202eфайл.pdf"])
    def test_a_file_with_an_odd_name_is_stored(self, name, user):
        stored = store(ContentFile(PDF, name=name), by=user)
        stored.full_clean()
        assert stored.name.endswith(".pdf")
        assert stored.file.name.startswith("documents/")


class TestTold:
    @pytest.mark.parametrize(
        ("name", "kind"),
        [("délibération.pdf", "PDF"), ("photo.jpeg", "image JPEG"), ("accord.eml", "courriel"),
         ("avis.docx", "document Word"), ("chiffres.ods", "tableur OpenDocument"),
         ("bilan.pptx", "présentation PowerPoint")],
    )  # fmt: skip
    def test_a_stored_file_says_its_kind_and_size(self, name, kind, user):
        stored = store(SimpleUploadedFile(name, SAMPLES[name]), by=user)
        assert StoredFile.objects.get(pk=stored.pk).kind_and_size == f"{kind}, 1\u00a0Ko"

    def test_a_kind_that_is_no_longer_accepted_is_called_document(self):
        assert (
            StoredFile(content_type="image/gif", size=2_000_000).kind_and_size
            == "document, 1,9\u00a0Mo"
        )

    @pytest.mark.parametrize(
        ("size", "expected"),
        [(1, "1 Ko"), (1500, "1 Ko"), (230_000, "225 Ko"), (1_048_063, "1023 Ko"),
         (1_048_064, "1 Mo"), (1_258_291, "1,2 Mo"), (10 * 1024 * 1024, "10 Mo")],
    )  # fmt: skip
    def test_a_size_is_written_in_french_units(self, size, expected):
        assert format_size(size) == expected.replace(" ", "\u00a0")


class TestForEver:
    def test_a_stored_file_never_changes(self, stored):
        stored.name = "autre.pdf"
        with pytest.raises(TypeError):
            stored.save()
        with pytest.raises(TypeError):
            StoredFile.objects.update(name="autre.pdf")
        with pytest.raises(TypeError):
            StoredFile.objects.bulk_update([stored], ["name"])

    def test_a_stored_file_is_never_deleted(self, stored):
        with pytest.raises(TypeError):
            stored.delete()
        with pytest.raises(TypeError):
            StoredFile.objects.all().delete()
        assert Path(stored.file.path).exists()

    @pytest.mark.parametrize(
        ("field", "value"),
        [("size", 0), ("size", 10 * 1024 * 1024 + 1), ("sha256", ""), ("sha256", "F" * 64)],
    )
    def test_the_database_refuses_what_is_no_evidence(self, field, value, user):
        fields = {"file": "documents/2024/x", "size": 1, "sha256": "0" * 64, "uploaded_by": user}
        with pytest.raises(IntegrityError):
            StoredFile.objects.create(**fields | {field: value})


class TestDownload:
    def test_a_stored_file_is_handed_out_to_be_saved(self, stored):
        response = serve_stored_file(StoredFile.objects.get())
        assert response.content == PDF
        assert response.headers == {
            "Content-Type": "application/pdf",
            "Content-Disposition": "attachment; "
            "filename*=utf-8''D%C3%A9lib%C3%A9ration%20n%C2%B0%204.pdf",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        }

    @pytest.mark.parametrize("name", SAMPLES)
    def test_every_kind_is_saved_not_opened(self, name, user):
        response = serve_stored_file(store(SimpleUploadedFile(name, SAMPLES[name]), by=user))
        assert response["Content-Disposition"].startswith("attachment; ")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "html" not in response["Content-Type"]

    def test_a_stored_file_is_served_twice(self, stored):
        assert serve_stored_file(stored).content == serve_stored_file(stored).content == PDF

    @pytest.mark.parametrize(
        ("name", "header"),
        [("avis.pdf", 'attachment; filename="avis.pdf"'),
         ("avis\r\nX: y.pdf", 'attachment; filename="avisX_ y.pdf"'),
         ("l’avis; x=1.pdf", "attachment; filename*=utf-8''l%E2%80%99avis%3B%20x%3D1.pdf")],
    )  # fmt: skip
    def test_the_name_of_a_download_is_safe_in_its_header(self, name, header, user):
        stored = store(ContentFile(PDF, name=name), by=user)
        assert serve_stored_file(stored)["Content-Disposition"] == header
