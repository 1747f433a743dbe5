"""The register: every entry, the latest first, what is asked of it, and in words what was found."""

import datetime
from itertools import groupby

import html5lib
import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from agreements.models import Agreement, Answer, Version
from agreements.versions import events as drafts
from agreements.versions.signature import record_signature
from committee.register import reading as register
from conventions.models import Article
from ctg_portal.templatetags.french import de, long_date
from tests import factories as f
from tests.accounts.reading import english_in, text_of
from tests.agreements.factories import committee_of
from tests.committee.pages import count_queries
from tests.committee.register import scene
from tests.committee.register.scene import at, copies, entries_of_all_kinds, lines_of, url
from tests.stories import told_once

CONVENTION = f.ConventionFactory.build()

pytestmark = pytest.mark.django_db

AGREED = Answer.AGREED


@told_once
def committee(db):
    return committee_of(territory="Pays d’Exemple")


@pytest.fixture(autouse=True)
def _coordinator_is_logged_in(client, committee):
    client.force_login(committee.coordinator)


@told_once
def entries(committee):
    return entries_of_all_kinds(committee)


@pytest.fixture
def ask(client, committee):
    """The page of the register for what is asked: what it shows is checked, then returned."""

    def get(**asked):
        response = client.get(url(committee), asked)
        assert response.status_code == 200
        html = response.content.decode()
        html5lib.HTMLParser(strict=True).parse(html)
        assert english_in(text_of(html.partition("<main")[2])) == []
        return response

    return get


def hits(response) -> set[Agreement]:
    """The answers that are listed."""
    return {line.entry for line in lines_of(response) if line.entry}


def acts(response) -> list[str]:
    """What the coordination did to versions, as it is listed."""
    return [line.act.verb for line in lines_of(response) if line.act]


def title(response) -> str:
    html = response.content.decode()
    return text_of(html[html.index("<h1>") : html.index("</h1>")])


def rows(response) -> list[str]:
    """What each line says, with its day and its point."""
    entries_shown = []
    for part in response.content.decode().split('<h2 class="register-day">')[1:]:
        day = text_of(part.partition("</h2>")[0])
        for rest in part.split('<details class="fold register-point"')[1:]:
            group = rest.partition("</details>")[0].replace("<li ", "")
            of = text_of(group.partition('class="register-of">')[2])
            lines = group.partition('<p class="register-of"')[0].split('class="register-line">')[1:]
            entries_shown += [f"{day}, {text_of(line)} {of}".replace(" ,", ",") for line in lines]
    return entries_shown


def day(moment) -> str:
    return text_of(long_date(moment))


# What is listed ----------------------------------------------------------------------------------


def test_every_entry_is_there_by_day_then_by_point_the_latest_first(ask, entries):
    at(entries["awaited"], 2020, 1, 1)
    response = ask()
    listed = [line.entry for line in lines_of(response) if line.entry]
    assert len(listed) == Agreement.objects.count() == len(entries)
    assert listed[-1] == entries["awaited"]
    points = [line.version.pk for line in lines_of(response)][:-1]
    assert len([pk for pk, _same in groupby(points)]) == len(set(points))
    of_one_point = [entry.pk for entry in listed if entry.version_id == listed[0].version_id]
    assert len(of_one_point) > 1
    assert title(response) == "9 entrées au registre"


def test_line_tells_when_who_for_whom_what_and_on_which_version(ask, entries):
    entry = at(entries["asked"], 2024, 3, 1, 22, 59)
    [row] = rows(ask(mots="tot"))
    assert row == (
        "1er mars 2024, 23:59 ✎ Modification demandée Très tôt ! La Caf d’Exemple "
        f"{entry.person_name}, Directrice Objectif du comité – Ouvrir deux espaces, "
        f"version 1 du {day(timezone.now())}"
    )


def test_line_tells_the_capacity_of_then(ask, entries, committee):
    committee.caf_seat.capacity = "Ancienne directrice"
    committee.caf_seat.save()
    [row] = rows(ask(reponse="agreed", mots="trois"))
    member = committee.caf_seat.name
    assert f"Directeur adjoint, par délégation {de(member)} (Directrice)" in row
    assert "Ancienne" not in row


def test_line_tells_what_was_received_outside_the_portal(ask, entries, committee):
    [row] = rows(ask(reponse="agreed", mots="ludotheque"))
    today = day(timezone.now())
    assert f"recueilli hors portail le {today}, saisi par {committee.coordinator}, " in row
    [denial] = rows(ask(reponse="contested"))
    assert f"✎ Accord contesté l’accord saisi le {today} Jamais dit" in denial
    assert "saisi par" not in denial


