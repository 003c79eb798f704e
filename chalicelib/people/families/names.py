"""People's names as they are compared: one folding, for who is the same child and for whom a colleague looks for."""


def same(name: str) -> str:
    """As a child's id is made of it: `Łukasz D’Hooghe-Şimşek` becomes `lukaszdhooghesimsek`, the letters and digits
    of a keyboard alone. Ids are stored: a change here makes every child another one."""
    return "".join(_words(name))


def plain(name: str) -> str:
    """As people look for it: `lukasz dhooghe simsek`. The same letters, with one space between two words."""
    return " ".join(_words(name))


def matches(wanted: str, name: str) -> bool:
    """Whether every word of `wanted` begins a word of `name`, in whatever order; both as `plain` writes them. No two
    begin the same one: `jan jan` is not `jan peeters`."""
    left = name.split()
    for word in sorted(wanted.split(), key=len, reverse=True):
        found = next((one for one in left if one.startswith(word)), None)
        if found is None:
            return False
        left.remove(found)
    return bool(wanted)


def _words(name: str) -> list[str]:
    """Accents and apostrophes stand within a word, everything else that is no letter or digit between two."""
    return "".join(map(_folded, name)).lower().split()


def _folded(character: str) -> str:
    """A letter as the letters that it looks like or stands for, without what anyascii writes beside them; nothing for
    an accent or an apostrophe; a space for what stands between words."""
    if not character.isascii():
        # Loaded for the first name that needs it, not by every cold start.
        from anyascii import anyascii  # noqa: PLC0415

        written = anyascii(character)
        if character.isalnum() or not written:
            return "".join(one for one in written if one.isalnum())
        character = written
    if character.isalnum():
        return character
    return "" if character in ("'", "`") else " "
