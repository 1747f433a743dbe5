"""A file is fetched where the server may, from its publisher alone; the command tells all."""

import io
from urllib.error import HTTPError, URLError
from urllib.request import Request

import pytest
from django.core.management import CommandError, call_command

from ctg_portal.rules import Refused
from indicators.models import Release
from indicators.statistics import fetching
from indicators.statistics.fetching import _SameHost, fetch
from indicators.statistics.source import sources
from tests.indicators.statistics.published import cnaf

pytestmark = pytest.mark.postgresql

CNAF = sources()["cnaf_allocataires"]


class Publisher:
    """Answers with ``content``, or raises it."""

    def __init__(self, content):
        self.content, self.asked = content, []

    def open(self, request, timeout):
        self.asked.append((request.full_url, timeout))
        if isinstance(self.content, Exception):
            raise self.content
        return io.BytesIO(self.content)


@pytest.fixture
def allowed(settings):
    settings.STATISTICS_FETCH = True


def test_nothing_is_fetched_unless_it_is_allowed(settings):
    assert settings.STATISTICS_FETCH is False
    publisher = Publisher(b"x")
    with pytest.raises(Refused, match="STATISTICS_FETCH"):
        fetch(CNAF, 2024, opener=publisher)
    assert publisher.asked == []


@pytest.mark.usefixtures("allowed")
def test_a_file_comes_from_the_address_of_its_source():
    publisher = Publisher(b"a;b")
    assert fetch(CNAF, 2024, opener=publisher) == b"a;b"
    [(address, timeout)] = publisher.asked
    assert address.startswith("https://data.caf.fr/api/explore/v2.1/catalog/datasets/s_ben_com_f/")
    assert address.endswith("%2Cindfoy_cmg")
    assert timeout == fetching.TIMEOUT


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (HTTPError("https://data.caf.fr", 404, "", None, None), "répond 404"),
        (URLError("no route"), "ne répond pas"),
        (TimeoutError(), "ne répond pas"),
    ],
)
def test_a_failed_fetch_is_refused_in_french(answer, expected):
    with pytest.raises(Refused, match=expected):
        fetch(CNAF, 2024, opener=Publisher(answer))


@pytest.mark.usefixtures("allowed")
def test_a_file_that_does_not_end_is_left(monkeypatch):
    monkeypatch.setattr(fetching, "MAX_SIZE", 10)
    with pytest.raises(Refused, match="dépasse"):
        fetch(CNAF, 2024, opener=Publisher(b"x" * 11))
    monkeypatch.setattr(fetching, "LONGEST", -1)
    with pytest.raises(Refused, match="cinq minutes"):
        fetch(CNAF, 2024, opener=Publisher(b"x"))


@pytest.mark.usefixtures("allowed")
def test_a_source_without_an_address_says_where_its_file_is():
    with pytest.raises(Refused, match=r"catalogue-donnees\.insee\.fr"):
        fetch(sources()["insee_filosofi"], 2022, opener=Publisher(b"x"))


@pytest.mark.parametrize("address", ["http://data.caf.fr/x", "https://elsewhere.example/x"])
def test_a_redirection_elsewhere_is_not_followed(address):
    request = Request("https://data.caf.fr/a")
    with pytest.raises(Refused, match="une autre adresse"):
        _SameHost("data.caf.fr").redirect_request(request, None, 302, "", {}, address)
    redirected = _SameHost("data.caf.fr").redirect_request(
        request, None, 302, "", {}, "https://data.caf.fr/b"
    )
    assert redirected.full_url == "https://data.caf.fr/b"


# The command --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_command_loads_for_all_and_prints_the_difference(tmp_path, capsys):
    file = tmp_path / "s_ben_com_f.csv"
    file.write_bytes(cnaf({"86066": 4200, "": 15}))
    call_command("fetch_statistics", CNAF.key, 2024, file=file)
    printed = capsys.readouterr().out
    assert "10\xa0chiffres de 2024." in printed
    assert "1\xa0ligne d’aucun lieu, de côté." in printed
    assert "Édition 1 : en usage." in printed
    file.write_bytes(cnaf({"86066": 4300}))
    call_command("fetch_statistics", CNAF.key, 2024, file=file)
    printed = capsys.readouterr().out
    assert "86066 – Foyers allocataires : 4\u202f200, puis 4\u202f300" in printed
    assert "Édition 2 : à comparer." in printed
    assert Release.objects.get(number=1).convention is None


@pytest.mark.django_db
def test_the_command_adopts_the_release_on_request(tmp_path, capsys):
    file = tmp_path / "s_ben_com_f.csv"
    for first in (4200, 4300):
        file.write_bytes(cnaf({"86066": first}))
        call_command("fetch_statistics", CNAF.key, 2024, file=file, adopt=True)
    assert "Édition 2 : en usage." in capsys.readouterr().out


@pytest.mark.django_db
def test_a_release_that_was_looked_at_is_adopted_by_the_same_command(tmp_path, capsys):
    file = tmp_path / "s_ben_com_f.csv"
    for first in (4200, 4300):
        file.write_bytes(cnaf({"86066": first}))
        call_command("fetch_statistics", CNAF.key, 2024, file=file)
    assert "Édition 2 : à comparer." in capsys.readouterr().out
    call_command("fetch_statistics", CNAF.key, 2024, file=file, adopt=True)
    assert "Édition 2 : en usage." in capsys.readouterr().out
    assert Release.objects.count() == 2


@pytest.mark.django_db
def test_the_command_tells_what_is_refused(tmp_path):
    with pytest.raises(CommandError, match="ne se lit pas"):
        call_command("fetch_statistics", CNAF.key, 2024, file=tmp_path / "none.csv")
    with pytest.raises(CommandError, match="STATISTICS_FETCH"):
        call_command("fetch_statistics", CNAF.key, 2024)
    file = tmp_path / "x.csv"
    file.write_text("a;b\n")
    with pytest.raises(CommandError, match="Il manque les colonnes"):
        call_command("fetch_statistics", CNAF.key, 2024, file=file)
