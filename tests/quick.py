"""Django's compiler of queries, made quicker for the tests: half of their time is spent in it.

Each function does what Django's does, for the cases that are frequent, and leaves the others to
Django's. ``tests/portal/test_quick.py`` compares them; a run that explores uses Django's alone.
"""

from collections.abc import Callable

from django.db.models import Field
from django.db.models.expressions import BaseExpression, Col, ColPairs
from django.db.models.sql.compiler import SQLCompiler


def copy(expression: BaseExpression) -> BaseExpression:
    """Return a copy, without the questions that ``copy.copy`` asks of any object."""
    copied = object.__new__(expression.__class__)
    copied.__dict__.update(expression.__dict__)
    copied.__dict__.pop("convert_value", None)  # as BaseExpression.__getstate__ does
    return copied


def compile_node(compiler: SQLCompiler, node) -> tuple:
    """Return the SQL of a node and its parameters: a column's at once, for most nodes are one."""
    if node.__class__ is not Col:
        return DJANGOS[SQLCompiler, "compile"](compiler, node)
    alias, column, known = node.alias, node.target.column, compiler.quote_cache
    column = known.get(column) or compiler.quote_name_unless_alias(column)
    if not alias:
        return column, []
    return f"{known.get(alias) or compiler.quote_name_unless_alias(alias)}.{column}", []


def select_format(column: Col, compiler: SQLCompiler, sql: str, params) -> tuple:
    """Return what is selected for a column, which few fields write otherwise."""
    if type(column.output_field).select_format is Field.select_format:
        return sql, params
    return DJANGOS[Col, "select_format"](column, compiler, sql, params)


def order_by_pairs(compiler: SQLCompiler):
    """Yield what a query is ordered by. Names of fields are not looked for among the columns that
    it selects: only an alias or an expression may be found there."""
    djangos, query = DJANGOS[SQLCompiler, "_order_by_pairs"], compiler.query
    ordering = query.order_by
    if not ordering and query.default_ordering and (meta := query.get_meta()):
        ordering = meta.ordering
    looks = (
        query.combinator
        or query.extra_order_by
        or any(not isinstance(name, str) for name in ordering)
        or any(alias for _, _, alias in compiler.select or ())
    )
    if looks:
        yield from djangos(compiler)
        return
    selected, compiler.select = compiler.select, None
    try:
        yield from djangos(compiler)  # each is resolved before the next is looked for
    finally:
        compiler.select = selected


def converters_of(compiler: SQLCompiler, expressions) -> dict:
    """Return what is made of the values of each expression, by its place; asked once of each
    field."""
    converters, kept = {}, vars(compiler.connection.ops).setdefault("kept_converters", {})
    for place, expression in enumerate(expressions):
        if isinstance(expression, ColPairs):
            return DJANGOS[SQLCompiler, "get_converters"](compiler, expressions)
        if expression.__class__ is Col and expression.target is expression.output_field:
            field = expression.target
            # The field is kept beside: no other has its id for as long.
            if (known := kept.get(id(field))) is None:
                known = kept[id(field)] = (field, _converters(compiler, expression))
            found = known[1]
        else:
            found = _converters(compiler, expression) if expression else []
        if found:
            converters[place] = (found, expression)
    return converters


def _converters(compiler: SQLCompiler, expression) -> list:
    of_backend = compiler.connection.ops.get_db_converters(expression)
    return of_backend + expression.get_db_converters(compiler.connection)


QUICK: dict[tuple[type, str], Callable] = {
    (BaseExpression, "copy"): copy,
    (SQLCompiler, "compile"): compile_node,
    (Col, "select_format"): select_format,
    (SQLCompiler, "_order_by_pairs"): order_by_pairs,
    (SQLCompiler, "get_converters"): converters_of,
}
DJANGOS = {place: getattr(*place) for place in QUICK}


def use(functions: dict[tuple[type, str], Callable]) -> None:
    """Have Django use these functions: ``QUICK`` or ``DJANGOS``."""
    for place, function in functions.items():
        setattr(*place, function)
