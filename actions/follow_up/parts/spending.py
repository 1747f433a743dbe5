"""The part that holds what was granted and spent for an action."""

from dataclasses import dataclass, field
from decimal import Decimal

from actions.follow_up.parts.base import FollowUpPart
from actions.plan.commitments import LINE, Euros, line_sort_key
from actions.plan.faults import LINE_TWICE, amount_fault, line_faults, line_key
from actions.plan.models import Funding
from agreements.commitments.fields import Children, Field
from conventions.legal.reading import rows_of
from conventions.models import Organisation

AMOUNTS = [("granted", "accordé"), ("spent", "dépensé")]


@dataclass(frozen=True)
class SpendingRows(Children):
    """« CAF 86, 2021, fonctionnement (bonus territoire) : accordé 12 000 €, dépensé 11 350 € »."""

    fields: tuple[Field, ...] = field(
        default=(
            *LINE,
            Euros("granted", "Accordé"),
            Euros("spent", "Dépensé"),
        )
    )

    def plain(self, value):
        return sorted(super().plain(value), key=line_sort_key)

    def read(self, row):
        return self.plain(super().read(row))

    def show_child(self, child: dict) -> str:
        """Return a line of funding as text, with the amounts that are known; « rien d’indiqué »
        without any."""
        shown = {part.name: part.show(child[part.name]) for part in self.fields}
        who = shown["funder"] or shown["funder_name"]
        scheme = f" ({shown['scheme']})" if shown["scheme"] else ""
        stated = [f"{word} {shown[name]}" for name, word in AMOUNTS if shown[name]]
        amounts = ", ".join(stated) or "rien d’indiqué"
        return f"{who}, {child['year']}, {shown['nature']}{scheme} : {amounts}"


class SpendingPart(FollowUpPart):
    """What was granted and spent, by line of funding; lines that were not planned may be added."""

    key, title = "depenses", "Financement accordé et dépensé"
    fields = (SpendingRows("fundings", "Lignes"),)

    def faults(self, action, content, today):
        """Yield a field and a sentence for each funder that is not in the convention any more,
        senseless key or amount, and line given twice."""
        rows = content["fundings"]
        named = {row["funder"]["id"]: row["funder"]["name"] for row in rows if row["funder"]}
        known = rows_of(Organisation, action.convention).filter(pk__in=named)
        for pk in sorted(named.keys() - set(known.values_list("pk", flat=True))):
            yield "fundings", f"« {named[pk]} » n’est plus dans la convention : choisissez."
        for row in rows:
            for reason in line_faults(row):
                yield "fundings", reason
            who = (row["funder"] or {}).get("name") or row["funder_name"].strip()
            for amount in (row["granted"], row["spent"]):
                if reason := amount_fault(None if amount is None else Decimal(amount)):
                    yield "fundings", f"{who}, {row['year']} : {reason[0].lower()}{reason[1:]}"
        keys = [line_key(row) for row in rows]
        if len(keys) != len(set(keys)):
            yield "fundings", LINE_TWICE

    def write(self, action, content):
        """Set the amounts of lines, adding lines without a row; empty those of lines left out."""
        lines = {line.key: line for line in action.fundings.all()}
        for row in content["fundings"]:
            values = {p.name: p.parse(row[p.name]) for p in self.fields[0].fields}
            amounts = {name: values.pop(name) for name in ("granted", "spent")}
            line = lines.pop(line_key(row), None) or Funding(action=action, **values)
            self._save_or_delete(line, amounts)
        for line in lines.values():
            self._save_or_delete(line, {"granted": None, "spent": None})

    def _save_or_delete(self, line: Funding, amounts: dict) -> None:
        """Write the amounts of a line; delete it where nothing is planned, granted or spent."""
        for name, amount in amounts.items():
            setattr(line, name, amount)
        if line.planned is None and not any(v is not None for v in amounts.values()):
            if line.pk:
                line.delete()
            return
        line.save()