def test_line_tells_where_the_deliberation_is_taken(ask, entries):
    [row] = rows(ask(reponse="deliberation"))
    assert "◷ Délibération attendue Conseil communautaire, 14 décembre 2024" in row


def test_an_avis_has_not_the_sign_of_an_agreement(ask, entries):
    response = ask(reponse="reserved")
    assert "❝ Avis réservé À chiffrer" in rows(response)[0]
    assert "light ok" not in response.content.decode()
    signs = {name: register.Line(entry).sign for name, entry in entries.items()}
    assert signs == {
        "asked": "change",
        "agreed": "ok",
        "avis": "opinion",
        "recorded": "change",  # and contested
        "contested": "change",
        "awaited": "deliberation",
    }


def test_who_proposed_and_who_withdrew_is_listed_with_the_reason(ask, committee):
    version = committee.proposed()
    drafts.withdraw_version(version, reason="Sans objet", by=committee.coordinator)
    response = ask()
    today, who = day(timezone.now()), f"{committee.coordinator}, coordination"
    point = f"Objectif du comité – Ouvrir deux espaces France Services, version 1 du {today}"
    listed = [row.partition(", ")[2][6:] for row in rows(response)]
    assert listed == [
        f"Version retirée Sans objet {who} {point}",
        f"Version proposée {who} {point}",
    ]
    assert title(response) == "2 entrées au registre"
    assert url(committee, "point", version.pk) in response.content.decode()


def test_acts_on_versions_are_filtered_like_answers(ask, entries, committee):
    first = entries["asked"].version
    drafts.withdraw_version(
        entries["awaited"].version, reason="Déjà fait", by=committee.coordinator
    )
    assert acts(ask()) == ["withdrawn", "proposed", "proposed", "proposed"]
    response = ask(reponse="withdrawn")
    assert (acts(response), hits(response)) == (["withdrawn"], set())
    assert title(response) == "1 version retirée au registre"
    assert acts(ask(mots="deja fait")) == ["withdrawn"]
    assert acts(ask(mots=str(committee.coordinator), reponse="proposed")) == ["proposed"] * 3
    assert acts(ask(point=first.pk)) == ["proposed", "proposed"]
    assert acts(ask(reponse="agreed")) == acts(ask(organisme=committee.caf.pk)) == []
    assert acts(ask(du="2199-01-01")) == []


def test_line_leads_to_the_entry_and_to_the_very_version(ask, entries, committee):
    entry = entries["asked"]
    html = ask(mots="tot").content.decode()
    assert f'href="{url(committee, "entry", entry.pk)}"' in html
    assert f'href="{url(committee, "point", entry.version_id)}"' in html


def test_the_register_shows_nothing_of_another_convention(ask, client, entries):
    other = committee_of()
    scene.answer(other.proposed("Ailleurs"), Answer.AGREED, other.caf_member)
    assert hits(ask()) == set(entries.values())
    stranger = client.get(url(other))
    assert stranger.status_code == 404
    html = ask(organisme=other.caf.pk).content.decode()
    assert "Sélectionnez un choix valide" in html
    assert "<tbody>" not in html
    foreign = ask(point=Version.objects.latest("pk").pk)
    assert title(foreign) == "Registre : la recherche est à corriger"
    assert "Ailleurs" not in foreign.content.decode()


def test_empty_register_says_what_will_be_there(ask):
    response = ask()
    assert title(response) == "Aucune entrée au registre"
    text = text_of(response.content.decode())
    assert "Voir les points à valider" in text
    assert "Enregistrer" not in text


def test_signed_texts_are_counted_at_the_foot_and_not_listed(ask, committee):
    assert "signature" not in text_of(ask().content.decode())
    since = f.AmendmentFactory(convention=committee.convention)
    for number in (1, 2):
        f.ArticleFactory(convention=committee.convention, since=since, number=number)
    record_signature(committee.convention)
    committee.in_force()  # agreed to by the committee: it is in the register, and not counted here
    response = ask()
    text = text_of(response.content.decode())
    count = Version.objects.of(committee.convention).signed().count()
    signed = day(committee.convention.signed_on)
    assert count >= 2
    assert (
        f"{count} textes sont validés par la signature du {signed}, "
        "entre la Caf d’Exemple et Exemple agglomération."
    ) in text
    assert title(response) == "3 entrées au registre"


