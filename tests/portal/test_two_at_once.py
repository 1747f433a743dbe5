"""Every form of the house that edits what stands: opened twice, sent twice, the second person is
shown both texts.

The walk opens each route of the role table, reads the forms of its page, and sorts them: those that
carry a ``revision`` are tried, the others are listed in ``WITHOUT`` with the reason why nobody
writes over anybody there. A form that is neither fails the test, and so does a line of the list
that no page has any more. Routes that take what is sent and are on no page of the scene are listed
in ``ELSEWHERE``, those that edit what stands with the test that has two people there.
"""

import datetime
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.urls import URLResolver, get_resolver, resolve, reverse
from lxml import html

from indicators.models import Campaign
from tests import factories as f
from tests.agreements.factories import SeatFactory
from tests.golden.stage import on_stage, undone
from tests.role_table import ROUTES
from tests.walk import Visits, client_of, report, tables_written

pytestmark = [pytest.mark.django_db, pytest.mark.long]

# Who opens the pages: each sees forms that the others do not.
WHO = ("coordinator", "contributor", "other_contributor", "member", "adviser", "host")
# Who, and which pages, are otherwise here than in the role table.
CHANGED_PEOPLE = {"other_contributor", "host"}
CHANGED_PAGES = {
    "conventions:address", "conventions:secrecy",
    "conventions:correct_organisation", "conventions:confirm_access", "committee:confirm_seat",
    "indicators:move_deadline",
}  # fmt: skip
CHOICE = re.compile(r'name="(?:[^"]*-)?(?:decision|choice)"')
REVISION = re.compile(r"(?:.*-)?revision")
# Tables that are written whatever becomes of what is sent.
NOTED = {"django_session"}
UNTYPED = {"csrfmiddlewaretoken", "typed-by"}

ADDS = "Something is added: nothing that stands is written over."
DOES = "A button alone: done twice, it is done, or says that it is done already."
ASKS = "It asks for a file, or brings one: what is there stays."
OWN = "One's own account: nobody else writes there."
READS = "It says what was read, and is refused where that is no more."
ANSWERS = "An answer names the version and the last word that it was given after."
WITHOUT = {
    "account_change_password": OWN,
    "account_email": OWN,
    "account_logout": OWN,
    "account_reauthenticate": OWN,
    "account_reset_password": OWN,
    "delete_account": OWN,
    "mfa_reauthenticate": OWN,
    "my_data": OWN,
    "profile": OWN,
    "committee:cut_links": OWN,
    "committee:add_meeting": ADDS,
    "committee:next_meeting": ADDS,
    "committee:add_item": ADDS,
    "committee:standing_items": ADDS,
    "committee:add_agenda_document": ADDS,
    "committee:invite": ADDS,
    "committee:add_body": ADDS,
    "committee:add_body_member": ADDS,
    "committee:report_decision": ADDS,
    "committee:drop_decision": DOES,
    "committee:send_agenda_again": DOES,
    "committee:cancel_meeting": DOES,
    "committee:remove_item": DOES,
    "committee:remove_agenda_document": DOES,
    "committee:remove_body_member": DOES,
    "committee:remove_body": DOES,
    "committee:convocation_file": ASKS,
    "committee:pack": ASKS,
    "committee:minutes_file": ASKS,
    "committee:sheet_to_sign": ASKS,
    "committee:submit_minutes": DOES,
    "committee:own_reply": OWN,
    "committee:convocation": OWN,
    "actions:add": ADDS,
    "actions:add_document": ADDS,
    "actions:duplicate": ADDS,
    "committee:add_dossier": ADDS,
    "committee:add_reclassification": ADDS,
    "committee:add_stake": ADDS,
    "committee:attach": ADDS,
    "committee:comment": ADDS,
    "committee:declare_absence": ADDS,
    "committee:delegate": ADDS,
    "committee:name_seat_for": ADDS,
    "committee:propose_amendment": ADDS,
    "committee:propose_drafts": "it carries the revision of each draft that it proposes",
    "conventions:access": ADDS,
    "conventions:add_contact": ADDS,
    "conventions:add_organisation": ADDS,
    "conventions:designate": ADDS,
    "evaluation:criterion_add_image": ADDS,
    "evaluation:criterion_comments": ADDS,
    "evaluation:narrative_add_image": ADDS,
    "evaluation:narrative_comments": ADDS,
    "evaluation:narrative_give": ADDS,
    "evaluation:year_text_add_image": ADDS,
    "evaluation:year_text_comments": ADDS,
    "indicators:add_indicator": ADDS,
    "indicators:attach_evidence": ADDS,
    "indicators:prepare_campaign": ADDS,
    "indicators:offer_indicator": ADDS,
    "indicators:remind": ADDS,
    "indicators:remind_one": ADDS,
    "actions:withdraw_document": DOES,
    "committee:discard_draft": DOES,
    "committee:end_absence": DOES,
    "committee:end_delegation": DOES,
    "committee:end_seat": DOES,
    "committee:recall_dossier": DOES,
    "committee:abandon_elections": DOES,
    "committee:suspend_seat": DOES,
    "committee:withdraw": DOES,
    "committee:withdraw_amendment": DOES,
    "conventions:designation": DOES,
    "conventions:end_membership": DOES,
    "conventions:renew_offer": DOES,
    "conventions:suspend_access": DOES,
    "conventions:undo_setting": DOES,
    "evaluation:submit": DOES,
    "evaluation:withdraw_text_comment": DOES,
    "indicators:close_campaign": DOES,
    "indicators:cut_link": DOES,
    "indicators:release": DOES,
    "indicators:set_release_aside": DOES,
    "spreadsheets:abandon": DOES,
    "actions:import_plan": ASKS,
    "actions:plan_file": ASKS,
    "actions:sheet_file": ASKS,
    "committee:register_export": ASKS,
    "conventions:archive": ASKS,
    "conventions:import_organisations": ASKS,
    "evaluation:check": ASKS,
    "evaluation:report_files": ASKS,
    "evaluation:request_report": ASKS,
    "indicators:import_values": ASKS,
    "indicators:import_years": ASKS,
    "indicators:load_release": ASKS,
    "indicators:paste_block": ASKS,
    "indicators:paste_table": ASKS,
    "committee:propose_draft": READS,
    "indicators:return_value": READS,
    "conventions:secrecy": READS,
    "evaluation:opening": READS,
    "evaluation:resolve_text_comment": READS,
    "indicators:comparison": READS,
    "indicators:submit_values": READS,
    "indicators:verify_values": READS,
    "spreadsheets:correct": READS,
    "committee:advise": ANSWERS,
    "committee:agree_to_all": ANSWERS,
    "committee:answer": ANSWERS,
    "committee:recap": ANSWERS,
    "committee:record": ANSWERS,
    "committee:record_dossier": ANSWERS,
    "committee:undo": ANSWERS,
}


