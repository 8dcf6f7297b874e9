"""HTML and SVG that cannot be written unescaped: text is text until `tag` made markup of it."""

import html


class Markup(str):
    """A piece of finished markup. Only `tag`, `join` and constants of this package make one."""

    __slots__ = ()


def tag(name: str, /, *children: str, **attributes: str | float | bool | None) -> Markup:
    """An element. Children that are not `Markup` are escaped, attributes always.

    Attribute names: `class_` is `class`, other underscores are hyphens. None and False leave an attribute
    out, True writes it without a value.
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{join(*children)}</{name}>")


def join(*children: str) -> Markup:
    """Children one after the other, escaped unless they are `Markup`."""
    return Markup("".join(c if isinstance(c, Markup) else html.escape(c, quote=False) for c in children))


_VOID = frozenset({"br", "input", "link", "meta"})


def _attribute(key: str, value: str | float | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{html.escape(str(value))}"'
