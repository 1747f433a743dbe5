"""What the parties agree to about an action (art. 4): all but its follow-up."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.urls import reverse

from accounts.models import User
from actions.plan.faults import faults, incoherent, missing_fields
from actions.plan.models import Action, Funding, Nature, UnclearText
from agreements.commitments.by_committee import CommitteeCommitment
from agreements.commitments.fields import (
    APART,
    LAST,
    Children,
    Choice,
    Day,
    Field,
    Flag,
    Link,
    Links,
    Number,
    Text,
)
from conventions.models import Commune, Objective, Organisation, Standing, Theme
from conventions.parties import bodies
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import enumerate_words, euros, long_date
from ctg_portal.text.sentences import first_sentence, uncapitalized

# The sections in which a sheet is written, as addresses call them.
ESSENTIAL, CONTENT, ACTORS = "essentiel", "contenu", "acteurs"
CALENDAR, MEANS = "calendrier", "moyens"


@dataclass(frozen=True)
class Terms(Field):
    """Texts in their order: « SDSF ; contrat local de santé »."""

    def show(self, value) -> str:
        return "\n".join(value or [])


@dataclass(frozen=True)
class Figure(Number):
    """A number of the decimal kind: a whole one has the same text as its row's."""

    def plain(self, value):
        return super().plain(Decimal(value) if isinstance(value, int) else value)


@dataclass(frozen=True)
class Euros(Figure):
    def show(self, value) -> str:
        return euros(self.parse(value))


@dataclass(frozen=True)
class Leads(Children):
    """« Émilie Faure, responsable petite enfance (Grand Châtellerault) »; with the account that
    follows the action up, where it has another name."""

    fields: tuple[Field, ...] = field(
        default=(
            Link("organisation", "Organisme", model=Organisation),
            Text("name", "Nom"),
            Text("capacity", "Fonction"),
            Link("user", "Compte", model=User),
        )
    )
    # Who leads for an organisation may be somebody else than before.
    identity: tuple[tuple[str, ...], ...] = (("organisation", "name"), ("organisation",))
    rank: str = "rank"

    def show_child(self, child: dict) -> str:
        """Return a lead on one line; the account is only named where its name is another one."""
        who = ", ".join(filter(None, [child["name"], child["capacity"]]))
        organisation = (child["organisation"] or {}).get("name", "")
        lead = f"{who} ({organisation})" if who else organisation
        account = (child["user"] or {}).get("name", "")
        has_other_name = account and fold(account) != fold(child["name"])
        return f"{lead}, compte : {account}" if has_other_name else lead


@dataclass(frozen=True)
class MeansOf(Children):
    """« Grand Châtellerault : 0,5 ETP (animation) »."""

    fields: tuple[Field, ...] = field(
        default=(
            Link("organisation", "Organisme", model=Organisation),
            Figure("fte", "ETP", unit="ETP"),
            Text("note", "Précision"),
        )
    )
    identity: tuple[tuple[str, ...], ...] = (("organisation", "note"), ("organisation",))
    rank: str = "rank"

    def show_child(self, child: dict) -> str:
        """Return the means on one line, the note in brackets if there is one."""
        organisation, fte, note = (part.show(child[part.name]) for part in self.fields)
        return f"{organisation} : {fte}" + (f" ({note})" if note else "")


# A longer audience stands with the other fields.
AUDIENCE = 90

# The fields that identify a line of funding within its action (``Funding.KEY``).
LINE = (
    Link("funder", "Financeur", model=Organisation),
    Text("funder_name", "Autre financeur"),
    Number("year", "Année"),
    Choice("nature", "Nature", dict(Nature.choices)),
    Text("scheme", "Dispositif"),
)


@dataclass(frozen=True)
class Fundings(Children):
    """Lines of funding as planned: « CAF 86, 2021, fonctionnement (bonus territoire) : 12 000 € ».

    What was granted and spent stands in the rows and is no part of it: applying a version matches
    its lines with the rows, and keeps a row that is not planned any more while something was
    granted or spent.
    """

    fields: tuple[Field, ...] = field(
        default=(
            *LINE,
            Euros("planned", "Prévu"),
        )
    )
    identity: tuple[tuple[str, ...], ...] = (tuple(part.name for part in LINE),)

    @property
    def planned(self) -> Field:
        """The field that holds the planned amount of a line."""
        return next(part for part in self.fields if part.name == "planned")

    def plain(self, value):
        return sorted(super().plain(value), key=line_sort_key)

    def read(self, row):
        return self.plain(line for line in super().read(row) if line["planned"] is not None)

    def change(self, before, after, content):
        """Return how the sum changes; empty where it stays, for the lines then say what changes."""
        was, now = (
            sum((Decimal(line["planned"] or 0) for line in lines or []), Decimal())
            for lines in (before, after)
        )
        if was == now:
            return ""
        if not was:
            return f"Financement prévu\u00a0: {euros(now)}."
        return f"Le financement prévu passe de {euros(was)} à {euros(now)}."

    def remove(self, child: Funding) -> None:
        """Delete a line that is not planned any more; where something was granted or spent, only
        remove its planned amount."""
        if child.granted is None and child.spent is None:
            child.delete()
        elif child.planned is not None:
            child.planned = None
            child.save(update_fields=["planned"])

    def show_child(self, child: dict) -> str:
        """Return a line of funding as text; the funder's free name where no organisation is
        linked."""
        shown = {part.name: part.show(child[part.name]) for part in self.fields}
        who = shown["funder"] or shown["funder_name"]
        scheme = f" ({shown['scheme']})" if shown["scheme"] else ""
        return f"{who}, {child['year']}, {shown['nature']}{scheme} : {shown['planned']}"