LINKS = "tests/indicators/values/links/test_links.py"
ELSEWHERE = {
    OWN: {
        "account_confirm_email", "account_confirm_login_code", "account_login",
        "account_request_login_code", "account_reset_password_from_key", "account_set_password",
        "account_signup", "mfa_activate_totp", "mfa_authenticate", "mfa_deactivate_totp",
        "mfa_generate_recovery_codes", "typed", "committee:link", "committee:given",
        "evaluation:criterion_draft", "evaluation:narrative_draft", "evaluation:year_text_draft",
        "evaluation:criterion_discard", "evaluation:narrative_discard",
        "evaluation:year_text_discard", "indicators:entry_link", "indicators:leave_link",
    },
    "tests/committee/meetings/test_minutes.py"
    "::test_minutes_taken_back_are_edited_and_submitted_again": {"committee:take_back_minutes"},
    "tests/committee/meetings/test_minutes.py"
    "::test_a_correction_begun_or_given_up_twice_is_refused_the_second_time": {
        "committee:correct_minutes", "committee:drop_correction",
    },
    "tests/committee/meetings/test_session_pages.py"
    "::test_who_types_second_is_told_at_once_and_sees_both_texts_on_saving": {"committee:session"},
    "tests/committee/meetings/test_session_pages.py"
    "::test_a_point_amended_since_the_list_was_shown_is_named_and_nothing_is_recorded": {
        "committee:record_voices",
    },
    "tests/committee/meetings/test_session.py"
    "::test_a_list_is_confirmed_as_it_was_shown_or_not_at_all": {"committee:confirm_voices"},
    "tests/committee/elections/test_elections_pages.py"
    "::test_who_confirms_a_list_that_has_changed_reads_it_again": {
        "committee:review_elections", "committee:host_elections",
    },
    "tests/committee/signing/test_signing_pages.py::test_the_second_to_record_is_shown_both": {
        "committee:record_signing",
    },
    "tests/committee/signing/test_signing_pages.py"
    "::test_who_confirms_what_was_recorded_again_reads_it_again": {
        "committee:confirm_signing", "committee:host_signing", "committee:withdraw_signing",
    },
    "tests/conventions/setting_up/test_flow.py"
    "::test_the_second_person_at_a_step_sees_both_texts": {
        "conventions:project_territory", "conventions:project_frame",
        "conventions:project_outline", "conventions:project_articles",
        "conventions:project_people", "conventions:project_party",
    },
    ADDS: {
        "conventions:start_project", "conventions:add_project_party",
        "conventions:project_manage", "conventions:project_parties",
        "actions:take_up", "committee:add_objective", "committee:dossier",
        "indicators:take_up_entries",
        "committee:remind_dossier", "conventions:send_designation",
        "conventions:send_designations", "evaluation:give_back", "indicators:link_counts",
        "indicators:send_link", "committee:decide",
    },
    DOES: {
        "conventions:delete_project", "conventions:hand_on_project",
        "conventions:project_review", "conventions:stop_sharing_project",
        "actions:settle_text", "conventions:revoke_offer", "documents:cancel_drawing",
        "evaluation:cancel_report",
        "evaluation:criterion_remove_image", "evaluation:narrative_remove_image",
        "evaluation:year_text_remove_image", "evaluation:narrative_take_back",
        "evaluation:propose", "evaluation:publish", "evaluation:reopen_text_comment",
        "evaluation:take_back", "evaluation:validate", "indicators:campaign",
        "indicators:cancel_campaign", "indicators:disclose_without_waiting",
        "indicators:exposed_figures", "indicators:open_campaign", "indicators:reopen_campaign",
        "spreadsheets:undo", "committee:remove_invited", "committee:convene",
        "committee:move_item", "committee:remind_attendees", "committee:reopen_decision",
        "committee:hold_meeting",
    },
    ASKS: {
        "evaluation:criterion_preview", "evaluation:narrative_preview",
        "evaluation:year_text_preview", "evaluation:preview", "indicators:linked_workbook",
        "spreadsheets:columns", "spreadsheets:marked",
        "spreadsheets:read_again",
    },
    READS: {
        "committee:end_objective", "conventions:confirm_address",
        "indicators:change_campaign_year", "indicators:confirm_published",
        "indicators:contest_value", "indicators:linked_submission",
        "indicators:preview_disclosure", "indicators:verify_value",
    },
    ANSWERS: {
        "committee:confirm", "committee:confirm_recorded", "committee:contest",
        "committee:propose_after_term", "committee:refuse", "committee:retract",
        "committee:undo_dossier", "committee:lend_voice",
    },
    "tests/committee/meetings/test_decisions.py"
    "::test_two_people_who_tick_at_once_undo_nothing_of_each_other": {"committee:presence"},
    "tests/actions/follow_up/test_mine_page.py"
    "::test_who_comes_second_is_shown_both_on_the_line": {"actions:mine"},
    "tests/actions/follow_up/test_review.py"
    "::test_who_comes_second_in_a_row_is_shown_both_and_chooses": {"actions:review"},
    "tests/committee/drafts/test_drafts_merged.py"
    "::test_a_colleague_s_draft_that_was_rewritten_meanwhile_is_not_merged_unread": {
        "committee:merge_draft"
    },
    f"{LINKS}::test_two_people_with_one_link_write_nothing_of_each_other_over": {
        "indicators:linked_entry", "indicators:linked_block", "indicators:linked_table",
        "indicators:linked_paste",
    },
}  # fmt: skip


