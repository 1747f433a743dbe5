"""Applying the organisations of a file: parties, who signed for each, their logos."""

from collections.abc import Iterator
from typing import Any

from conventions.access.guarding import guard
from conventions.journal.models import Setting, SettingChange
from conventions.loading.marks import release_marks
from conventions.loading.matching import FilePart, pair, unmatched
from conventions.loading.mistakes import ConventionFileError, Mistake
from conventions.loading.reader import ConventionFile
from conventions.loading.rows import Rows
from conventions.parties.logos import digest_of, store_logo, stored_logo
from conventions.parties.models import Organisation, Party, Signatory
from conventions.parties.secrecy import LEAST_THRESHOLD, ROUNDING_BASE, is_stricter
from ctg_portal.search.rows import fold

# What the file writes of who renounces a rule.
OPTED_OUT = "aucun"


def apply_organisations(rows: Rows, file: ConventionFile) -> list[Organisation]:
    """Write parties and other organisations, and guard them where needed. Return those that the
    file has no more, to remove once nothing of it names them; what the coordinator has added is not
    among them. Raises ConventionFileError where an acronym is another organisation's."""
    items = [
        FilePart(place=(section, index), title=wanted["nom"], rank=index + 1, mark=wanted["sigle"],
             values=wanted)
        for section in ("parties", "organismes")
        for index, wanted in enumerate(file.content[section])
    ]  # fmt: skip
    known = list(rows.convention.organisations.select_related("party"))
    _match(items, known)
    if mistakes := [*_acronym_mistakes(file, items, known)]:
        raise ConventionFileError(mistakes)
    release_marks([i.row for i in items if i.row and i.row.acronym != i.mark], "acronym")
    added = {row.pk for row in known if row.is_added}
    for item in items:
        row = item.row if isinstance(item.row, Organisation) else None
        item.row = row = row or Organisation(convention=rows.convention)
        rows.write(
            row,
            acronym=item.mark,
            name=item.title,
            kind=item.values["type"],
            is_added=False,
            siren=item.values.get("siren", ""),
            source_mention=rows.unless_settled(
                Setting.MENTION, item.values.get("mention_source", ""), row.source_mention, row
            ),
            **_secrecy_values(rows, item, row),
            **_address_values(rows, item, row),
        )
        if item.place[0] == "parties":
            _apply_party(rows, item, row, file.logos)
        elif party := getattr(item.row, "party", None):
            rows.delete_or_keep(party, along=(Signatory,))
        guard(row)
    # What the coordinator added is hers to withdraw: the file never had it.
    return [row for row in unmatched(items, known) if row.pk not in added]


def _address_values(rows: Rows, item: FilePart, row: Organisation) -> dict[str, Any]:
    """Return the fields of the official address to write: unless the file gives one, the row's.
    What pages give is proposed, until the host confirms it, and replaces nothing that the host or a
    référent has settled."""
    given = item.values.get("courriel", row.email)
    if rows.is_from_host:
        given = rows.unless_settled(Setting.OFFICIAL_ADDRESS, given, row.email, row)
        return {"email": given, "email_is_proposed": row.email_is_proposed and given == row.email}
    is_settled = row.email_confirmed_at or (
        row.is_guarded and not Organisation.objects.without_referent().filter(pk=row.pk).exists()
    )
    if row.pk and (is_settled or given == row.email):
        return {"email": row.email, "email_is_proposed": row.email_is_proposed}
    return {"email": given, "email_is_proposed": bool(given)}


def _secrecy_values(rows: Rows, item: FilePart, known: Organisation) -> dict[str, Any]:
    """Return the fields of the secrecy rule to write: the file's, or those in force where the
    file's rule is laxer and not agreed to, with a warning. A threshold under the least, or another
    rounding base, is replaced, with a warning."""
    stated = item.values.get("secret", {})
    wanted = {
        "masking_threshold": None,
        "rounding_base": None,
        "opts_out_of_secrecy": stated == OPTED_OUT,
        "secrecy_note": "",
    }
    if stated and stated != OPTED_OUT:
        [(key, number)] = stated.items()
        applied = max(number, LEAST_THRESHOLD) if key == "seuil" else ROUNDING_BASE
        wanted["masking_threshold" if key == "seuil" else "rounding_base"] = applied
        if applied != number:
            rows.report.warnings.append(
                f"{item.mark} : « {key}: {number} » est lu « {key}: {applied} » pour ce qui n’est "
                "pas encore diffusé ; ce qui l’est reste."
            )
    in_force = {name: getattr(known, name) for name in wanted}
    if known.pk is None or wanted == in_force | {"secrecy_note": ""}:
        return in_force if known.pk else wanted
    if rows.is_laxer_secrecy_agreed or not is_stricter(known, Organisation(**wanted)):
        return wanted
    rows.report.warnings.append(
        f"{item.mark} : le fichier assouplit la règle de secret en vigueur, qui reste (petits "
        f"effectifs : {known.secrecy}). Avec l’accord de toutes les parties, recharger avec "
        "« --secret-assoupli »."
    )
    return in_force


