"""A publisher's file is read as its source says, or refused by the name of what is wrong."""

import gzip
from dataclasses import replace
from decimal import Decimal

import pytest

from ctg_portal.rules import Refused
from indicators.library.entries import entry_of
from indicators.statistics.reading import PublishedFigure, read
from indicators.statistics.source import SOURCES, _read, filling, sources
from indicators.values.figure import LONGEST_SOURCE
from spreadsheets.reading.refusals import Unreadable
from tests.indicators.statistics.published import (
    CNAF_COLUMNS,
    FILOSOFI_COLUMNS,
    cnaf,
    filosofi,
    text,
)

CNAF, FILOSOFI = "cnaf_allocataires", "insee_filosofi"


def figures(key: str, content: bytes, year=2024) -> dict:
    reading = read(sources()[key], year, content)
    return {(one.place, one.measure): one.number for one in reading.figures}


def refusal(key: str, content: bytes, year=2024) -> str:
    with pytest.raises(Refused) as refused:
        read(sources()[key], year, content)
    return refused.value.refusal.reason


# The sources themselves ---------------------------------------------------------------------------


def test_each_source_fills_what_the_library_has():
    assert len(sources()) == 10
    assert all(entry_of(code) for code in filling())


def test_the_mention_of_each_source_can_be_kept_beside_a_figure():
    longest = max(len(source.full_mention(2024)) for source in sources().values())
    assert longest < LONGEST_SOURCE - 80


