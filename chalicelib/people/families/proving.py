"""From a token to a proven mailbox: what a token is worth, and what happens when the link in a mail is first used.

Whoever asks for a pass only types an address. Until somebody uses the link that was sent there, the pass names nobody:
no other family, no count and no moment notices it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.core.http.problems import UNAUTHORIZED, Problem
from chalicelib.core.memory import Memory
from chalicelib.core.refusals import Refused
from chalicelib.people.families import changes, namings, table, tokens
from chalicelib.people.families.rules import Bearer, Naming, Pass, kept_until

# What a container knows of passes whose first token does not say it: a proven pass stays one.
_proven: Memory[tuple[str, str], Bearer] = Memory(3600)
# Who named a child first. The desk may move it: everybody goes by that within these seconds.
_firsts: Memory[str, str | None] = Memory(5)


def worth(token: str, now: datetime) -> Bearer:
    """The family that a token is for: the one place that decides it, wherever a token comes from.

    A token that was made after the proof says all: nothing is read. The one in the first mail proves the mailbox when
    it is first used; later it costs one read of the pass for each container. Raises Problem `unauthorized`, and
    `not-eligible` if the family named too many children (then nothing is named).
    """
    bearer = tokens.read(token)
    known = bearer
    if not bearer.is_proven:
        known = _proven.get((bearer.family_id, bearer.pass_id), lambda: prove(pass_of(bearer), now).bearer)
    return changes.corrected(known, bearer.signed_at or 0)


def pass_of(who: Bearer) -> Pass:
    """The pass of a token as it is stored. Raises Problem `unauthorized` if there is none any more."""
    found = table.get(who.family_id, who.pass_id)
    if found is None:
        raise Problem(UNAUTHORIZED)
    return found


def seen_pass(who: Bearer) -> Pass:
    """The same as it was a moment ago, for what is only shown of it."""
    found = table.seen(who.family_id, who.pass_id)
    if found is None:
        raise Problem(UNAUTHORIZED)
    return found


def prove(asked: Pass, now: datetime) -> Pass:
    """The pass whose mailbox is proven now: its children are named from now on, and not since it was asked for. Else a
    pass could be kept back for each child and mailbox, until another child has shown which mailbox comes early. Again
    and again is the same; should it break off, the next use of the link does the rest.

    Raises Problem `not-eligible` (rule `children`), and nothing is named; `unauthorized` if the pass is gone; of one
    that corrects the family's address `not-now` and `changed`.
    """
    if asked.is_proven:
        return asked
    if asked.moves:
        from chalicelib.people.families import mailboxes  # noqa: PLC0415 for few; each import is in every cold start

        mailboxes.move(asked, now)
    if asked.invited_by:
        return _accepted(asked, now)
    proven = naming(asked, now)
    try:
        table.store_namings(proven)
    except Refused:
        raise Problem(UNAUTHORIZED) from None
    return proven


def _accepted(asked: Pass, now: datetime) -> Pass:
    """Of whom another parent invited. Its other children are in a pass of its own, which it goes on with if it has one.
    Raises Problem `unauthorized` too if the invitation was withdrawn or is over: nothing is named then."""
    from chalicelib.people.families import sharing  # noqa: PLC0415 for few, and once

    sharing.must_be_invited(asked, now)
    proven = naming(sharing.with_all(asked), now)
    sharing.accept(asked, now)
    try:
        table.store_namings(proven)
    except Refused:
        raise Problem(UNAUTHORIZED) from None
    return proven


def naming(new: Pass, now: datetime) -> Pass:
    """The same, not stored: for a pass that a colleague makes for a family at the desk. What was typed as it stood
    before a correction is the corrected child."""
    from chalicelib.people.families import identities, mailboxes  # noqa: PLC0415 not for a registration

    # An invitation says which child it is: nobody typed that.
    known = new.children if new.invited_by else identities.known(new.family_id, new.children)
    children, expires = [one.child_id for one in known], kept_until(new.created_at)
    namings.count(new.family_id, children, now, expires)
    identities.keep(new.children, known, now)
    mailboxes.keep(new, now)
    return replace(new, children=known, namings=namings.name(children, new.family_id, now, expires), moves=False)


def resolved(who: Bearer, child_ids: Sequence[str]) -> list[Naming]:
    """How these children are named, by which moments are worked out. Nothing is read, but for a child that another
    family named first: which one that was, one call, remembered for a few seconds."""
    own = {child: _as_moved(child, who.namings[child]) for child in child_ids}
    behind = [child for child, one in own.items() if one.first is not None]
    known = _firsts.several(behind, _read_firsts) if behind else {}
    return namings.resolved(own, {child: first for child, first in known.items() if first is not None})


def _as_moved(child_id: str, naming: Naming) -> Naming:
    """A naming that the desk moved counts for tokens that were signed before, too: for both families."""
    moved = changes.moved(child_id)
    if moved is None:
        return naming
    return replace(naming, first=None if moved.family_id == naming.family_id else moved.family_id)


def _read_firsts(children: Sequence[str]) -> dict[str, str | None]:
    found = namings.firsts(children)
    return {child: found.get(child) for child in children}
