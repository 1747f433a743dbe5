"""What a database holds beside its rows: columns, constraints and indexes, as the server tells
them. Their order and the names that Django makes up say nothing; those of the models do."""

import re

from django.apps import apps

COLUMNS = """
SELECT c.relname, concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attnotnull THEN 'NOT NULL' END, pg_get_expr(d.adbin, d.adrelid),
    CASE WHEN a.attidentity <> '' THEN 'IDENTITY ' || a.attidentity::text END,
    CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    AND c.relnamespace = 'public'::regnamespace
"""
# In newer releases a column that takes no null has a constraint (n) that says so again.
CONSTRAINTS = """
SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE k.contype <> 'n' AND c.relnamespace = 'public'::regnamespace
"""
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
TABLES_OF_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL"
INDEXES_OF_SQLITE = """
SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL
"""


def schema_of(connection) -> dict[str, list[str]]:
    """By table, from a connection of the driver."""
    cursor = connection.cursor()

    def rows(query):
        cursor.execute(query)
        return cursor.fetchall()

    if type(connection).__module__.startswith("psycopg2"):
        lines = rows(COLUMNS)
        lines += [(table, _named(name, _plain(text))) for table, name, text in rows(CONSTRAINTS)]
        indexes = rows(INDEXES)
    else:
        lines = [(table, part) for table, sql in rows(TABLES_OF_SQLITE) for part in _parts(sql)]
        indexes = rows(INDEXES_OF_SQLITE)
    for table, name, text in indexes:
        unnamed = re.sub(rf' "?{re.escape(name)}"? ', " ", text, count=1)
        lines.append((table, _named(name, _plain(unnamed))))
    schema = {}
    for table, text in sorted(lines):
        schema.setdefault(table, []).append(text)
    return schema


def _named(name: str, text: str) -> str:
    declared = {
        named.name
        for model in apps.get_models(include_auto_created=True)
        for named in [*model._meta.constraints, *model._meta.indexes]
    }
    return f"{name}: {text}" if name in declared else text


def _plain(text: str) -> str:
    """A condition without its casts, which the server writes otherwise once it was restored."""
    text = re.sub(r"::[a-z]+( [a-z]+)*(\(\d+\))?(\[\])?", "", text)
    before = ""
    while text != before:
        before, text = text, re.sub(r"\(('[^']*'|\w+|ARRAY\[[^]]*\])\)", r"\1", text)
    return text


def _parts(sql: str) -> list[str]:
    """Columns and constraints of a table, from the statement that creates it."""
    parts, depth = [""], 0
    for token in re.findall(r"'(?:[^']|'')*'|\"[^\"]*\"|.", sql[sql.index("(") + 1 :], re.DOTALL):
        depth += {"(": 1, ")": -1}.get(token, 0)
        if depth < 0:
            break
        if token == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += token
    return [" ".join(part.split()) for part in parts]