def _match(items: list[FilePart], known: list[Organisation]) -> None:
    """Set the rows of the items, by acronym and name, then SIREN, then acronym, then name."""
    pair(items, known, lambda i: (i.mark, fold(i.title)), lambda row: (row.acronym, fold(row.name)))
    pair(items, known, lambda i: i.values.get("siren"), lambda row: row.siren or None, once=True)
    pair(items, known, lambda i: i.mark, lambda row: row.acronym)
    pair(items, known, lambda i: i.title, lambda row: row.name, once=True)


def _acronym_mistakes(
    file: ConventionFile, items: list[FilePart], known: list[Organisation]
) -> Iterator[Mistake]:
    """Yield a mistake for each acronym of the file that is another organisation's on the portal:
    one that the file has dropped or renamed, unless their SIREN differ."""
    names = {fold(row.name): row for row in known}
    gone = {row.acronym: row for row in unmatched(items, known)}
    for item in items:
        row = item.row
        if row and row.acronym != item.mark and item.mark in gone:
            message = (
                f"« {item.mark} » est le sigle de « {gone[item.mark].name} », qui n’est plus dans "
                "le fichier ; donner d’abord un autre sigle à cet organisme et recharger"
            )
            yield file.mistake((*item.place, "sigle"), message)
        is_by_sigle = row and row.acronym == item.mark and fold(row.name) != fold(item.title)
        is_by_siren = row and row.siren and row.siren == item.values.get("siren")
        if is_by_sigle and not is_by_siren and (bearer := names.get(fold(item.title))):
            message = (
                f"« {item.mark} » est le sigle de « {row.name} » sur le portail, où "
                f"« {bearer.name} » a celui de « {bearer.acronym} » ; donner d’abord à chacun son "
                "numéro SIREN et recharger, puis corriger le sigle"
            )
            yield file.mistake((*item.place, "sigle"), message)


def remove_organisations(rows: Rows, gone: list[Organisation]) -> None:
    """Delete organisations, or keep those that others depend on."""
    for organisation in gone:
        rows.delete_or_keep(organisation, along=(Party, Signatory, SettingChange))


def _apply_party(
    rows: Rows, item: FilePart, organisation: Organisation, logos: dict[str, bytes]
) -> None:
    """Write the party of an organisation, which was written before, with its signatories
    (matched by name, then rank; those that the file has no more are deleted, or stay where they
    are in use) and its logo, if the file has another one."""
    party = getattr(organisation, "party", None) or Party(organisation=organisation)
    wanted = item.values
    values: dict[str, Any] = {
        "rank": item.rank,
        "address": rows.unless_settled(
            Setting.ADDRESS, wanted.get("siege", ""), party.address, organisation
        ),
        "co_chairs": wanted["co_anime"],
        "agreement_required": wanted["co_valide"],
        "validates_analyses": wanted["valide_analyses"],
        "council_approved_on": wanted.get("deliberation"),
    }
    logo, digest = logos.get(wanted.get("logo")), digest_of(stored_logo(party))
    wanted_digest = rows.unless_settled(Setting.LOGO, digest_of(logo), digest, organisation)
    if logo and wanted_digest != digest:
        values["logo"] = store_logo(party, logo, rows.convention.slug)
    rows.write(party, **values)
    people = [
        FilePart(place=(), title=person["nom"], rank=rank, values=person)
        for rank, person in enumerate(wanted["signataires"], start=1)
    ]
    known = list(party.signatories.all())
    pair(people, known, lambda person: person.title, lambda row: row.name)
    pair(people, known, lambda person: person.rank, lambda row: row.rank)
    for person in people:
        rows.write(
            person.row or Signatory(party=party),
            rank=person.rank,
            name=person.title,
            capacity=person.values["qualite"],
        )
    for signatory in unmatched(people, known):
        rows.delete_or_keep(signatory)
