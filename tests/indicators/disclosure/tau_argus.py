"""What τ-Argus masks of a table: run as a program of its own, in a folder of its own, for it keeps
its state in the process and writes where it runs. Reads {commune: [count, sector]} as JSON with the
threshold, writes the state of each cell: S shown, U small, M masked for another."""

import json
import sys
from pathlib import Path

from pytauargus import protect


def main() -> None:
    asked = json.load(sys.stdin)
    rows = [
        {"place": place, "number": 1.0}
        for place, (count, _) in asked["communes"].items()
        for _ in range(count)
    ]
    lines = []
    for sector in sorted({sector for _, sector in asked["communes"].values()}):
        lines.append(sector)
        lines += [f"@{place}" for place, (_, s) in asked["communes"].items() if s == sector]
    Path("places.hrc").write_text("\n".join(lines) + "\n")
    result = protect(
        rows, ["place"], "number", safety_rules=f"FREQ({asked['threshold']},0)", suppress="OPT(1)",
        cost_var="-1", hrc={"place": "places.hrc"}, hierleadstring="@", workdir="files",
    )  # fmt: skip
    states = {}
    for line in Path("files/tab1.tab").read_text().splitlines():
        name, _, _, _, state, *_ = line.split(";")
        states[name.strip('"')] = state
    Path("states.json").write_text(json.dumps(states))
    assert result.tables


main()
