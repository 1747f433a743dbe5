"""Search the action plan: sheets, partners, people, schemes, reasons, notes, documents.

Only in actions that everybody reads: not in drafts.
"""

from collections import defaultdict

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode

from actions.follow_up.models import ActionDocument, FollowUp
from actions.plan.models import Action, Funding, Lead
from conventions.models import READABLE, Organisation
from conventions.search.hits import MOST, Hit, SearchRequest, by_rank, ranked, shortened
from ctg_portal.search.query import SearchQuery, narrowed
from ctg_portal.templatetags.french import enumerate_words


def plan_hits(asked: SearchRequest):
    """Yield the hits in one convention, kind by kind, each ranked."""
    convention = asked.convention
    in_readable = Q(action__convention=convention, action__standing__in=READABLE)
    others = Organisation.objects.filter(convention=convention, party__isnull=True)
    named = Funding.objects.filter(~Q(scheme="") | ~Q(funder_name=""), in_readable)
    documents = ActionDocument.objects.on_sheet().filter(in_readable)
    others, actions, leads, fundings, notes, documents = narrowed(
        asked.query,
        (others, ("name", "acronym")),
        (_readable(asked), ("other_partners", "elected_referent", "state_reason")),
        (Lead.objects.filter(in_readable).exclude(name=""), ("name", "capacity")),
        (named, ("scheme", "funder_name")),
        (FollowUp.objects.filter(in_readable), ("text", "brakes", "levers", "prospects")),
        (documents, ("title", "document__name")),
    )
    yield ranked(asked, "Actions", _sheets(asked))
    yield ranked(asked, "Partenaires", _partners(asked, others, actions))
    yield ranked(asked, "Personnes", _leads(asked, leads, actions))
    yield ranked(asked, "Dispositifs et financeurs", _schemes(fundings))
    yield ranked(asked, "Motifs de blocage ou de pause", _reasons(asked, actions))
    yield ranked(asked, "Bilans des actions", _notes(asked, notes))
    yield ranked(asked, "Documents", _documents(documents))


def actions_across(conventions, query: SearchQuery):
    """Yield the actions of several conventions that match, by number and texts."""
    rows = Action.objects.filter(convention__in=conventions).readable().matching_query(query)
    rows = rows.in_reading_order().select_related("convention")
    yield by_rank(query, "Actions", (
        Hit(shortened(str(row)), row.get_absolute_url(), row.description,
            row.convention.territory, row.is_proposed, row.number)
        for row in rows[:MOST]
    ))  # fmt: skip


def action_titles(asked: SearchRequest):
    """Return the titles of the actions that everybody reads, for suggestions."""
    return Action.objects.of(asked.convention).readable().values_list("title", flat=True)


def _readable(asked: SearchRequest):
    """Return the actions of the convention that everybody reads, in reading order."""
    rows = Action.objects.of(asked.convention).readable().in_reading_order()
    return rows.select_related("convention", "theme__axis__convention")


def _sheets(asked: SearchRequest):
    """Yield the actions that match by number or by the texts of their sheet."""
    query = asked.query
    wanted = query.in_rows
    for number in query.written:
        wanted |= Q(number__iexact=number) | Q(number__istartswith=f"{number}.")
    for row in _readable(asked).filter(wanted)[:MOST]:
        title, url = shortened(str(row)), row.get_absolute_url()
        yield Hit(title, url, _text(row, asked), _within(row), row.is_proposed, row.number)


def _text(action: Action, asked: SearchRequest) -> str:
    """Return the first text of the sheet that matches, else its description."""
    texts = (action.description, action.diagnosis, action.expected_results, action.audience)
    return next((text for text in texts if asked.query.is_in(text)), action.description)


def _partners(asked: SearchRequest, others, actions):
    """Yield organisations that are no party, with what they take part in, then partners that are
    only named in a text."""
    plan = reverse("actions:plan", args=[asked.convention.slug])
    for organisation in others:
        address = f"{plan}?partie={organisation.pk}"
        yield Hit(organisation.name, address, within=organisation.acronym)
    for row in actions:
        if asked.query.is_in(row.other_partners):
            yield _about(row, shortened(row.other_partners), "sert")


def _leads(asked: SearchRequest, leads, actions_of_elected):
    """Yield leads and elected referents, each once, with all of their actions."""
    leads = leads.order_by("action__theme__axis__number", "action__theme__rank", "action__rank")
    actions_by_person = defaultdict(list)
    for lead in leads.select_related("organisation", "action__convention"):
        actions_by_person[lead.name, "Pilote", lead.organisation.acronym].append(lead.action)
    for row in actions_of_elected:
        if asked.query.is_in(row.elected_referent):
            actions_by_person[shortened(row.elected_referent), "Élu référent", ""].append(row)
    plan = reverse("actions:plan", args=[asked.convention.slug])
    for (name, role, acronym), actions in actions_by_person.items():
        of = "de l’action" if len(actions) == 1 else "des actions"
        within = f"{role} {of} {enumerate_words(action.number for action in actions)}"
        chosen = urlencode([("fiche", action.pk) for action in actions])
        url = actions[0].get_absolute_url() if len(actions) == 1 else f"{plan}?{chosen}"
        yield Hit(name, url, within=", ".join(filter(None, (within, acronym))))


def _schemes(fundings):
    """Yield schemes and funders, once for each action, whatever the number of their years."""
    hits = {}
    for row in fundings.select_related("action__convention"):
        name = ", ".join(filter(None, (row.scheme, row.funder_name)))
        if (row.action_id, name) not in hits:
            hits[row.action_id, name] = _about(row.action, name, "financement")
    yield from hits.values()


def _reasons(asked: SearchRequest, actions):
    """Yield the actions that the query matches by the reason of their state."""
    for row in actions:
        if asked.query.is_in(row.state_reason):
            title = f"{row.number}, {row.get_state_display()}"
            url = f"{row.get_absolute_url()}#suivi"
            yield Hit(title, url, row.state_reason, shortened(row.title))


def _notes(asked: SearchRequest, notes):
    """Yield the notes of years, each with its first text that the query matches."""
    for note in notes.select_related("action__convention"):
        texts = (note.text, note.brakes, note.levers, note.prospects)
        text = next((text for text in texts if asked.query.is_in(text)), note.text)
        url = f"{note.action.get_absolute_url()}#bilan-{note.year}"
        title = f"Bilan {note.year} de l’action {note.action.number}"
        yield Hit(title, url, text, shortened(note.action.title))


def _documents(documents):
    """Yield the documents, which lead to their place on the sheet."""
    for row in documents.select_related("document", "action__convention"):
        url = f"{row.action.get_absolute_url()}#documents"
        yield Hit(row.title, url, within=f"{row.document.name}, action {row.action.number}")


def _about(action: Action, title: str, place: str) -> Hit:
    """Return a hit on something that a sheet mentions; ``place`` is the anchor on the sheet."""
    within = f"Action {action.number}, {shortened(action.title)}"
    return Hit(title, f"{action.get_absolute_url()}#{place}", within=within)


def _within(action: Action) -> str:
    """Return where an action stands in the convention: « Axe 4, 4.1 Soutien aux parents »."""
    words = action.convention.words
    return f"{words.axis.title} {action.theme.axis.mark}, {action.theme}"
