"""The accounts of the city's own bookkeeping, as our books call them: a version each time when somebody changes one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.core.http.fields import Text
from chalicelib.core.languages import N_
from chalicelib.money.books.rules import BookAccount

AS_NUMBER = N_("Give the account's number as your bookkeeping has it: at most 20 letters, digits, points and dashes.")
NUMBER = Text(AS_NUMBER, r"[0-9A-Za-z./-]{1,20}", 20)


@dataclass(frozen=True)
class AccountNumbers:
    """`version`: 0 while nobody gave one. `numbers`: by `name_of` an account, or of a kind of accounts."""

    version: int
    numbers: Mapping[str, str]
    by: str = ""
    at: datetime | None = None

    def of(self, account: BookAccount, of: str) -> str:
        """The account's own number, else that of its kind; empty: nobody gave one."""
        return self.numbers.get(name_of(account, of)) or self.numbers.get(name_of(account), "")


NONE = AccountNumbers(0, {})


def name_of(account: BookAccount, of: str = "") -> str:
    return f"{account.value}#{of}" if of else account.value
