"""A plan that was brought is kept, undone, left; as if it had been written on the pages."""

import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.files.coming_in.importing import ImportOfPlan
from actions.files.export import export_plan
from actions.follow_up import parts
from actions.follow_up.events import follow_up
from actions.models import Action, JournalEntry, Lead
from actions.plan.events import add_action, canonical_content
from agreements.models import Version, VersionTransition
from agreements.versions.endings import draft_ending
from agreements.versions.events import propose, save_draft
from conventions.models import Convention
from ctg_portal.rules import Refused
from documents.drawing.composition import compose
from notifications.models import Notice
from spreadsheets.importing import events
from spreadsheets.importing.reading import preview_of
from spreadsheets.models import Answer, Import
from tests.actions.factories import (
    action_in_force,
    agreed_again,
    draft_action,
    in_state,
    noted,
    spent,
    with_milestones,
)
from tests.actions.files.coming_in.office import bring, content_of, keep
from tests.agreements.factories import WHY
from tests.factories import MembershipFactory
from tests.indicators.values.files.office import plain, wrong
from tests.spreadsheets.files import xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
HEAD = ["Thématique", "Action", "Pilote", "Public", "État"]
NEW = ["Petite enfance", "Créer un relais", "CCAS", "Familles", None]


def changing(office, **others):
    """A new action, and one that is in force of which two things change."""
    return [
        HEAD,
        NEW,
        [None, office.action.title, None, "Tous les parents", "en cours"],
    ]


# What the portal writes comes back unchanged ------------------------------------------------------


def complete_plan(office):
    """Write a plan in which everything is filled in."""
    committee, action = office.committee, office.action
    with_milestones(
        action, ("Recrutement", datetime.date(2021, 3, 1), datetime.date(2021, 2, 1)),
        ("Ouverture", datetime.date(2022, 3, 1), None, 3),
    )  # fmt: skip
    noted(action, 2021, "Deux ateliers.\n\n- un\n- deux", brakes="Le froid", prospects="L’été")
    spent(action, {action.fundings.get().pk: ("12000.50", "900")})
    in_state(action, "blocked", reason="Local fermé", progress=40)
    communes = list(committee.convention.communes.all())[:2]
    rich = action_in_force(
        committee,
        title="Former les « assistantes » : où, quand ?",
        is_whole_territory=False, communes=communes,
        other_themes=[office.themes["Jeunesse"], office.themes["Animation de la vie sociale"]],
        means=[{"organisation": committee.caf, "fte": "0.5", "note": "animation"}],
        plans=["Contrat de ville", "SDSF"], elected_referent="Mme Roy, adjointe",
        partners=[committee.epci, committee.caf], other_partners="mairies, écoles",
        is_continuous=True, ends_on=None, priority="high", is_innovative=True,
        diagnosis="- un\n- deux", description="=1+1 n’est pas une formule",
    )  # fmt: skip
    agreed_again(committee, rich, audience="Toutes")
    draft_action(committee, title="Un brouillon")
    save_draft(action, Version.objects.about(action).get().content | {"audience": "X"},
               by=committee.coordinator)  # fmt: skip


@pytest.mark.parametrize("extension", ["xlsx", "csv"])
@pytest.mark.parametrize("user", ["coordinator", None])
def test_what_the_portal_writes_comes_back_whole_as_unchanged(office, extension, user):
    complete_plan(office)
    actions = list(Action.objects.of(office.convention).in_reading_order())
    content = export_plan(office.convention, actions, timezone.localdate(), extension)
    preview = office.read(f"plan.{extension}", content, user)
    assert wrong(preview) == {}
    assert preview.open_questions == []
    assert {line.after for line in preview.to_keep} == set()
    assert len(preview.unchanged) == 3


# Kept, undone -------------------------------------------------------------------------------------


def test_new_ones_are_drafts_and_the_follow_up_is_told_at_once(office):
    row = bring(office, office.coordinator, *changing(office))
    keep(row, office.coordinator)
    assert (row.state, row.counts["new"], row.counts["changed"]) == ("applied", 1, 1)
    new, action = office.actions()["Créer un relais"], office.actions()[office.action.title]
    assert (new.standing, new.number, str(new.leads.get().organisation)) == (
        "draft", "2.1.2", "CCAS",
    )  # fmt: skip
    assert (action.state, action.audience) == ("in_progress", office.action.audience)
    drafts = Version.objects.drafts()
    assert {one.author for one in drafts} == {office.coordinator}
    assert drafts.get(object_id=action.pk).content["audience"] == "Tous les parents"
    propose(drafts.get(object_id=action.pk), by=office.coordinator, after_term=WHY)