def test_addresses_of_sources_are_https_at_their_publisher():
    for source in sources().values():
        address = source.address_of(2024)
        assert not address or address.startswith(f"https://{source.host}/")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("publisher =", "editeur ="),  # a key that nobody reads, another that is missing
        ("rounding_base = 5\n", ""),  # what is not said, or said twice
        ("rounding_base = 5", 'rounding_base = 5\nrounding = "à 5 près"'),
        ('kind = "commune"', 'kind = "commune"\nzone = "x"'),
        ("https://data.caf.fr/api", "http://data.caf.fr/api"),
        ("https://data.caf.fr/api", "https://elsewhere.example/api"),
    ],
)
def test_a_malformed_description_of_a_source_is_refused(tmp_path, before, after):
    path = sources()[CNAF].key
    content = (_path(path)).read_text(encoding="utf-8")
    assert before in content
    wrong = tmp_path / "x.toml"
    wrong.write_text(content.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.toml"):
        _read(wrong)


def _path(key: str):
    return SOURCES / f"{key}.toml"


# The Cnaf by commune ------------------------------------------------------------------------------


def test_a_line_of_the_cnaf_gives_each_measure_of_its_commune():
    numbers = figures(CNAF, cnaf({"86066": 9260, "2A004": 40}))
    assert numbers["86066", "foyers"] == 9260
    assert numbers["86066", "personnes"] == 9255
    assert numbers["2A004", "garde"] == 0
    assert len(numbers) == 20


def test_columns_in_any_order_and_any_separator_are_read():
    columns = tuple(reversed(CNAF_COLUMNS))
    rows = [[*range(10, 0, -1), "CHÂTELLERAULT", "86066", "2024-12"]]
    for separator in (";", ",", "\t"):
        content = text(columns, rows, separator=separator)
        assert figures(CNAF, content)["86066", "foyers"] == 1


def test_old_alphabets_are_read():
    content = cnaf({"86066": 10}).decode("utf-8-sig").replace("COMMUNE", "Châtellerault")
    assert figures(CNAF, content.encode("cp1252"))["86066", "foyers"] == 10


def test_lines_of_other_years_are_passed_over():
    two = cnaf({"86066": 10}) + cnaf({"86066": 20}, year=2023).split(b"\n", 1)[1]
    assert figures(CNAF, two, 2024)["86066", "foyers"] == 10
    assert figures(CNAF, two, 2023)["86066", "foyers"] == 20
    assert refusal(CNAF, two, 2022) == (
        "Ce fichier n’a rien de 2022 : ses lignes sont de 2023 et 2024."
    )


def test_lines_of_no_commune_are_counted_and_left():
    reading = read(sources()[CNAF], 2024, cnaf({"86066": 10, "": 500, "XX": 5}))
    assert {one.place for one in reading.figures} == {"86066"}
    assert reading.unplaced == 2


def test_an_empty_cell_is_no_zero():
    content = text(CNAF_COLUMNS, [["2024-12", "86066", "C", "", *range(9)]])
    numbers = figures(CNAF, content)
    assert ("86066", "foyers") not in numbers
    assert numbers["86066", "personnes"] == 0


def test_a_missing_column_is_named():
    columns = [name for name in CNAF_COLUMNS if name not in ("indfoy_rsa", "dtreffre")]
    assert (
        "Il manque les colonnes « dtreffre » et « indfoy_rsa » du jeu « s_ben_com_f »"
        in refusal(CNAF, text(columns, []))
    )


def test_an_unknown_column_is_named():
    columns = [*CNAF_COLUMNS, "indfoy_nouvelle"]
    content = text(columns, [["2024-12", "86066", "C", *range(11)]])
    assert refusal(CNAF, content).startswith("La colonne « indfoy_nouvelle » est inconnue")


def test_a_line_of_separators_is_not_read(monkeypatch):
    """Nine million columns took nine seconds and half a gigabyte to be told from the right ones."""
    monkeypatch.setattr("indicators.statistics.reading._columns", None)
    message = refusal(CNAF, ";".join(CNAF_COLUMNS).encode() + b";" * 2000 + b"\n")
    assert message == "Ce fichier a plus de mille colonnes : ce n’est pas celui qui est publié."


def test_of_places_that_nobody_asks_for_no_figure_is_looked_at():
    """Who brings a file of all communes of France for a few waits for a page."""
    lines = [["2024-12", code, "C", *range(10)] for code in ("86066", "86067")]
    lines[1][3:] = ["illisible"] * 10
    content = text(CNAF_COLUMNS, lines)
    reading = read(sources()[CNAF], 2024, content, lambda kind, place: place == "86066")
    assert {one.place for one in reading.figures} == {"86066"}
    assert reading.elsewhere == 1
    assert refusal(CNAF, content).startswith("Ligne 3")


def test_a_column_that_is_known_and_not_read_is_passed_over():
    columns = [*CNAF_COLUMNS, "indmtt_rsa", "indnbp_apl"]
    content = text(columns, [["2024-12", "86066", "C", *range(12)]])
    assert len(figures(CNAF, content)) == 10


def test_a_column_that_is_there_twice_is_named():
    content = text([*CNAF_COLUMNS, "indfoy_rsa"], [])
    assert refusal(CNAF, content) == "La colonne « indfoy_rsa » est deux fois dans ce fichier."


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["2024-06", "86066"], "Ligne 2, colonne « dtreffre » : « 2024-06 » n’est pas un mois"),
        (["12/2024", "86066"], "Ligne 2, colonne « dtreffre » : « 12/2024 »"),
        (["2024-12", "1001"], "« 1001 » n’est pas le code d’une commune"),
        (["2024-12", "86066", "C", "<5"], "colonne « indfoy_ndur » : « <5 » n’est pas un nombre"),
        (["2024-12", "86066", "C", "-5"], "colonne « indfoy_ndur » : « -5 » n’est pas un nombre"),
        (["2024-12", "86066", "C", "1e3"], "« 1e3 » n’est pas un nombre"),
        (["2024-12", "86066", "C", "NaN"], "« NaN » n’est pas un nombre"),
    ],
)
def test_an_invalid_cell_is_refused_with_its_line(cells, expected):
    row = [*cells, *[""] * (len(CNAF_COLUMNS) - len(cells))]
    assert expected in refusal(CNAF, text(CNAF_COLUMNS, [row]))


