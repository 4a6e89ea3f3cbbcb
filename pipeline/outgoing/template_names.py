"""A template, parsed, and the values that it is given come in; each name that is not among them goes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jinja2 import nodes

from pipeline.outgoing.template_part import no_such_name

# Mapping: the names that may follow; list: what each item is; None: anything, for example text.
Shape = Any
_ALWAYS = frozenset({"loop", "range", "dict", "namespace", "joiner", "cycler", "true", "false", "none"})


def shape_of(values: Sequence[object]) -> Shape:
    """What all of ``values`` together may hold."""
    if mappings := [v for v in values if isinstance(v, Mapping)]:
        keys = dict.fromkeys(key for mapping in mappings for key in mapping)
        return {key: shape_of([m[key] for m in mappings if key in m]) for key in keys}
    if lists := [v for v in values if isinstance(v, list | tuple)]:
        return [shape_of([item for one in lists for item in one])]
    return None


def unknown_names(tree: nodes.Template, known: Mapping[str, Shape]) -> Iterator[tuple[int, str]]:
    """Line and fault of every name that is not among ``known``, in branches too that no case takes."""
    return _Names().walk(tree.body, dict(known))


class _Names:
    def walk(self, body: Sequence[nodes.Node], scope: dict[str, Shape]) -> Iterator[tuple[int, str]]:
        for node in body:
            if isinstance(node, nodes.If):
                yield from self.look(node.test, scope)
                for branch in (node.body, node.elif_, node.else_):
                    yield from self.walk(branch, scope)
            elif isinstance(node, nodes.For):
                yield from self.look(node.iter, scope)
                inner = scope | _bound(node.target, _item(_shape(node.iter, scope)))
                if node.test:
                    yield from self.look(node.test, inner)
                yield from self.walk(node.body, inner)
                yield from self.walk(node.else_, scope)
            elif isinstance(node, nodes.Assign):
                yield from self.look(node.node, scope)
                scope |= _bound(node.target, _shape(node.node, scope))
            else:
                yield from self.look(node, scope)

    def look(self, node: nodes.Node, scope: Mapping[str, Shape]) -> Iterator[tuple[int, str]]:
        """The names within an expression."""
        if isinstance(node, nodes.Test) and node.name in ("defined", "undefined"):
            return
        if isinstance(node, nodes.Filter) and node.name in ("default", "d"):
            return
        for child in node.iter_child_nodes():
            yield from self.look(child, scope)
        if isinstance(node, nodes.Name) and node.name not in scope and node.name not in _ALWAYS:
            yield node.lineno, no_such_name(node.name, list(scope))
        if (key := _key(node)) and isinstance(node, nodes.Getattr | nodes.Getitem):
            around = _shape(node.node, scope)
            if isinstance(around, Mapping) and key not in around and not hasattr(dict, key):
                yield node.lineno, no_such_name(key, list(around))


def _shape(node: nodes.Node, scope: Mapping[str, Shape]) -> Shape:
    if isinstance(node, nodes.Name):
        return scope.get(node.name)
    if isinstance(node, nodes.Getattr | nodes.Getitem):
        around, key = _shape(node.node, scope), _key(node)
        return around.get(key) if isinstance(around, Mapping) and key else _item(around)
    return None


def _key(node: nodes.Node) -> str:
    """The name behind a dot, or in square brackets."""
    if isinstance(node, nodes.Getattr):
        return node.attr
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
        return node.arg.value
    return ""


def _item(shape: Shape) -> Shape:
    return shape[0] if isinstance(shape, list) else None


def _bound(target: nodes.Node, shape: Shape) -> dict[str, Shape]:
    """The names that a loop or ``set`` gives, and what they are."""
    if isinstance(target, nodes.Name):
        return {target.name: shape}
    return {name.name: None for name in target.find_all(nodes.Name)}