def test_the_same_file_twice_changes_nothing(office):
    keep(bring(office, office.coordinator, *changing(office)), office.coordinator)
    preview = preview_of(bring(office, office.coordinator, *changing(office)), office.coordinator)
    assert (preview.to_keep, len(preview.unchanged)) == ([], 2)


def test_one_goes_on_from_an_import_with_its_own_drafts_ticked(office):
    def bring_new(title):
        row = bring(office, office.coordinator, ["Thématique", "Action"], ["Petite enfance", title])
        keep(row, office.coordinator, is_partial=True)
        return row

    first, second = bring_new("Ouvrir une crèche"), bring_new("Ouvrir un relais")
    page = reverse("committee:propose_drafts", args=[office.scope])
    for row, title in ((first, "Ouvrir une crèche"), (second, "Ouvrir un relais")):
        draft = Version.objects.drafts().get(title=title)
        onward = ImportOfPlan().onward(row, office.coordinator)
        address = f"{page}?nature=action&points={draft.pk}"
        assert onward == (address, "Proposer cette action")
    agent = MembershipFactory(organisation=office.committee.caf).user
    plan = reverse("actions:plan", args=[office.scope])
    drafts = (f"{plan}?accord=brouillon", "Voir les brouillons")
    assert ImportOfPlan().onward(first, agent) == drafts
    propose(Version.objects.drafts().get(title="Ouvrir une crèche"), by=office.coordinator)
    assert ImportOfPlan().onward(first, office.coordinator) == drafts


def test_an_import_is_undone_whole(office):
    in_state(office.action, "paused", reason="Travaux")
    before = parts.STATE.read(Action.objects.get())
    row = bring(office, office.coordinator, *changing(office))
    keep(row, office.coordinator)
    assert events.undo(row, by=office.coordinator) == (2, [])
    assert list(office.actions()) == [office.action.title]
    assert not Version.objects.drafts().exists()
    assert parts.STATE.read(Action.objects.get()) == before


def test_what_had_never_been_told_is_so_again(office):
    row = bring(office, office.coordinator, ["Action", "État"], [office.action.title, "en cours"])
    keep(row, office.coordinator)
    assert events.undo(row, by=office.coordinator) == (1, [])
    action = Action.objects.get()
    assert (action.state, action.state_on) == ("to_come", None)
    assert action.journal.count() == 2


def test_what_was_built_on_stays(office):
    rows = [HEAD, NEW, ["Petite enfance", "Une autre", "Caf", None, None],
            [None, office.action.title, None, "Tous", "en cours"]]  # fmt: skip
    row = bring(office, office.coordinator, *rows)
    keep(row, office.coordinator)
    relay = Version.objects.drafts().get(title="Créer un relais")
    save_draft(relay.subject, relay.content | {"audience": "Autre"}, by=office.coordinator)
    action = office.actions()[office.action.title]
    in_state(action, "done", by=office.coordinator)
    count, left = events.undo(row, by=office.coordinator)
    assert count == 1
    assert [plain(text).partition(" : ")[2] for text in left] == [
        "Ce brouillon a été repris depuis.",
        "Son suivi a été repris depuis.",
    ]
    assert "Une autre" not in office.actions()


def test_a_proposed_draft_is_not_undone(office):
    row = bring(office, office.coordinator, ["Action", "Public"], [office.action.title, "Tous"])
    keep(row, office.coordinator)
    propose(Version.objects.drafts().get(), by=office.coordinator, after_term=WHY)
    with pytest.raises(Refused, match="a été proposé"):
        events.undo(row, by=office.coordinator)


def test_an_earlier_draft_of_ones_own_comes_back(office):
    content = Version.objects.about(office.action).get().content
    save_draft(office.action, content | {"audience": "Avant"}, note="Parce que",
               by=office.coordinator)  # fmt: skip
    row = bring(office, office.coordinator, ["Action", "Public"], [office.action.title, "Tous"])
    keep(row, office.coordinator)
    draft = Version.objects.drafts().get()
    assert (draft.content["audience"], draft.note) == ("Tous", "Parce que")
    events.undo(row, by=office.coordinator)
    draft = Version.objects.drafts().get()
    assert (draft.content["audience"], draft.note) == ("Avant", "Parce que")


def test_an_empty_cell_erases_nothing_and_effacer_does(office):
    head = ["Action", "Public", "Pilote", "Fin", "Bilan 2021"]
    noted(office.action, 2021)
    row = [office.action.title, None, None, None, None]
    assert office.read("a.xlsx", xlsx(head, row)).unchanged
    row = [office.action.title, *["effacer"] * 4]
    preview = office.read("a.xlsx", xlsx(head, row))
    [content] = content_of(preview).values()
    assert (content["audience"], content["leads"], content["ends_on"]) == ("", [], None)
    office.keep(preview)
    assert not office.actions()[office.action.title].notes.exists()