# What is asked -----------------------------------------------------------------------------------


def test_filters_of_organisation_answer_and_words_hold_together(ask, entries, committee):
    assert hits(ask(organisme=committee.epci.pk)) == {entries["awaited"]}
    assert hits(ask(organisme=committee.caf.pk)) == set(entries.values()) - {entries["awaited"]}
    assert hits(ask(reponse="agreed")) == {entries["agreed"], entries["recorded"]}
    assert hits(ask(mots="LUDOTHEQUE")) == {
        entries[n] for n in ("recorded", "contested", "awaited")
    }
    assert hits(ask(mots="directeur delegation")) == {entries["agreed"]}
    assert hits(ask(mots="!!!")) == set()
    asked = {"organisme": committee.caf.pk, "reponse": "agreed", "mots": "ludotheque"}
    assert hits(ask(**asked)) == {entries["recorded"]}


def test_filtered_days_are_those_of_paris_both_included(ask, entries):
    Agreement.objects.update(created_at=timezone.now())
    before = at(entries["asked"], 2024, 2, 29, 22, 59, 59)
    first = at(entries["agreed"], 2024, 2, 29, 23, 0)
    last = at(entries["avis"], 2024, 3, 31, 21, 59, 59)
    after = at(entries["recorded"], 2024, 3, 31, 22, 0)
    assert hits(ask(du="2024-03-01", au="2024-03-31")) == {first, last}
    assert hits(ask(au="29/02/2024")) == {before}
    assert hits(ask(du="2024-04-01")) == set(entries.values()) - {before, first, last}
    assert after in hits(ask(du="2024-04-01", au="2024-04-01"))


def test_the_filter_of_a_point_finds_all_its_versions(ask, entries):
    ludotheque = {entries[n] for n in ("recorded", "contested", "awaited")}
    for name in ("asked", "agreed"):
        assert hits(ask(point=entries[name].version_id)) == set(entries.values()) - ludotheque
    response = ask(point=entries["asked"].version_id, reponse="agreed")
    assert title(response) == "1 accord sur « Ouvrir deux espaces »"
    assert 'type="hidden" name="point"' in response.content.decode().replace("\n", " ")


def test_nature_of_the_point_is_asked_once_there_are_several(ask, entries, committee):
    assert "nature" not in ask().context["filter"].form.fields
    article = f.ArticleFactory(convention=committee.convention, number=5)
    version = Version(
        convention=committee.convention, kind="article", number=1, state="proposed",
        origin="committee", title="Évaluation", proposed_at=timezone.now(), object_id=article.pk,
        content_type=ContentType.objects.get_for_model(Article),
    )  # fmt: skip
    version.write({"title": "Évaluation"})
    version.save()
    [entry] = copies(entries["agreed"], 1)
    Agreement.objects.filter(pk=entry.pk).update(version=version)
    choices = ask().context["filter"].form.fields["nature"].choices
    assert [label for _value, label in choices] == ["Toutes", "Article", "Objectif"]
    response = ask(nature="article")
    assert hits(response) == {entry}
    assert title(response) == "1 entrée (article)"
    assert "Article 5 – Évaluation" in rows(response)[0]


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"du": "hier"}, "Saisissez une date valide."),
        ({"du": "2024-03-02", "au": "2024-03-01"}, "La fin de la période précède son début."),
        ({"au": "9999-12-31"}, "Indiquez une date entre 1900 et 2199."),
        ({"du": "0001-01-01"}, "Indiquez une date entre 1900 et 2199."),
        ({"organisme": "999999"}, "Sélectionnez un choix valide."),
        ({"organisme": "9" * 30}, "Sélectionnez un choix valide."),
        ({"point": "x"}, "Sélectionnez un choix valide."),
        ({"reponse": "yes"}, "Sélectionnez un choix valide."),
        ({"mots": "a" * 201}, "au plus 200 caractères"),
    ],
)
def test_a_filter_that_makes_no_sense_is_named_and_finds_nothing(ask, entries, asked, reason):
    response = ask(**asked)
    assert title(response) == "Registre : la recherche est à corriger"
    assert hits(response) == set()
    assert reason in text_of(response.content.decode()).replace("'", "’")


def test_characters_that_nobody_types_are_passed_over(ask, entries):
    assert hits(ask(mots="ludo\0theque", page="\0")) == hits(ask(mots="ludotheque"))


