"""Mails about registrations that reached nobody, in words: what they said, and why they did not arrive."""

from chalicelib.core.languages import N_
from chalicelib.mail.rules import MailKind, MailReturn
from chalicelib.mail.undelivered import TO_PRINT

KINDS = {
    MailKind.OFFERED: N_("A seat is offered"),
    MailKind.HELD: N_("A seat is held"),
    MailKind.CALLED_OFF: N_("The camp is cancelled"),
    MailKind.CHANGED: N_("The camp changed"),
    MailKind.CANCELLED: N_("The seat is cancelled"),
    MailKind.CONFIRMED: N_("The registration is confirmed"),
    MailKind.WAITLISTED: N_("On the waiting list"),
    MailKind.LAPSED: N_("The seat is no longer held"),
    MailKind.LEFT: N_("No longer on the waiting list"),
    MailKind.DECLINED: N_("The seat is given up"),
    MailKind.CHILD_LEFT: N_("A child of several does not come any more"),
    MailKind.UNPAID: N_("It is not paid yet"),
    MailKind.OTHER_PARENT: N_("How it stands, for the other parent: tell the first one nothing of it"),
}
REASONS = {
    TO_PRINT: N_("The family has no mail address: give it its letter."),
    MailReturn.GONE.value: N_("The address does not take mail: it does not exist, or no longer."),
    MailReturn.COMPLAINT.value: N_("The family marked our mails as unwanted, so we write no more."),
    MailReturn.NOT_NOW.value: N_("The mailbox did not take it now: it is full, for example."),
}
REFUSED = N_("The mail service refused it.")
