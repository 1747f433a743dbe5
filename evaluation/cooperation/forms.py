"""The form of a year of a post of cooperation, and that of the whole term; a page has one for each
post."""

from dataclasses import dataclass
from decimal import Decimal

from django import forms

from actions.plan.line_fields import EurosField, text_field
from agreements.commitments.canonical import plain
from conventions.models import CooperationPost
from ctg_portal.forms.fields import FrenchDecimalField, prose
from ctg_portal.forms.revisions import revision_of
from ctg_portal.forms.rows import RowForm, WithRows
from ctg_portal.templatetags.french import number, plural
from ctg_portal.text.typography import polish
from evaluation.cooperation.framework import framework
from evaluation.cooperation.models import PostYear
from evaluation.cooperation.post_record import TEXTS, WHOLE, PostRecord, planned_in
from evaluation.texts.sheets import SheetForm

LONGEST = 300
TWICE = "Ce nom est déjà sur une autre ligne : réunissez les deux."


class FteField(FrenchDecimalField):
    """Full-time equivalents that were filled; empty: not known."""

    def __init__(self, **kwargs):
        super().__init__(
            max_digits=5, decimal_places=2, min_value=Decimal(0), required=False, **kwargs
        )


class DomainRow(RowForm):
    """A domain that the convention does not plan; both fields or none."""

    domain = text_field("Autre domaine", LONGEST)
    fte = FteField(label="ETP pourvus")

    def clean(self):
        """Refuse a domain without ETP and ETP without a domain."""
        cleaned = super().clean()
        self.lacks("domain", "Dites de quel domaine il s’agit.")
        self.lacks("fte", "Écrivez les ETP pourvus dans ce domaine, ou effacez-le.")
        return cleaned


class FundingRow(RowForm):
    """A funder, which is required once there is an amount; the amount may be unknown."""

    funder = text_field("Financeur", LONGEST)
    amount = EurosField(label="Montant de l’année, en euros")

    def clean(self):
        """Refuse an amount without a funder."""
        cleaned = super().clean()
        self.lacks("funder", "Dites qui a financé.")
        return cleaned


@dataclass(frozen=True)
class TickedMission:
    """A mission of the framework, folded on the page. ``activities``: (key, title, is done)."""

    title: str
    activities: list[tuple[str, str, bool]]

    @property
    def summary(self) -> str:
        """« 2 sur 5 »: how many of its activities are done."""
        done = sum(is_done for _, _, is_done in self.activities)
        return f"{done} sur {len(self.activities)}"


class TermPostForm(SheetForm):
    """The form of a post over the term: texts alone. ``row``: what is stored, or None."""

    text = prose("Ce que le poste a permis, au regard de son référentiel", required=False, rows=6)
    services = prose("Nouveaux services, au regard de ce qui était visé", required=False, rows=4)
    partnerships = prose("Nouveaux partenariats", required=False, rows=4)
    transfers = prose("Transferts et prises de compétence", required=False, rows=4)

    def __init__(self, data=None, *, post: CooperationPost, row: PostYear | None):
        record = PostRecord.of(row)
        initial = {name: getattr(record, name) for name in TEXTS}
        initial["revision"] = revision_of(row)
        super().__init__(data, prefix=str(post.pk), initial=initial)

    @property
    def record(self) -> PostRecord:
        """The record of a valid form."""
        return PostRecord(**{name: plain(self.cleaned_data[name]).strip() for name in TEXTS})


