"""A condition as a clerk reads it: it holds if everything of one of its alternatives is so.

Whatever `All`, `Either` and `Not` put together has such a form, and means the same in it.
"""

from collections.abc import Iterable, Sequence
from itertools import chain, product
from typing import NamedTuple

from chalicelib.money.tariffs.conditions import ALWAYS, All, Condition, Either, Not

MOST_ALTERNATIVES = 30


class Requirement(NamedTuple):
    """One thing that has to be so, or (`is_so` False) must not be; without `All`, `Either` and `Not`."""

    leaf: Condition
    is_so: bool = True


Alternative = tuple[Requirement, ...]


class TooManyAlternatives(Exception):
    """More than MOST_ALTERNATIVES: nobody would read them."""


def alternatives_of(condition: Condition) -> tuple[Alternative, ...]:
    """One, without any requirement: it always holds. None: it never does. Raises TooManyAlternatives."""
    return _of(condition, is_so=True)


def condition_of(alternatives: Sequence[Alternative]) -> Condition:
    """The condition of which these are the alternatives."""
    several = [_all(alternative) for alternative in alternatives]
    if len(several) == 1:
        return several[0]
    return Either(tuple(several)) if several else Not(ALWAYS)


def _all(alternative: Alternative) -> Condition:
    several = tuple(each.leaf if each.is_so else Not(each.leaf) for each in alternative)
    return several[0] if len(several) == 1 else All(several)


def _of(condition: Condition, *, is_so: bool) -> tuple[Alternative, ...]:
    match condition:
        case Not(negated):
            return _of(negated, is_so=not is_so)
        case All(of) | Either(of):
            inner = [_of(each, is_so=is_so) for each in of]
            return _each_with_each(inner) if isinstance(condition, All) == is_so else _bounded(chain(*inner))
        case _:
            return ((Requirement(condition, is_so),),)


def _each_with_each(several: Sequence[tuple[Alternative, ...]]) -> tuple[Alternative, ...]:
    found: tuple[Alternative, ...] = ((),)
    for more in several:
        found = _bounded((*one, *another) for one, another in product(found, more))
    return found


def _bounded(alternatives: Iterable[Alternative]) -> tuple[Alternative, ...]:
    """Each once, and each of its requirements once."""
    found: dict[Alternative, None] = {}
    for alternative in alternatives:
        found.setdefault(tuple(dict.fromkeys(alternative)))
        if len(found) > MOST_ALTERNATIVES:
            raise TooManyAlternatives
    return tuple(found)
