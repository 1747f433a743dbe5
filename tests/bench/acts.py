"""What people do most, for the bench: a value is saved, a party agrees to a point."""

import re
from collections.abc import Callable

import lxml.html

from tests.golden.demonstration import client_of

HERE = "/conventions/grand-chatellerault/"


def a_value(figure: str = "17") -> Callable:
    """A request that saves a figure in the first row of « Saisir mes données »."""
    client, address = client_of("agent-caf"), f"{HERE}evaluations/2024/saisie/"
    form = lxml.html.fromstring(client.get(address).content).find('.//form[@class="entry"]')
    first = next(name for name in form.fields if re.fullmatch(r"v\d+-was", name))
    row = first.removesuffix("was")
    sent = {name: value for name, value in form.form_values() if name.startswith(row)}
    sent[f"{row}figure"] = figure
    url = f"{address}?ligne={row[1:-1]}"
    return lambda: client.post(url, sent, headers={"HX-Request": "true"})


def an_answer() -> Callable:
    """A request by which a member agrees to the first point that awaits them."""
    client = client_of("copil-caf")
    listed = lxml.html.fromstring(client.get(f"{HERE}comite/").content)
    point = listed.xpath("//p[@class='go']/a/@href")[0]
    page = lxml.html.fromstring(client.get(point).content)
    form = next(form for form in page.forms if (form.action or "").endswith("/repondre/"))
    sent = dict(form.form_values()) | {"reponse": "accord"}
    return lambda: client.post(form.action, sent)