def line_sort_key(line: dict) -> tuple:
    """Return the key that sorts lines of funding by year, then funder, however they were typed."""
    funder = line["funder"] or {"name": "", "id": 0}
    who = (fold(funder["name"] or line["funder_name"]), funder["id"], line["funder_name"])
    return (line["year"] or 0, *who, line["nature"] or "", line["scheme"])


# What may stay empty in a proposal while a text about it is to be specified.
SPECIFIED_LATER = {"objectives", "description", "leads", "starts_on", "ends_on", "communes"}


def missing_names(content: dict) -> set[str]:
    """Return the names of the fields that are empty and may be specified later."""
    return {name for name, _ in missing_fields(content)} & SPECIFIED_LATER


def fields_to_specify(rows: Sequence[Action]) -> dict[int, set[str]]:
    """Return the names of the fields that texts to be specified are about, by action, in one
    query."""
    names: dict[int, set[str]] = {row.pk: set() for row in rows}
    texts = UnclearText.objects.open().filter(action__in=names).order_by()
    for action, about in texts.values_list("action", "about"):
        names[action] |= {"starts_on", "ends_on"} if about == "period" else {about}
    return names


def _names_of_leads(content: dict) -> list[str]:
    return [lead["organisation"]["name"] for lead in content["leads"] if lead["organisation"]]


def _change_of_lead(
    organisation: Organisation, content: dict, before: dict | None
) -> Iterator[str]:
    """Yield that an organisation begins or ceases to lead; nothing where that stays."""
    was, now = (
        any(lead["organisation"] and lead["organisation"]["id"] == organisation.pk
            for lead in (version or {}).get("leads", []))
        for version in (before, content)
    )  # fmt: skip
    if now and not was:
        yield "vous la pilotez"
    if was and not now:
        yield "vous ne la pilotez plus"


def _planned_by(organisation: Organisation, content: dict | None) -> Decimal:
    """Return the sum in euros that an organisation is to pay, of all years; 0 for no content."""
    lines = (content or {}).get("fundings", [])
    own = [line for line in lines if line["funder"] and line["funder"]["id"] == organisation.pk]
    return sum((Decimal(line["planned"] or 0) for line in own), Decimal())


