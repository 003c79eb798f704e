"""A face's colours in the style sheet: its name says them, so that they cost a page neither a request nor a read more,
and a browser asks for each pair once. `action`, `bar`: six hexadecimal digits, or None where the city has none."""

from chalicelib.city.face.rules import Face, darker, text_on


def style_name(face: Face) -> str:
    action = f"-a{face.action[1:]}" if face.action else ""
    return f"stormloop{action}{f'-b{face.bar[1:]}' if face.bar else ''}.css"


def style_sheet(action: str | None, bar: str | None) -> str:
    """What stands behind tokens.css, and changes its colours."""
    changed: dict[str, str] = {}
    if action:
        changed |= {"action": f"#{action}", "action-dark": darker(f"#{action}")}
    if bar:
        text = text_on(f"#{bar}")
        changed |= {"bar": f"#{bar}", "bar-ink": text, "bar-link": text, "bar-hover": text}
    return ":root { " + " ".join(f"--city-{name}: {colour};" for name, colour in changed.items()) + " }"
