"""« Mes données »: all that is kept on a person, given to them and to nobody else."""

import io
import json
import zipfile

import html5lib

from accounts.my_data import personal_parts
from tests import factories as f
from tests.accounts.reading import english_in, read, text_of
from tests.personas import build_scene

URL = "/compte/mes-donnees/"


def opened(response) -> dict[str, str]:
    """The files of the archive, by name."""
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_person_receives_a_page_and_the_same_for_machines(confirmed, user):
    f.MembershipFactory(user=user, organisation__name="Caf de la Vienne")
    assert "Un fichier ZIP" in read(confirmed.get(URL))
    response = confirmed.post(URL)
    assert response["Content-Type"] == "application/zip"
    assert 'filename="mes-donnees-20' in response["Content-Disposition"]
    files = opened(response)
    page = files["mes-donnees.html"]
    html5lib.HTMLParser(strict=True).parse(page)
    assert english_in(text_of(page)) == []
    assert "Caf de la Vienne" in page
    plain = json.loads(files["mes-donnees.json"])
    assert plain["Votre compte"][0]["adresse électronique"] == user.email
    assert plain["Vos accès"][0]["organisme"] == "Caf de la Vienne"
    assert plain["Vos accès"][0]["rôle"] == "contribution"


def test_whoever_finds_the_session_open_is_asked_who_they_are(logged_in, monkeypatch):
    monkeypatch.setattr("accounts.identity.did_recently_reauthenticate", lambda request: False)
    assert logged_in.post(URL).url.startswith("/compte/confirmer-identite/")


def test_my_data_are_handed_out_five_times_at_most_in_a_row(confirmed):
    for _ in range(5):
        assert confirmed.post(URL).status_code == 200
    read(confirmed.post(URL), status=429)


def test_my_data_hold_what_was_done_in_every_room_but_no_figure(db, django_assert_max_num_queries):
    scene = build_scene()
    contributor = scene.people["contributor"]
    value = scene.evaluation.value
    type(value).objects.filter(pk=value.pk).update(entered_by=contributor)
    with django_assert_max_num_queries(126):
        parts = {part.title: part for part in personal_parts(contributor)}
    assert "Vos accès" in parts
    table = parts["Les données que vous avez saisies"]
    assert value.campaign_indicator.indicator.title in {row[0] for row in table.rows}
    assert "valeur" not in table.labels
    assert personal_parts(f.UserFactory()) != []