def test_who_comes_second_looks_again(office):
    row = bring(office, office.coordinator, ["Action", "État"], [office.action.title, "en cours"])
    digest = preview_of(row, office.coordinator).digest
    in_state(office.action, "done")
    application = events.ask_to_apply(row, digest=digest, is_partial=False, by=office.coordinator)
    compose(application)
    assert "a changé depuis cet aperçu" in application.transitions.last().reason


def test_answers_are_remembered_for_the_next_file(office):
    rows = [["Thématique", "Action", "Pilote"], ["Petite enfance", "Une", "La Ruche"]]
    row = bring(office, office.coordinator, *rows)
    [question] = preview_of(row, office.coordinator).open_questions
    events.answer(row, {question.key: str(office.committee.caf.pk)}, by=office.coordinator)
    again = bring(office, office.coordinator, *rows)
    assert preview_of(again, office.coordinator).is_whole
    assert Answer.objects.get().adapter == "actions.plan"


# Rights -------------------------------------------------------------------------------------------


def test_a_lead_tells_the_follow_up_and_writes_nothing_that_is_agreed(office):
    agent = MembershipFactory(organisation=office.committee.caf).user
    preview = office.read("a.xlsx", xlsx(["Action", "État"], [office.action.title, "fait"]), agent)
    office.keep(preview, agent)
    assert office.actions()[office.action.title].state == "done"
    preview = office.read("b.xlsx", xlsx(*(row[:4] for row in changing(office))), agent)
    assert [text.partition(" : ")[0] for text in wrong(preview).values()] == [
        "Ce qui est convenu d’une action est rédigé par la coordination"
    ] * 2


def test_who_leads_nothing_brings_no_file(office):
    other = MembershipFactory(organisation=office.committee.epci).user
    with pytest.raises(Refused, match="par la coordination, ou par qui pilote"):
        bring(office, other, *changing(office))
    with pytest.raises(Refused, match="n’existe plus pour vous"):
        bring(office, MembershipFactory().user, *changing(office))


def test_no_file_makes_of_a_withdrawal_something_else(office):
    draft_ending(office.action, note="Parce que", by=office.coordinator)
    preview = office.read("a.xlsx", xlsx(["Action", "Public"], [office.action.title, "Tous"]))
    assert "Votre brouillon retire cette action" in wrong(preview)["Feuille!A2"]
    assert preview.to_keep == []


def test_a_withdrawn_action_does_not_change(office):
    Action.objects.update(standing="withdrawn")
    preview = office.read("a.xlsx", xlsx(["Action", "Public"], [office.action.title, "Tous"]))
    assert "est retirée du plan" in wrong(preview)["Feuille!A2"]


# The same as by hand ------------------------------------------------------------------------------

AUDIENCES = st.sampled_from([None, "Familles", "Jeunes", "effacer"])
STATES = st.sampled_from([None, "en cours", "fait", "à venir"])
CODES = {"en cours": "in_progress", "fait": "done", "à venir": "to_come"}


def by_hand(office, title, audience, state, by) -> None:
    """What somebody would write on the pages for a line; nothing, where one of it is refused."""
    action = office.actions().get(title)
    wanted = "" if audience == "effacer" else audience
    if action is None:
        content = canonical_content(
            {"title": title, "theme": office.themes["Petite enfance"], "audience": wanted or ""}
        )
        add_action(office.convention, content, by=by)
        return
    content = parts.STATE.read(action)
    if state and action.is_agreed and CODES[state] != action.state:
        today = timezone.localdate()
        content |= {"state": CODES[state], "state_on": today.isoformat()}
        if state == "fait":
            content |= {"stated_progress": 100, "stated_on": today.isoformat()}
        if list(parts.STATE.faults(action, content, today)):
            return
    own = Version.objects.about(action).drafts().filter(author=by).first()
    source = own or Version.objects.about(action).live().first()
    current = source.content["audience"] if source else action.audience
    if wanted is not None and wanted not in (current, action.audience or None):
        save_draft(action, source.content | {"audience": wanted}, by=by)
    if action.is_agreed:
        follow_up(action, parts.STATE, content, by=by)


def left_by(model, *left) -> list[dict]:
    left = {"id", "created_at", "saved_at", "object_id", "subject_id", "action_id", "version_id",
            "revision", *left}  # fmt: skip
    rows = model.objects.order_by("pk").values()
    return [{name: held for name, held in row.items() if name not in left} for row in rows]


