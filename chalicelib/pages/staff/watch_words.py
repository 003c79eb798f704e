"""What rings, in words: for the page of the watch."""

from collections.abc import Mapping

from chalicelib.core.languages import N_
from chalicelib.front_door.watching.addresses import Trouble
from chalicelib.front_door.watching.rules import Finding, RingKind

KINDS: Mapping[RingKind, str] = {
    RingKind.GAP: N_("Silence: nothing came since then, and {expected} cases were expected."),
    RingKind.FALL: N_("Fewer than expected: {came} cases came since then, and {expected} were expected."),
    RingKind.WAY: N_("One way is silent while others are not: {came} cases came by it, and {expected} were expected."),
    RingKind.COUNT: N_("A case that was received is no more there: it is neither answered nor in anybody’s hands."),
    RingKind.PEOPLE: N_("Cases go to a unit that has no people any more."),
    RingKind.ADDRESS: N_("The page of the form does not do what it must: {why}"),
    RingKind.LINK: N_("An address of the city’s list does not do what it must: {why}"),
    RingKind.CANARY: N_("A test case did not come through. It was stopped here: {step}"),
    RingKind.INDEPENDENT: N_(
        "Everybody who could answer this complaint is among those whom it is about. Name somebody else in its unit, or "
        "in one above."
    ),
    RingKind.UNSENT: N_(
        "Citizens were not told: mails about {count} cases did not go out. They are tried again each morning: "
        "{receipts}"
    ),
    RingKind.MAILS: N_(
        "Mails became no case, and nobody at the desk has seen to them: {count}. They are deleted after 90 days."
    ),
    RingKind.UNSAID: N_("Nobody said how many cases a year this form expects, so its silence cannot ring yet."),
}
MAILS_OF_CASES = N_("Mails about cases")
MAILS_AT = N_("Mails, taken in at the desk")
FINDINGS: Mapping[Finding, str] = {
    Finding.FAULT: N_("Something was wrong, and it is put right"),
    Finding.FEWER: N_("There really are fewer cases, and it stays so"),
    Finding.NOTHING: N_("We looked everywhere, and found nothing wrong"),
}
WHY: Mapping[str, str] = {
    Trouble.NO_ANSWER: N_("it does not answer."),
    Trouble.STATUS: N_("it answers with the status {status}."),
    Trouble.TEXT: N_("it answers, and does not say what it must say."),
    Trouble.NOT_PUBLIC: N_("it is no address that anybody outside can ask."),
}
STEPS: Mapping[str, str] = {
    "rule": N_("a rule of the form that takes no case any more"),
    "sent": N_("sending"),
    "inbox": N_("the inbox of its unit"),
    "receipt": N_("opening it with its receipt"),
    "answered": N_("answering it"),
}
