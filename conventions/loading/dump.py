"""Write a convention as its file, with its logos beside it."""

import io
import zipfile
from decimal import Decimal
from typing import Any

import yaml
from django.utils.text import slugify

from conventions.legal.convention import Convention
from conventions.loading.content import content_of, parties_of
from conventions.parties.logos import stored_logo

WIDTH = 100
HEAD = (
    "# Le texte signé de la convention ; ses clés : docs/format-de-convention.md.\n"
    "# Rechargé tel quel, ce fichier ne change rien.\n"
)


def files_of(convention: Convention, name: str) -> dict[str, bytes]:
    """Return the files of a convention by path: « {name}.yaml » in UTF-8, and the logos in a folder
    « {name} ». A logo whose stored image is lost is left out."""
    images, paths = {}, {}
    for row in parties_of(convention):
        if image := stored_logo(row.party):
            path = f"{name}/{row.party.rank}-{slugify(row.acronym)}.png"
            images[path], paths[row.acronym] = image, path
    return {f"{name}.yaml": text_of(content_of(convention, paths)).encode()} | images


def zip_of(convention: Convention) -> bytes:
    """Return the files of a convention, named by its identifier, as a ZIP."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for path, content in files_of(convention, convention.slug).items():
            written.writestr(path, content)
    return target.getvalue()


def text_of(content: dict[str, Any]) -> str:
    """Return a content (``content_of``) as the text of a file; always the same for the same."""
    laid_out = _laid_out(content)
    return HEAD + yaml.dump(
        laid_out, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH
    )


class _OneLine(dict):
    """A mapping written between braces: « {nom: Thuré, insee: "86272"} »."""


def _laid_out(value: Any, *, is_item: bool = False) -> Any:
    """Return a content in which the short mappings of lists are to be written on one line."""
    if isinstance(value, dict):
        laid_out = {key: _laid_out(item) for key, item in value.items()}
        is_flat = all(not isinstance(i, dict | list) and "\n" not in str(i) for i in value.values())
        return _OneLine(laid_out) if is_item and is_flat else laid_out
    if isinstance(value, list):
        return [_laid_out(item, is_item=True) for item in value]
    return value


class _Dumper(yaml.SafeDumper):
    """Writes YAML as the guide of the format shows it."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Set dashes under their key further to the right."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        """Return True: what is said twice is written twice, for a file has no references."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Return the node of a text: of several lines, as it stands behind « | »."""
    if "\n" in text:
        return dumper.represent_scalar("tag:yaml.org,2002:str", f"{text}\n", style="|")
    return dumper.represent_str(text)


def _yes_or_no(dumper: yaml.SafeDumper, value: bool) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", "oui" if value else "non")


def _number(dumper: yaml.SafeDumper, number: Decimal | float) -> yaml.ScalarNode:
    """Return the node of a number, without the zeros behind its last decimal."""
    digits = f"{Decimal(str(number)):f}"
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    kind = "float" if "." in digits else "int"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", digits)


def _one_line(dumper: yaml.SafeDumper, values: _OneLine) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", values.items(), flow_style=True)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(bool, _yes_or_no)
_Dumper.add_representer(float, _number)
_Dumper.add_representer(Decimal, _number)
_Dumper.add_representer(_OneLine, _one_line)