def test_a_commune_listed_twice_is_refused_with_both_lines():
    content = cnaf({"86066": 10}) + cnaf({"86066": 10}).split(b"\n", 1)[1]
    assert refusal(CNAF, content) == (
        "Ligne 3 : la commune 86066 est déjà à la ligne 2, pour la même année et la même mesure "
        "(« Foyers allocataires »)."
    )


def test_a_truncated_line_is_refused_with_its_cell_count():
    content = text(CNAF_COLUMNS, [["2024-12", "86066"]])
    assert refusal(CNAF, content) == "Ligne 2 : 2\xa0cellules, pour 13\xa0colonnes."


def test_an_archive_or_a_workbook_is_refused_as_such():
    assert "Ce fichier est une archive ou un classeur" in refusal(CNAF, b"PK\x03\x04")


def test_a_binary_file_is_unreadable():
    with pytest.raises(Unreadable):
        read(sources()[CNAF], 2024, b"\x00\x01\x02\x03\x04\x05" * 20)


def test_a_file_without_lines_is_refused():
    assert refusal(CNAF, text(CNAF_COLUMNS, [])) == "Ce fichier n’a aucun chiffre de 2024."
    assert "Il manque les colonnes" in refusal(CNAF, b"")


# The Cnaf by intercommunalité ---------------------------------------------------------------------


def test_a_rate_above_a_hundred_is_read_and_the_row_of_none_is_not():
    columns = ["annee", "numepci", "nomepci", "numdep", "nomdep", "txcouv_epci", "txcouv_eaje_epci"]
    rows = [
        [2024, "248600413", "CA GRAND CHATELLERAULT", "86", "VIENNE", "58.7", "12.1"],
        [2024, "200070555", "CC D EXEMPLE", "01", "AIN", "160,5", "12.1"],
        [2024, "XX", "XX", "XX", "XX", "195.8", "1"],
    ]
    numbers = figures("cnaf_couverture_epci", text(columns, rows))
    assert numbers == {
        ("248600413", "taux"): Decimal("58.7"),
        ("200070555", "taux"): Decimal("160.5"),
    }


def test_places_are_read_by_mode():
    columns = ["annee", "numepci", "pl_eaje_epci", "pl_am_ind_epci", "tot_offre_epci"]
    numbers = figures(
        "cnaf_places_epci", text(columns, [[2024, "248600413", "441", "610", "1100"]])
    )
    assert numbers == {("248600413", "eaje"): 441, ("248600413", "assistants"): 610}


def test_the_rate_of_france_is_that_of_its_own_file():
    columns = ["annee", "national", "txcouv_nat", "txcouv_eaje_nat"]
    rows = [["2023-01-01", "FRANCE ENTIERE HORS MAYOTTE", "60.9", "23.5"]]
    published = read(sources()["cnaf_couverture_france"], 2023, text(columns, rows)).figures
    assert published == [PublishedFigure("france", "FR", "taux", Decimal("60.9"))]


# Insee --------------------------------------------------------------------------------------------


def test_filosofi_says_what_is_secret_and_what_does_not_exist():
    rows = [("86066", "COM", "MED_SL", 20150), ("86001", "COM", "MED_SL", None),
            ("86", "DEP", "PR_MD60", "13.9"), ("FM", "FRANCE", "PR_MD60", "14.5"),
            ("F", "FRANCE", "PR_MD60", "15"), ("7", "REG", "PR_MD60", "1"),
            ("86066", "COM", "D1_SL", "9")]  # fmt: skip
    content = filosofi(rows)
    content += b"86002;COM;MED_SL;EUR_YR;0;F;O;2024;\n"
    reading = read(sources()[FILOSOFI], 2024, content)
    assert {(one.place_kind, one.place, one.measure, one.number) for one in reading.figures} == {
        ("commune", "86066", "mediane", 20150),
        ("commune", "86001", "mediane", None),
        ("department", "86", "pauvrete", Decimal("13.9")),
        ("france", "FR", "pauvrete", Decimal("14.5")),
    }