def test_fields_left_empty_ask_for_nothing(ask, entries):
    empty = dict.fromkeys(["mots", "organisme", "reponse", "du", "au", "point"], "")
    response = ask(**empty, autre="x")
    assert title(response) == "9 entrées au registre"
    assert "Tout le registre" not in text_of(response.content.decode())


# What is found, in words -------------------------------------------------------------------------


class TestTitle:
    MARCH, APRIL = datetime.date(2024, 3, 1), datetime.date(2024, 4, 15)

    @pytest.mark.parametrize(
        ("count", "asked", "expected"),
        [
            (0, {}, "Aucune entrée au registre"),
            (1, {}, "1 entrée au registre"),
            (1280, {}, "1 280 entrées au registre"),
            (0, {"reponse": AGREED}, "Aucun accord au registre"),
            (2, {"reponse": "change_requested"}, "2 demandes de modification au registre"),
            (3, {"du": MARCH}, "3 entrées depuis le 1er mars 2024"),
            (3, {"au": APRIL}, "3 entrées jusqu’au 15 avril 2024"),
            (3, {"du": MARCH, "au": APRIL}, "3 entrées du 1er mars 2024 au 15 avril 2024"),
            (1, {"du": MARCH, "au": MARCH}, "1 entrée le 1er mars 2024"),
            (1, {"mots": "accueil"}, "1 entrée avec « accueil »"),
            (4, {"nature": "objective", "du": MARCH},
             "4 entrées (objectif) depuis le 1er mars 2024"),
        ],
    )  # fmt: skip
    def test_title_says_what_was_found(self, count, asked, expected):
        words = register.title_of(count, asked, CONVENTION)
        assert words.replace("\u00a0", " ").replace("\u202f", " ") == expected

    def test_title_names_the_organisation_as_people_do(self):
        caf = f.OrganisationFactory(name="Caisse d'allocations familiales de la Vienne")
        words = register.title_of(3, {"organisme": caf, "du": self.MARCH}, CONVENTION)
        assert words.replace("\u00a0", " ") == (
            "3 réponses de la Caf de la Vienne depuis le 1er mars 2024"
        )

    @pytest.mark.parametrize("answer", [*Answer.values, *register.ACTS])
    def test_title_has_words_for_every_answer(self, answer):
        singular, plural = register.CALLED[answer][0].split(",")
        assert register.title_of(1, {"reponse": answer}, CONVENTION).endswith(
            f"{singular} au registre"
        )
        assert register.title_of(2, {"reponse": answer}, CONVENTION).endswith(
            f"{plural} au registre"
        )
        assert answer in register.DONE | register.ACTS


# Many --------------------------------------------------------------------------------------------


def test_twenty_five_on_a_page_and_the_rest_on_the_next(ask, entries):
    copies(entries["asked"], 25)
    asked = {"reponse": "change_requested"}
    first, second = ask(**asked), ask(**asked, page=2)
    assert (len(hits(first)), len(hits(second))) == (25, 1)
    assert not hits(first) & hits(second)
    assert title(second) == title(first) == "26 demandes de modification au registre"
    assert 'href="?reponse=change_requested&amp;page=2"' in first.content.decode()
    assert "Page 2 sur 2" in text_of(second.content.decode())


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "99999999999999999999"])
def test_page_that_does_not_exist_shows_one_that_does(ask, entries, page):
    assert hits(ask(page=page)) == set(entries.values())


@pytest.mark.parametrize("asked", [{}, {"mots": "espaces"}, {"reponse": "agreed"}])
def test_the_register_asks_as_many_queries_for_many_points_as_for_one(client, committee, asked):
    committee.agree(committee.proposed(), committee.caf_member)
    few = count_queries(client.get, url(committee), asked)
    for n in range(12):
        committee.agree(committee.proposed(f"Ouvrir {n} espaces"), committee.caf_member)
    assert count_queries(client.get, url(committee), asked) == few


def test_a_page_of_answers_alone_costs_what_one_with_acts_does(client, committee, monkeypatch):
    committee.agree(committee.proposed(), committee.caf_member)
    both = count_queries(client.get, url(committee))
    monkeypatch.setattr("committee.register.views.ON_A_PAGE", 1)
    assert count_queries(client.get, url(committee)) == both


def test_list_reads_no_text_of_a_version(ask, entries):
    response = ask()
    for line in lines_of(response):
        assert "text" in line.version.get_deferred_fields()
