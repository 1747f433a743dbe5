"""Files in the layouts of their publishers, with invented figures."""

CNAF_COLUMNS = (
    "dtreffre", "numcomdo", "nomcom", "indfoy_ndur", "indnbp_ndur", "indfoy_rsa", "indfoy_ppa",
    "indfoy_ndural", "indfoy_af", "indfoy_cf", "indfoy_asf", "indfoy_ab", "indfoy_cmg",
)  # fmt: skip
FILOSOFI_COLUMNS = (
    "GEO", "GEO_OBJECT", "FILOSOFI_MEASURE", "UNIT_MEASURE", "UNIT_MULT", "CONF_STATUS",
    "OBS_STATUS", "TIME_PERIOD", "OBS_VALUE",
)  # fmt: skip


def text(columns, rows, *, separator=";") -> bytes:
    lines = [separator.join(columns), *(separator.join(map(str, row)) for row in rows)]
    return ("\ufeff" + "\n".join(lines) + "\n").encode()


def cnaf(rows: dict[str, int], *, year=2024, columns=CNAF_COLUMNS) -> bytes:
    """Households by commune; each other measure is five less than the one before, down to zero."""
    return text(
        columns,
        [
            [f"{year}-12", code, "COMMUNE", *(max(first - 5 * n, 0) for n in range(10))]
            for code, first in rows.items()
        ],
    )


def filosofi(rows, *, year=2024) -> bytes:
    """``rows``: (code, kind, measure, number or None where it is secret)."""
    return text(
        FILOSOFI_COLUMNS,
        [
            [code, kind, measure, "EUR_YR", "0", "C" if number is None else "F",
             "A", year, "" if number is None else number]
            for code, kind, measure, number in rows
        ],
    )  # fmt: skip