class Words(NamedTuple):
    """What each of two people writes, and as what it is read."""

    first: str
    second: str
    first_read: str
    second_read: str


PROSE = Words("premièrement", "deuxièmement", "premièrement", "deuxièmement")
NUMBER = Words("4321", "5432", "4\u202f321", "5432")
EMAIL = Words("accueil@epci.example", "elus@epci.example", "accueil", "elus@epci.example")
MONTHS = Words("7", "9", "7", "9")
DAY = Words("2027-07-01", "2027-08-02", "[supprimé : 1er juillet", "2027-08-02")
# Of two sections of a document, each keeps one.
SECTION = Words(
    "opening", "closing", "[supprimé : « Les textes d’ouverture", "</span>La conclusion"
)
# What is changed of a form where it is not its first text.
CHANGED = {
    "conventions:address": (r"email", EMAIL),
    "conventions:correct_address": (r"email", EMAIL),
    "conventions:set_notice": (r"notice_months", MONTHS),
    "evaluation:compose": (r"garder", SECTION),
    "indicators:move_deadline": (r"due_on", DAY),
    "actions:follow": (r"spent_\d+", NUMBER),
    "evaluation:posts": (r"\d+-text", PROSE),
    "indicators:entry": (r"v\d+-figure", NUMBER),
    "indicators:grid": (r"v\d+-figure", NUMBER),
    "indicators:table": (r"v\d+-figure", NUMBER),
    "indicators:table_figure": (r"figure", NUMBER),
    "indicators:table_whole": (r"figure", NUMBER),
    "indicators:value": (r"figure", NUMBER),
}


