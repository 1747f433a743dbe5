"""A convention file brought into the database, in one transaction."""

from conventions.legal.amending import bring_forward
from conventions.legal.convention import Convention
from conventions.legal.text import Annex, Article
from conventions.loading.apply_cooperation import apply_cooperation
from conventions.loading.apply_parties import apply_organisations, remove_organisations
from conventions.loading.apply_structure import apply_structure
from conventions.loading.apply_territory import apply_communes
from conventions.loading.apply_text import apply_convention, apply_key_figures, apply_text_parts
from conventions.loading.reader import ConventionFile
from conventions.loading.rows import LoadReport, Rows
from conventions.territory.points_to_check import points_to_check
from ctg_portal.house import house, let_follow
from ctg_portal.marks.events import changed, event
from ctg_portal.marks.models import Subject


@event()
def apply(
    file: ConventionFile, *, is_laxer_secrecy_agreed: bool = False, is_from_host: bool = True
) -> LoadReport:
    """Create the convention or update what differs, in one transaction; return the report. The same
    file twice changes nothing but marks.

    Rows that others depend on, and what an amendment or the committee decided, stay as they are:
    the report names them. ``is_laxer_secrecy_agreed``: all parties agree that a secrecy rule masks
    less. ``is_from_host``: else it comes from pages, and leaves official addresses that the host or
    a référent has settled. Raises ConventionFileError where the file contradicts the rows.
    """
    content = file.content
    slug = content["convention"]["identifiant"]
    convention = Convention.objects.select_for_update(no_key=True).filter(slug=slug).first()
    rows = Rows(LoadReport(convention or Convention(slug=slug)))
    rows.is_laxer_secrecy_agreed, rows.is_from_host = is_laxer_secrecy_agreed, is_from_host
    apply_convention(rows, content["convention"])
    apply_key_figures(rows, content["convention"]["chiffres"])
    apply_text_parts(rows, file, Article, "articles")
    apply_text_parts(rows, file, Annex, "annexes")
    gone = apply_organisations(rows, file)
    apply_cooperation(rows, content.get("cooperation"))
    remove_organisations(rows, gone)
    apply_structure(rows, file)
    apply_communes(rows, file)
    if rows.convention.amendments.filter(number__gt=0).exists():
        bring_forward(rows.convention)
    rows.report.warnings += points_to_check(rows.convention)
    let_follow(house().after_load, rows.convention, rows.report)
    changed(rows.convention, *Subject)
    return rows.report