def test_filosofi_without_its_column_of_secrets_is_refused():
    columns = [name for name in FILOSOFI_COLUMNS if name != "CONF_STATUS"]
    assert "Il manque la colonne « CONF_STATUS »" in refusal(FILOSOFI, text(columns, []))


def test_equipment_is_read_by_type():
    columns = ["GEO", "GEO_OBJECT", "FACILITY_DOM", "FACILITY_SDOM", "FACILITY_TYPE",
               "BPE_MEASURE", "TIME_PERIOD", "OBS_VALUE"]  # fmt: skip
    rows = [
        ["86066", "COM", "D", "D5", "D502", "FACILITIES", 2024, 7],
        ["86066", "COM", "D", "D5", "D502", "AUTRE", 2024, 99],
        ["86066", "COM", "F", "F1", "F105", "FACILITIES", 2024, 3],
    ]
    quoted = text(columns, [[f'"{cell}"' for cell in row] for row in rows])
    assert figures("insee_equipements", quoted) == {("86066", "creches"): 7}


def test_the_populations_that_come_with_the_portal_are_read_as_any_file():
    source = sources()["insee_populations"]
    content = source.bundled_of(2023)
    numbers = {
        (one.place_kind, one.place): one.number for one in read(source, 2023, content).figures
    }
    assert numbers["commune", "86066"] > 25_000
    own = sum(n for (kind, code), n in numbers.items() if kind == "commune" and code[:2] == "86")
    assert numbers["department", "86"] == own
    assert source.bundled_of(2022) is None
    assert gzip.compress(content)


def test_a_measure_of_population_that_nobody_knows_is_refused():
    columns = ["GEO", "GEO_OBJECT", "FREQ", "POPREF_MEASURE", "TIME_PERIOD", "OBS_VALUE"]
    content = text(columns, [["86066", "COM", "A", "PNEUVE", 2023, 1]])
    assert refusal("insee_populations", content, 2023) == (
        "Ligne 2, colonne « POPREF_MEASURE » : « PNEUVE » est inconnu."
    )


# A census by age: many lines a figure, and a year that only the name of the file says ------------


AGES = "insee_ages"


def ages(*lines: str, header="CODGEO;LIBGEO;SEXE;AGED100;NB") -> bytes:
    return "\n".join([header, *lines]).encode()


def test_lines_of_ages_and_sexes_add_up():
    content = ages("86066;X;1;000;10.5", "86066;X;2;000;9.5", "86066;X;1;002;1", "86066;X;1;011;3")
    assert figures(AGES, content) == {
        ("86066", "moins_de_3"): Decimal(21),
        ("86066", "de_3_a_11"): Decimal(3),
    }


def test_a_sum_of_which_a_part_is_secret_is_secret():
    source = sources()[AGES]
    source = replace(source, columns=replace(source.columns, confidentiality="CONF_STATUS"))
    header = "CODGEO;LIBGEO;SEXE;AGED100;NB;CONF_STATUS"
    lines = ("86066;X;1;000;10;F", "86066;X;2;000;;C", "86066;X;1;001;10;F")
    [figure] = read(source, 2024, ages(*lines, header=header)).figures
    assert (figure.measure, figure.number) == ("moins_de_3", None)


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("TD_POP1B_2022.csv", 2022),
        ("BTT_TD_POP1B_2019 (1).txt", 2019),
        ("2020_2022.csv", None),
        ("ages.csv", None),
        ("20221231.csv", None),
    ],
)
def test_the_name_of_a_file_says_its_year_where_no_column_does(name, year):
    assert sources()[AGES].year_named(name) == year
    assert sources()[CNAF].year_named(name) is None
