"""Who gets what on the pages of values."""

from indicators.values.links.tokens import address_of
from tests.indicators.routes.campaigns import year
from tests.routes import Route, of_convention


def entry(scene):
    return year(scene) | {"pk": scene.evaluation.entry.pk}


def table(scene):
    return year(scene) | {"pk": scene.evaluation.table.pk}


def figure(scene):
    return table(scene) | {"commune": scene.evaluation.table.values.by_commune().first().commune_id}


def submitted(scene):
    return year(scene) | {"pk": scene.evaluation.submitted.campaign_indicator_id}


def sent_to(scene):
    return year(scene) | {"organisation": scene.evaluation.entry.enterer_id}


def link(scene):
    return year(scene) | {"pk": scene.evaluation.link.pk}


def token(scene):
    return {"token": address_of(scene.evaluation.link).rstrip("/").rpartition("/")[2]}


# Who has not opened the link in this browser, or is logged in, finds nothing.
LINKED = Route({"reader": 404}, lambda scene: {"pk": scene.evaluation.link.pk})
LINKED_TABLE = Route(
    {"reader": 404},
    lambda scene: {"pk": scene.evaluation.link.pk, "entry": scene.evaluation.table.pk},
)

ROUTES = {
    "indicators:entry": of_convention(year),
    "indicators:grid": of_convention(year),
    "indicators:paste_block": of_convention(year),
    "indicators:entry_links": of_convention(year),
    "indicators:send_link": of_convention(sent_to),
    "indicators:cut_link": of_convention(link, status=302, method="post"),
    "indicators:entry_link": Route({"reader": 200}, token),
    "indicators:leave_link": Route({"reader": 404}, LINKED.kwargs, "post"),
    "indicators:link_left": Route({"reader": 200}),
    "indicators:linked_entry": LINKED,
    "indicators:linked_block": LINKED,
    "indicators:linked_workbook": LINKED,
    "indicators:linked_submission": LINKED,
    "indicators:linked_table": LINKED_TABLE,
    "indicators:linked_paste": LINKED_TABLE,
    "indicators:import_values": of_convention(year),
    "indicators:values_template": of_convention(year),
    "indicators:submit_values": of_convention(year),
    "indicators:verify_values": of_convention(year),
    "indicators:value": of_convention(entry),
    # Figures of communes are read by who enters or provides them.
    "indicators:table": of_convention(table, status=404, contributor=200, coordinator=200),
    "indicators:paste_table": of_convention(table, status=404, contributor=200, coordinator=200),
    "indicators:table_figure": of_convention(figure, status=404, contributor=200, coordinator=200),
    "indicators:table_whole": of_convention(table, status=404, contributor=200, coordinator=200),
    # Who may not is told why, where they come from.
    "indicators:preview_disclosure": of_convention(table, status=302),
    # Each reads those of their own organisations.
    "indicators:exposed_figures": of_convention(),
    "indicators:disclose_without_waiting": of_convention(table),
    "indicators:verify_value": of_convention(submitted, status=302, method="post"),
    "indicators:return_value": of_convention(submitted),
    "indicators:attach_evidence": of_convention(entry),
    "indicators:evidence": of_convention(
        lambda scene: year(scene) | {"pk": scene.evaluation.evidence.pk},
        status=302, contributor=200, coordinator=200,
    ),
}  # fmt: skip