class PostForm(SheetForm, WithRows):
    """The form of a year of a post. ``row``: what is stored, or None."""

    activities = forms.MultipleChoiceField(required=False, label="Activités du référentiel")
    text = prose("Ce qui a été fait", required=False, rows=4)
    services = prose("Nouveaux services créés", required=False, rows=3)
    partnerships = prose("Partenariats noués ou renforcés", required=False, rows=3)
    transfers = prose("Transferts et prises de compétence", required=False, rows=3)
    cost = EurosField(
        label="Coût du poste dans l’année, en euros",
        help_text="Vide : non renseigné. Écrivez 0 si le poste n’a rien coûté.",
    )

    def __init__(self, data=None, *, post: CooperationPost, row: PostYear | None):
        """Fill the form from ``row``: a field for each planned domain, rows for the others."""
        record, self.post = PostRecord.of(row), post
        self.planned = planned_in(post)
        filled, prefix = dict(record.shares), str(post.pk)
        own = {name: filled.pop(domain, None) for name, domain in self._domain_by_field().items()}
        self.others, self.fundings = f"{prefix}-domaines", f"{prefix}-financements"
        initial = {name: getattr(record, name) for name in ("activities", "cost", *TEXTS)} | {
            "revision": revision_of(row),
            **own,
            self.others: [{"domain": name, "fte": fte} for name, fte in filled.items()],
            self.fundings: [{"funder": who, "amount": amount} for who, amount in record.fundings],
        }  # fmt: skip
        super().__init__(data, prefix=prefix, initial=initial)
        self.fields["activities"].choices = [
            (activity.key, activity.title)
            for mission in framework()
            for activity in mission.activities
        ]
        for name, (domain, fte) in zip(own, self.planned, strict=True):
            label = "ETP pourvus" if domain == WHOLE else polish(domain)
            asked = FteField(label=label, help_text=f"Prévu : {number(fte)} ETP.")
            self.fields[name] = asked
        self.make_rows(self.others, DomainRow, "ETP pourvus dans d’autres domaines")
        self.make_rows(self.fundings, FundingRow, "Financements, par financeur")

    def _domain_by_field(self) -> dict[str, str]:
        """Return the domains that the convention plans, by the name of the field for their ETP."""
        return {f"fte_{rank}": domain for rank, (domain, _) in enumerate(self.planned, start=1)}

    def clean(self):
        """Refuse a domain or funder that has two lines, and another domain that is planned."""
        cleaned = super().clean()
        planned = [domain for domain, _ in self.planned]
        self._refuse_twice(self.others, "domain", planned)
        self._refuse_twice(self.fundings, "funder", [])
        return cleaned

    def _refuse_twice(self, rows: str, name: str, taken: list[str]) -> None:
        """Add an error to each row whose field ``name`` is ``taken``, or was in a row before;
        differences of case and spaces do not count."""
        folded_names = {_folded(each) for each in taken}
        for form in self.rows[rows].forms:
            value = form.cleaned_data.get(name) if form.is_valid() else None
            if not value or form.cleaned_data.get("DELETE"):
                continue
            if _folded(value) in folded_names:
                form.add_error(name, TWICE)
                self.add_error(None, f"{self.rows[rows].label} : corrigez les lignes signalées.")
            folded_names.add(_folded(value))

    @property
    def record(self) -> PostRecord:
        """The record of a valid form, without domains whose ETP are empty."""
        cleaned = self.cleaned_data
        own = [(domain, cleaned[name]) for name, domain in self._domain_by_field().items()]
        shares = [(domain, fte) for domain, fte in own if fte is not None]
        shares += [(_line(row["domain"]), row["fte"]) for row in cleaned[self.others]]
        return PostRecord(
            activities=[key for key, _ in self.fields["activities"].choices
                        if key in cleaned["activities"]],
            cost=cleaned["cost"],
            shares=shares,
            fundings=[(_line(row["funder"]), row["amount"]) for row in cleaned[self.fundings]],
            **{name: plain(cleaned[name]).strip() for name in TEXTS},
        )  # fmt: skip

    @property
    def fte_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self._domain_by_field()]

    @property
    def texts(self) -> list[forms.BoundField]:
        """The fields of texts on what the post brought; not that on what was done."""
        return [self[name] for name in TEXTS[1:]]

    @property
    def texts_summary(self) -> str:
        """The number of ``texts`` that are written: « 2 textes sur 3 »."""
        written = sum(bool(text.value()) for text in self.texts)
        return f"{plural(written, 'texte,textes')} sur {len(self.texts)}"

    @property
    def is_text_wrong(self) -> bool:
        return any(text.errors for text in self.texts)

    @property
    def missions(self) -> list[TickedMission]:
        """The whole framework, with the activities that are ticked in the form."""
        ticked = self["activities"].value() or []
        return [
            TickedMission(
                mission.title,
                [(each.key, each.title, each.key in ticked) for each in mission.activities],
            )
            for mission in framework()
        ]

    @property
    def domain_rows(self):
        return self.rows[self.others]

    @property
    def has_other_domains(self) -> bool:
        return any(row["domain"].value() or row["fte"].value() for row in self.domain_rows)

    @property
    def funding_rows(self):
        return self.rows[self.fundings]

    @property
    def money_summary(self) -> str:
        """The state of cost and fundings: « coût renseigné, 2 financeurs »."""
        is_known = self["cost"].value() not in (None, "")
        funders = sum(bool(row["funder"].value()) for row in self.funding_rows)
        cost = "coût renseigné" if is_known else "coût à renseigner"
        return f"{cost}, {plural(funders, 'financeur,financeurs')}" if funders else cost

    @property
    def is_money_wrong(self) -> bool:
        """Whether the cost, a funding or the fundings together have an error, so that their fold is
        open."""
        return bool(
            self["cost"].errors or self.funding_rows.errors_of_all or any(self.funding_rows.errors)
        )


def _line(text: str) -> str:
    return " ".join(plain(text).split())


def _folded(text: str) -> str:
    return _line(text).casefold()