@dataclass
class Form:
    """A form of a page as a browser would send it. ``texts``: the names of the fields in which
    words are written by hand."""

    page: str
    target: str
    who: str
    sent: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)

    @property
    def revisions(self) -> list[str]:
        return [name for name in self.sent if REVISION.fullmatch(name)]

    @property
    def words(self) -> Words:
        return CHANGED.get(self.target, ("", PROSE))[1]

    @property
    def changed(self) -> str:
        """The field that two people write otherwise; empty where words are written in none."""
        if self.target not in CHANGED:
            return next(iter(self.texts), "")
        named = re.compile(CHANGED[self.target][0])
        return next(name for name in self.sent if named.fullmatch(name))

    def saying(self, word: str) -> dict[str, list[str]]:
        """What is sent by somebody who has written a word in it."""
        is_prose = self.words is PROSE
        before = f"{self.sent[self.changed][0]} " if is_prose else ""
        return self.sent | {self.changed: [f"{before}{word}".strip()]}


def visits_of_the_house() -> Visits:
    """The scene of all routes, with what some forms are about: an organisation that the coordinator
    added, one with its référent, an access and a seat that await her, a collection of this year;
    and the host."""
    visits = Visits()
    convention, user = visits.scene.convention, visits.scene.people["other_contributor"]
    guarded = user.memberships.get().organisation
    f.MembershipFactory(user=user, organisation=guarded, referent=True)
    rows = dict.fromkeys(("conventions:address", "conventions:secrecy"), guarded) | {
        "conventions:correct_organisation": f.OrganisationFactory(
            convention=convention, is_added=True
        ),
        "conventions:confirm_access": f.MembershipFactory(organisation=guarded, pending=True),
        "committee:confirm_seat": SeatFactory(organisation=guarded, pending=True, is_elected=True),
    }
    shown = {name: {"pk": row.pk} for name, row in rows.items()}
    due_on = datetime.date(2027, 6, 15)
    year = Campaign.objects.create(convention=convention, year=2026, due_on=due_on).year
    shown["indicators:move_deadline"] = {"year": year}
    assert shown.keys() == CHANGED_PAGES
    for name, keywords in shown.items():
        visits.urls[name] = reverse(name, kwargs=visits.keywords[name] | keywords)
    host = f.UserFactory(is_superuser=True)
    Authenticator.objects.create(user=host, type="totp", data={"secret": "A"})
    visits.clients["host"] = client_of(host)
    return visits


def forms_of(page: str, who: str, text: str) -> Iterator[Form]:
    for element in html.fromstring(text).forms:
        if element.method != "POST":
            continue
        action = urlsplit(urljoin(page, element.action or "")).path
        form = Form(action, resolve(action).view_name, who)
        for control in element.inputs:
            kind = control.get("type", "text") if control.tag == "input" else control.tag
            if not control.name or control.name in UNTYPED or kind in ("submit", "button", "file"):
                continue
            if kind in ("radio", "checkbox"):
                if control.get("checked") is not None:
                    form.sent.setdefault(control.name, []).append(control.get("value", "on"))
                continue
            if kind == "select":
                values = list(control.value) if control.multiple else [control.value or ""]
            else:
                # A browser leaves out the first line break of a text area.
                values = [(control.value or "").removeprefix("\n")]
            form.sent.setdefault(control.name, []).extend(values)
            if kind in ("text", "textarea") and control.get("inputmode") != "decimal":
                form.texts.append(control.name)
        yield form


def is_shown_to(who: str, name: str) -> bool:
    """Return whether somebody may be shown the page of a route: what the role table says of those
    for whom the scene is as it is there (``test_routes.py``)."""
    return who in CHANGED_PEOPLE or name in CHANGED_PAGES or ROUTES[name].expected(who) == 200


