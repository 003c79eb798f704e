"""When a rule issues a certificate in the place of a clerk. Plain rules.

Everything must hold: the person asks for themself, who they are was proven as the rule says, the population register
knows exactly that person and says all that a certificate of this kind states. Whatever does not hold leaves the request
to a clerk, and says why. A rule never refuses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.core.languages import N_, in_words
from chalicelib.core.printing.pdf import is_printable
from chalicelib.front_door.cases.rules import CITIZEN, STORMLOOP, Act, Case, CaseStatus, HistoryEntry
from chalicelib.front_door.counter.kinds import SELF
from chalicelib.front_door.counter.rules import Content, Identity, IdentityWay, Labels, same_name
from chalicelib.programme.questions.rules import said

MOST_LINES, MOST_LONG = 40, 300
# The documents (requests.DOCUMENTS) of the person who stands at the desk, not of whom they come for.
OWN_DOCUMENTS = frozenset({"identity-card", "residence-card", "passport"})


class StateKind(StrEnum):
    """One field of the register about a person: words, a day, or a list of at least one line of words."""

    WORDS = "words"
    DAY = "day"
    LIST = "list"


@dataclass(frozen=True)
class Stated:
    """One thing that a certificate states. `key`: of the register's field."""

    key: str
    kind: StateKind
    label: Labels


def _of(nl: str, fr: str, en: str) -> Labels:
    return {"nl": nl, "fr": fr, "en": en}


_SINCE = Stated("since", StateKind.DAY, _of("Op dit adres sinds", "À cette adresse depuis", "At this address since"))
# The kinds that a rule may issue: what each states beside name, birth date and address. Whatever needs a person's eyes
# (a record, a wish, the criminal register, that somebody lives) is not among them.
STATED: Mapping[str, Sequence[Stated]] = {
    "household": (
        Stated("members", StateKind.LIST, _of("Het gezin bestaat uit", "Le ménage se compose de", "The household is")),
    ),
    "residence": (_SINCE,),
    "residence-history": (
        _SINCE,
        Stated("earlier", StateKind.LIST, _of("Vroegere adressen", "Adresses précédentes", "Earlier addresses")),
    ),
    "nationality": (Stated("nationality", StateKind.WORDS, _of("Nationaliteit", "Nationalité", "Nationality")),),
    "cohabitation": (
        Stated("partner", StateKind.WORDS, _of("Samenwonend met", "Cohabitant avec", "Cohabiting with")),
        Stated("cohabiting_since", StateKind.DAY, _of("Sinds", "Depuis", "Since")),
    ),
}


@dataclass(frozen=True)
class Facts:
    """The facts of the register about one person, as it calls them. `fields`: words, an ISO day, or several lines."""

    name: str
    born: date
    address: str
    fields: Mapping[str, str | tuple[str, ...]]


class NoFacts(StrEnum):
    """NONE: the register knows nobody like that. UNCERTAIN: it knows several, or says itself that it is not sure."""

    NONE = "none"
    UNCERTAIN = "uncertain"


RegisterAnswer = Facts | NoFacts


@dataclass(frozen=True)
class Signatory:
    staff_id: str
    name: str
    at: datetime


@dataclass(frozen=True)
class IssuingRule:
    """A version of the rule of one form. `desk`: whether a document that a clerk looked at is enough. `levels`: the
    levels of assurance of a sign-in that are, as the provider calls them. `days`: for how many a certificate is valid;
    0: it has no end. It acts from its acceptance by a second person on, until it is ended or another is accepted."""

    form_id: str
    number: int
    desk: bool
    levels: tuple[str, ...]
    days: int
    entered: Signatory
    accepted: Signatory | None = None
    ended: Signatory | None = None

    def valid_until(self, issued_on: date) -> date | None:
        return issued_on + timedelta(days=self.days) if self.days else None


FOR_ANOTHER = N_("It is not asked for by the person themself.")
AT_IT = N_("Somebody is at it already, or it was opened again.")
WROTE = N_("The citizen wrote something besides.")
WEAK = N_("Identity was proven in a way that is not enough for the rule.")
ANOTHER = N_("Who proved their identity is not called as in the request, or was born on another day.")
UNKNOWN = N_("The register knows nobody of that name and birth date.")
UNCERTAIN = N_("The register is not certain who it is.")
ANOTHER_IN_REGISTER = N_("The register has another name or birth date.")
INCOMPLETE = N_("The register does not say all that the certificate states.")
AWAY = N_("The register did not answer.")
NOT_SEALED = N_("It could not be made or sealed.")


def of_request(rule: IssuingRule, case: Case, identity: Identity) -> str:
    """Why the rule leaves a request to a clerk, whatever the register says; "": it does not."""
    if case.answers.get("whom") != SELF:
        return FOR_ANOTHER
    is_seen = rule.desk and identity.what in OWN_DOCUMENTS
    if not (is_seen if identity.way is IdentityWay.DESK else identity.level in rule.levels):
        return WEAK
    if not (
        identity.born
        and str(case.answers.get("born", "")) == identity.born.isoformat()
        and same_name(str(case.answers.get("name", "")), identity.name)
    ):
        return ANOTHER
    return ""


def of_state(case: Case, history: Sequence[HistoryEntry], identity: Identity) -> str:
    """Why a request is a person's by now: a clerk did something with it other than prove who asks, or there are words
    that nobody has read."""
    by_clerk = (one for one in history if one.by not in (CITIZEN, STORMLOOP) and one.at != identity.at)
    if case.status is not CaseStatus.RECEIVED or case.reopened or any(by_clerk):
        return AT_IT
    return WROTE if any(entry.act is Act.REPLIED for entry in history) else ""


def of_answer(form_id: str, answer: RegisterAnswer, identity: Identity) -> str:
    """Why what the register says is not enough."""
    match answer:
        case NoFacts.NONE:
            return UNKNOWN
        case NoFacts.UNCERTAIN:
            return UNCERTAIN
        case Facts() as facts:
            if facts.born != identity.born or not same_name(facts.name, identity.name):
                return ANOTHER_IN_REGISTER
            return "" if _is_complete(STATED[form_id], facts) else INCOMPLETE
    return UNCERTAIN


def content(form_id: str, facts: Facts, language: str) -> Content:
    """The words of the certificate. `facts` are complete."""
    lines = [line for one in STATED[form_id] for line in _lines(one, facts.fields[one.key], language)]
    return Content(facts.name, facts.born, facts.address, "\n".join(lines), language)


def _is_complete(stated: Sequence[Stated], facts: Facts) -> bool:
    return all(map(_is_said, (facts.name, facts.address))) and all(_states(one, facts) for one in stated)


def _states(one: Stated, facts: Facts) -> bool:
    value = facts.fields.get(one.key)
    match one.kind:
        case StateKind.LIST:
            return isinstance(value, tuple) and 0 < len(value) <= MOST_LINES and all(map(_is_said, value))
        case StateKind.DAY:
            return isinstance(value, str) and _day(value) is not None
    return isinstance(value, str) and _is_said(value)


def _is_said(text: str) -> bool:
    return bool(text.strip()) and len(text) <= MOST_LONG and text.isprintable() and is_printable(text)


def _lines(one: Stated, value: str | tuple[str, ...], language: str) -> list[str]:
    label = said(one.label, language) + ("\u00a0:" if language == "fr" else ":")
    if isinstance(value, tuple):
        return [label, *(f"{place}. {each}" for place, each in enumerate(value, 1))]
    day = _day(value) if one.kind is StateKind.DAY else None
    return [f"{label} {in_words.day(day, language, weekday=False) if day else value}"]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
