"""What a module makes when it is imported, made by functions: those are what mutmut can change.

Much of what delivery knows stands in statements that are made once, such as `_DUE = select(…)`. Lifted, that reads
`_DUE = made_DUE()`, where `made_DUE` is a function that returns what stood there. Nothing else changes.
"""

import ast
from collections.abc import Iterator

#: What names a type, and what only says where to log.
_LEFT = ("TypeVar", "getLogger")


def lifted(source: str) -> str:
    """The source of a module in which what is made at its top is made by functions."""
    lines = source.splitlines(keepends=True)
    for start, name, value in reversed(list(_made(source))):
        first, last = value.lineno - 1, (value.end_lineno or 0) - 1
        function = f"def made{name}():\n    return (\n{ast.get_source_segment(source, value)}\n    )\n\n"
        before = _cut(lines[first], end=value.col_offset)
        after = _cut(lines[last], start=value.end_col_offset)
        lines[start - 1 : last + 1] = [function, *lines[start - 1 : first], f"{before}made{name}(){after}"]
    return "".join(lines)


def _made(source: str) -> Iterator[tuple[int, str, ast.expr]]:
    """The assignments at the top of a module whose values are worth changing: their first line, name and value."""
    for node in ast.parse(source).body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(name)], value=value)
                | ast.AnnAssign(target=ast.Name(name), value=ast.expr() as value)
            ) if _is_value(value) and not name.startswith("__"):
                yield node.lineno, name, value


def _is_value(node: ast.expr) -> bool:
    """Tell whether it is a value: neither a type nor a mere name."""
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).rpartition(".")[2] not in _LEFT
    if isinstance(node, ast.BinOp):
        return not any(isinstance(each, ast.Subscript) for each in ast.walk(node))
    return isinstance(node, ast.Constant | ast.Dict | ast.List | ast.Set)


def _cut(line: str, *, start: int | None = None, end: int | None = None) -> str:
    """A piece of a line by offsets as the parser counts: in bytes."""
    return line.encode()[start:end].decode()