def all_left(office) -> list:
    return [left_by(model) for model in (Action, Version, VersionTransition, JournalEntry, Notice)]


@pytest.mark.long
@given(
    rounds=st.lists(
        st.dictionaries(
            st.sampled_from(["Ouvrir un lieu d’accueil enfants-parents", "Une", "Deux"]),
            st.tuples(AUDIENCES, STATES), min_size=1,
        ),
        min_size=1, max_size=3,
    )
)  # fmt: skip
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_an_import_leaves_what_is_left_by_hand(office, rounds):
    by, left = office.coordinator, []
    for way in ("hand", "file"):
        point = transaction.savepoint()
        for lines in rounds:
            if way == "hand":
                for title, cells in lines.items():
                    by_hand(office, title, *cells, by)
            else:
                rows = [["Thématique", "Action", "Public", "État"]]
                rows += [["Petite enfance", title, *cells] for title, cells in lines.items()]
                row = bring(office, by, *rows)
                events.apply_lines(row, preview_of(row, by).to_keep, by=by)
        left.append(all_left(office))
        transaction.savepoint_rollback(point)
    assert left[1] == left[0]


def test_a_preview_asks_as_many_queries_for_many_lines(office, django_assert_max_num_queries):
    def queries(count) -> int:
        lines = [["Petite enfance", f"Action {n} de la liste", "Caf"] for n in range(count)]
        row = bring(office, office.coordinator, ["Thématique", "Action", "Pilote"], *lines)
        with django_assert_max_num_queries(80) as asked:
            assert len(preview_of(row, office.coordinator).new) == count
        return len(asked)

    assert queries(1) == queries(40)


def test_a_preview_of_known_actions_asks_few_queries(office, django_assert_max_num_queries):
    def queries(count) -> int:
        made = Action.objects.of(office.convention).agreed().count()
        for n in range(made, count):
            action_in_force(office.committee, title=f"Numéro {n}")
        titles = [one.title for one in Action.objects.of(office.convention)][:count]
        row = bring(office, office.coordinator, ["Action", "État", "Public", "Bilan 2021"],
                    *([title, "en cours", "Tous", "Fait."] for title in titles))  # fmt: skip
        with django_assert_max_num_queries(120) as asked:
            assert len(preview_of(row, office.coordinator).changed) == count
        return len(asked)

    assert queries(2) == queries(8)


# The command --------------------------------------------------------------------------------------


@pytest.fixture
def run(office, tmp_path):
    def run(*rows, **options):
        path = tmp_path / "plan.xlsx"
        path.write_bytes(xlsx(*rows, name="Plan"))
        out, status = io.StringIO(), 0
        try:
            call_command("import_actions", office.scope, str(path), stdout=out, **options)
        except SystemExit as end:
            status = end.code
        return status, plain(out.getvalue()).splitlines()

    return run


def test_the_command_tells_each_mistake_at_its_cell_then_counts(office, run):
    rows = [["Thème", "Action", "Budget 2022", "Financeur"],
            ["Petite enfance", "Une", "env. 3", "Caf"],
            ["Petite enfance", "Deux", "3 k€", "Caf"]]  # fmt: skip
    status, lines = run(*rows)
    assert status == 1
    assert lines[0] == "Plan!C2 : « env. 3 » : écrivez le nombre seul. (Une)"
    assert lines[-2:] == [
        "2 nouvelles, 0 changée, 0 inchangée, 1 refusée, 0 vide.",
        "Rien n’est enregistré : corrigez le fichier, ou --valid-rows.",
    ]
    assert list(office.actions()) == [office.action.title]
    assert run(*rows, valid_rows=True)[0] == 1
    kept = office.actions()["Une"].unclear_texts.exclude(text="").get()
    assert (kept.about, kept.label, kept.text) == ("fundings", "Budget 2022", "env. 3")
    assert office.actions()["Deux"].fundings.exists()
    assert {draft.author for draft in Version.objects.drafts()} == {None}


def test_the_command_writes_in_the_name_of_somebody(office, run):
    rows = [["Thème", "Action"], ["Petite enfance", "Une"]]
    assert run(*rows, dry_run=True)[0] == 0
    assert "Une" not in office.actions()
    assert run(*rows, by=office.coordinator.email)[0] == 0
    assert Version.objects.drafts().get().author == office.coordinator
    with pytest.raises(CommandError, match="pas de compte"):
        run(*rows, by="personne@exemple.fr")