def forms_of_the_house(visits: Visits) -> list[Form]:
    """Each form once, as the first person sees it who does."""
    by_fields: dict[tuple, Form] = {}
    for name in ROUTES:
        for who in WHO:
            if not is_shown_to(who, name):
                continue
            answer = visits.ask(who, visits.urls[name])
            if answer.is_page:
                for form in forms_of(visits.urls[name], who, answer.html):
                    fields = frozenset(re.sub(r"\d+", "#", name) for name in form.sent)
                    by_fields.setdefault((form.target, fields), form)
    return list(by_fields.values())


def send(visits: Visits, form: Form, sent: dict[str, list[str]]):
    return visits.clients[form.who].post(form.page, sent)


def fault_of(visits: Visits, form: Form) -> str | None:
    """What is wrong with a form that two people have opened and send one after the other."""
    if not form.revisions:
        return "no revision, and no reason in WITHOUT why it needs none"
    if not form.changed:
        return fault_of_button(visits, form)
    words = form.words
    with undone():
        first = send(visits, form, form.saying(words.first))
        if first.status_code not in (200, 302) or "À corriger" in first.text:
            return f"the first is not taken: {first.status_code} {errors_in(first.text)}"
        second = send(visits, form, form.saying(words.second))
        fault = fault_of_second_try(visits, form, second) if second.status_code == 200 else None
    is_shown = second.status_code == 200
    read = html.fromstring(second.text).text_content() if is_shown else ""
    read = read.replace("\u00a0", " ")
    if words.first_read not in read or words.second_read not in second.text:
        return f"the second is not shown both: {second.status_code} {errors_in(second.text)}"
    return fault


def fault_of_second_try(visits: Visits, form: Form, shown) -> str | None:
    """Why what the second person sends again, both texts read, does not hold; on some
    pages one chooses first which of the two."""
    if CHOICE.search(shown.text):
        return None
    for again in forms_of(form.page, form.who, shown.text):
        if again.target == form.target and again.revisions:
            with tables_written() as written:
                answer = send(visits, form, again.sent)
            if written <= NOTED:
                return f"sent again it is not taken: {answer.status_code} {errors_in(answer.text)}"
    return None


def fault_of_button(visits: Visits, form: Form) -> str | None:
    """What is wrong with a form in which nothing is typed: it does nothing to what was written
    since, and does it to what was not."""
    with undone(), tables_written() as written:
        send(visits, form, form.sent | {name: ["0"] for name in form.revisions})
    if not written <= NOTED:
        return f"what was written since is changed all the same: {sorted(written)}"
    with undone(), tables_written() as written:
        first = send(visits, form, form.sent)
    if written <= NOTED:
        return f"it does nothing: {first.status_code} {errors_in(first.text)}"
    return None


def takers(patterns=None, prefix: str = "") -> Iterator[str]:
    """Give the names of the routes, but for the administration's, whose view takes what is sent."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                namespace = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from takers(pattern.url_patterns, prefix + namespace)
        elif is_taker(pattern.callback):
            yield prefix + (pattern.name or str(pattern.pattern))


def is_taker(view) -> bool:
    if hasattr(view, "view_class"):
        return hasattr(view.view_class, "post")
    return "POST" in inspect.getsource(inspect.unwrap(view))


def errors_in(text: str) -> str:
    """What the page tells above its form."""
    notice = re.search(r'class="notice danger".*?</div>', text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", notice[0] if notice else "").split())[:300]


def test_who_comes_second_is_shown_both_texts_in_every_form():
    with on_stage():
        visits = visits_of_the_house()
        forms = forms_of_the_house(visits)
        tried = [form for form in forms if form.target not in WITHOUT]
        faults = [(form, fault_of(visits, form)) for form in tried]
    assert len(tried) > 25
    shown = {form.target for form in forms}
    elsewhere = set().union(*ELSEWHERE.values())
    report(
        [f"{form.target} {form.who}: {fault}" for form, fault in faults if fault]
        + [f"{name}: in WITHOUT, and on no page" for name in sorted(WITHOUT.keys() - shown)]
        + [f"{name}: on no page, nor in ELSEWHERE" for name in {*takers()} - shown - elsewhere]
        + [f"{name}: in ELSEWHERE, and shown or gone" for name in elsewhere - ({*takers()} - shown)]
    )


def test_forms_on_no_page_of_the_scene_have_their_own_tests():
    for reason in ELSEWHERE:
        file, _, name = reason.partition("::")
        assert not name or f"def {name}(" in Path(file).read_text(), reason