class ActionCommitment(CommitteeCommitment):
    """An action sheet: what is undertaken, by whom, when, with what money."""

    kind, name, schema, model = "action", "fiche action", 1, Action
    plural = "fiches action"
    is_feminine = True
    fields = (
        Text("title", section=ESSENTIAL, shown=APART, column=False),
        # In words that hold wherever themes and objectives are called otherwise.
        Link("theme", "Rattachement", model=Theme, section=ESSENTIAL, shown=APART, column=False),
        Links("other_themes", "Autres rattachements", model=Theme, section=ESSENTIAL, shown=APART,
              column=False),
        Links("objectives", "Ce qu’elle sert", model=Objective, section=ESSENTIAL, column=False),
        Choice("priority", section=ESSENTIAL, shown=LAST),
        Flag("is_innovative", section=ESSENTIAL, shown=LAST,
             asked="C’est une initiative ou une innovation"),
        Text("diagnosis", is_prose=True, section=CONTENT,
             help="Ce que l’on constate, et qui appelle l’action."),
        Text("description", is_prose=True, section=CONTENT, rows=6, help="Ce qui sera fait."),
        Text("audience", section=CONTENT, help="À qui l’action s’adresse."),
        Text("expected_results", is_prose=True, section=CONTENT,
             help="Ce à quoi on verra que l’action a réussi."),
        Leads("leads", section=ACTORS),
        Text("elected_referent", section=ACTORS, help="Nom et mandat."),
        Links("partners", model=Organisation, section=ACTORS),
        Text("other_partners", section=ACTORS, rows=2, shown=APART),
        Day("starts_on", section=CALENDAR),
        Day("ends_on", section=CALENDAR, shown=APART),
        Flag("is_continuous", section=CALENDAR, shown=APART, asked="En continu, sans date de fin"),
        Flag("is_whole_territory", "Concerne tout le territoire", section=CALENDAR,
             asked="Elle concerne tout le territoire"),
        Links("communes", model=Commune, section=CALENDAR, shown=APART),
        MeansOf("means", section=MEANS),
        Fundings("fundings", "Financement prévu", section=MEANS, column=False),
        Terms("plans", section=CONTENT, shown=LAST),
    )  # fmt: skip

    def __init__(self, follow_up_brought: Callable[[Action], None] = lambda action: None):
        """``follow_up_brought`` writes what a file gave of an action before it was agreed to: the
        follow-up is above the plan."""
        super().__init__()
        self.follow_up_brought = follow_up_brought

    def subjects(self):
        return Action.objects.select_related("convention", "theme__axis__convention")

    def heading(self, row):
        return f"Fiche action {row.number}".strip()

    def apply(self, row, content, standing):
        """Write a content to the row. A draft may lack a title or theme (those of the row stay),
        but is refused where it contradicts itself."""
        if standing == Standing.DRAFT:
            for _, reason in incoherent(content):
                raise Refused(Refusal(reason))
            enforce(self.refuse_dangling_links(row.convention, content))
            title = content["title"].strip() and content["title"]
            theme = content["theme"] or {"id": row.theme_id}
            content = content | {"title": title or row.title, "theme": theme}
        super().apply(row, content, standing)
        if standing == Standing.IN_FORCE:
            self.follow_up_brought(row)

    def refuse_incomplete(self, convention, content, row=None):
        """Return why a content cannot be proposed yet, or None. What is empty and to be specified
        (``UnclearText``) may stay so: the parties read that it is."""
        [refusal] = self.refuse_each(convention, [(content, row)])
        return refusal

    def refuse_each(self, convention, drafts):
        """Return why each content cannot be proposed yet, or None, in a few queries for all."""
        dangling = self.refuse_each_dangling(convention, [content for content, _row in drafts])
        unclear = fields_to_specify([row for _content, row in drafts if row is not None])
        return [
            next(
                (
                    Refusal(reason)
                    for name, reason in faults(content)
                    if row is None or name not in unclear[row.pk] & missing_names(content)
                ),
                refusal,
            )
            for (content, row), refusal in zip(drafts, dangling, strict=True)
        ]

    def describe_consequences(self, row, content):
        """Return which fields that a proposal asks for are empty, to be specified later."""
        missing = missing_names(content) & fields_to_specify([row])[row.pk]
        labels = [field.label.lower() for field in self.fields if field.name in missing]
        return f"Reste à préciser ensuite\u00a0: {enumerate_words(labels)}." if labels else ""

    def describe_new(self, content):
        """Return « de janvier 2024 à juin 2025 », or from when; empty without a day."""
        begins, ends = (Day(name).parse(content[name]) for name in ("starts_on", "ends_on"))
        if begins and ends:
            return f"du {long_date(begins)} au {long_date(ends)}"
        if begins:
            return f"à partir du {long_date(begins)}"
        return f"jusqu’au {long_date(ends)}" if ends else ""

    def describe_row(self, content):
        """Return what will be done, as its description begins, then when and for whom."""
        days, audience = self.describe_new(content), content["audience"].strip().rstrip(".")
        when = f"{days[:1].upper()}{days[1:]}" if days else ""
        whom = f"public\u00a0: {uncapitalized(audience)}" if 0 < len(audience) <= AUDIENCE else ""
        second = "\u00a0; ".join(filter(None, [when, whom]))
        second = f"{second[:1].upper()}{second[1:]}." if second else ""
        return [*filter(None, [first_sentence(content["description"]), second])]

    def describe_part(self, organisation, content, before):
        """Return what an organisation leads and pays, or how that changes; for nobody in
        particular, who leads a new action."""
        if organisation is None:
            leads = dict.fromkeys(_names_of_leads(content)) if before is None else {}
            names = enumerate_words(bodies.the(name) for name in leads)
            return f"Pilotée par {names}." if names else ""
        parts = [*_change_of_lead(organisation, content, before)]
        amount = _planned_by(organisation, content) - _planned_by(organisation, before)
        if amount:
            more = "" if before is None else " de plus" if amount > 0 else " de moins"
            parts.append(f"{euros(abs(amount))}{more} à votre charge")
        words = " ; ".join(parts)
        nothing = "Rien ne vous est demandé." if before is None else "Rien ne change pour vous."
        return f"{words[:1].upper()}{words[1:]}." if words else nothing

    def edit_url(self, row):
        return reverse("actions:edit", args=[row.convention.slug, row.pk])

    def end_url(self, row):
        return reverse("actions:end", args=[row.convention.slug, row.pk])

    def begins_on(self, content):
        return Day("starts_on").parse(content["starts_on"])

    def describe_later_work(self, version):
        """Return the sentence that the follow-up has begun since a version came into force; empty
        where nothing was journaled since."""
        entries = Action(pk=version.object_id).journal.filter(created_at__gte=version.in_force_at)
        return "Le suivi de cette action a commencé depuis" if entries.exists() else ""

    def link_to_page(self, row):
        return "Voir la fiche et son suivi", row.get_absolute_url()