def test_a_draft_of_the_portal_is_proposed_by_the_coordinator(office, run):
    run(["Thème", "Action"], ["Petite enfance", "Une"])
    draft = Version.objects.drafts().get()
    whole = draft.content | {
        name: Version.objects.about(office.action).get().content[name]
        for name in ("objectives", "description", "leads", "starts_on", "ends_on")
    }
    own = save_draft(draft.subject, whole, by=office.coordinator)
    assert propose(own, by=office.coordinator, after_term=WHY).is_proposed


def test_the_command_refuses_what_is_no_plan(office, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx(["Nom de famille", "Prénom"], ["Dupont", "Jean"]))
    with pytest.raises(CommandError, match="Aucun plan d’actions n’est reconnu"):
        call_command("import_actions", office.scope, str(path))
    with pytest.raises(CommandError, match="Aucune convention"):
        call_command("import_actions", "ailleurs", str(path))


def unsigned(office) -> None:
    """Its file is loaded again without a signature, nor a first day."""
    Convention.objects.filter(pk=office.convention.pk).update(signed_on=None, start=None)


def test_the_plan_of_a_project_without_a_first_day_comes_in_as_drafts(office, run):
    unsigned(office)
    status, _ = run(HEAD, NEW)
    assert status == 0
    assert Version.objects.drafts().exists()


# Its page -----------------------------------------------------------------------------------------


def test_who_leads_an_action_reads_what_they_brought_to_a_project(office, client):
    lead = MembershipFactory(organisation=office.committee.epci).user
    Lead.objects.create(action=office.action, organisation=office.committee.epci, user=lead)
    row = bring(office, lead, ["Action", "État"], [office.action.title, "en cours"])
    unsigned(office)
    client.force_login(lead)
    page = plain(client.get(f"/imports/{row.pk}/").content.decode())
    assert "Enregistrer 1 fiche action" in page


def test_from_the_plan_to_the_preview_and_back(office, client):
    client.force_login(office.coordinator)
    plan = client.get(f"/conventions/{office.scope}/plan-d-actions/").content.decode()
    address = f"/conventions/{office.scope}/plan-d-actions/importer/"
    assert address in plan
    upload = SimpleUploadedFile("plan.xlsx", xlsx(*changing(office)))
    client.post(address, {"table": upload})
    row = Import.objects.get()
    changed = {"etape": "lignes", "montrer": "changees"}
    page = plain(client.get(row.get_absolute_url(), changed).content.decode())
    assert "Enregistrer 2 fiches action" in page
    assert "Public : Enfants de moins de six ans et leurs parents" in page
    keep(row, office.coordinator)
    page = plain(client.get(row.get_absolute_url()).content.decode())
    assert "1 fiche action nouvelle et 1 fiche action changée" in page
    onward = ImportOfPlan().onward(row, office.coordinator).address
    assert escape(onward) in page
    assert "Proposer ces 2 actions" in page
    chosen = client.get(onward, follow=True).context["form"].ticked
    assert chosen == {str(draft.pk) for draft in Version.objects.drafts()}
    assert "les brouillons sont jetés" in page
    assert "plan.xlsx" in client.get(address).content.decode()


def test_who_may_not_is_told_why_on_the_page(office, client):
    client.force_login(MembershipFactory(organisation=office.committee.epci, reader=True).user)
    page = client.get(f"/conventions/{office.scope}/plan-d-actions/importer/")
    assert "par la coordination, ou par qui pilote" in page.content.decode()
    plan = client.get(f"/conventions/{office.scope}/plan-d-actions/").content.decode()
    assert "Importer un classeur" not in plan


def test_who_leads_an_action_comes_from_the_plan_to_import_its_follow_up(office, client):
    plan = f"/conventions/{office.scope}/plan-d-actions/"
    client.force_login(MembershipFactory(organisation=office.committee.epci).user)
    assert "Importer" not in client.get(plan).content.decode()
    Lead.objects.create(action=office.action, organisation=office.committee.epci)
    assert f'href="{plan}importer/">Importer le suivi' in client.get(plan).content.decode()
    page = plain(client.get(f"{plan}importer/").content.decode())
    assert "Seul y change le suivi des actions que vous pilotez" in page
    assert "devient un brouillon" not in page


def test_what_changes_of_rows_is_told_row_by_row(office):
    preview = office.read("a.xlsx", xlsx(
        ["Action", "Pilotes", "Budget 2022", "Financeur"],
        [office.action.title, "Caf / CCAS", 500, "MSA"],
    ))  # fmt: skip
    [line] = preview.changed
    assert plain(line.before) == ""
    assert plain(line.after).split("\n") == [
        "Pilotes, en plus : CCAS",
        "Financement prévu, en plus : MSA, 2022, fonctionnement : 500 €",
    ]
