"""Papers that families uploaded as a proof are deleted: when somebody decided, and when the family leaves."""

from chalicelib.core import settings
from chalicelib.money.entitlements import table
from chalicelib.money.entitlements.bucket import client, key, unless_away
from chalicelib.money.entitlements.rules import Declaration


def forget_paper(declaration: Declaration) -> None:
    """Deletes what was uploaded for it, and says so. Again is the same. Raises Busy."""
    forget_object(declaration.family_id, declaration.declaration_id)
    table.forget_paper(declaration)


def erase(family_id: str) -> None:
    """Deletes the papers that the family uploaded, and the lines of its declarations that wait; its partition goes with
    it. Again is the same. Raises Busy."""
    for declaration in table.of_family(family_id):
        # Of each: an upload may have broken off before it was said, or a decision before it was deleted. It is free.
        forget_object(family_id, declaration.declaration_id)
    table.erase_lines(family_id)


def forget_object(family_id: str, declaration_id: str) -> None:
    """Of a declaration that is gone, or about to be. Again is the same. Raises Busy."""
    with unless_away():
        client().delete_object(Bucket=settings.papers(), Key=key(family_id, declaration_id))
