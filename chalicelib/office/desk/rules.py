"""The desk's work as plain rules: what a mail that reached nobody calls for, and whether it is still worth telling."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta

from chalicelib.booking.registrations.rules import RegistrationStatus, family_of
from chalicelib.city.work.rules import Work, WorkId, WorkKind
from chalicelib.core.moments import today
from chalicelib.mail.rules import TO_TELL, MailKind

# How long before a camp its leaders should know what they must know of each child.
CARE_BEFORE = timedelta(days=7)
# Mails that say that a seat waits for an answer.
OFFERS = (MailKind.OFFERED, MailKind.HELD)
CANCELLED, CALLED_OFF = RegistrationStatus.CANCELLED.value, MailKind.CALLED_OFF.value
# What a mail says; it is news as long as it is so.
SAYS: Mapping[MailKind, Collection[RegistrationStatus]] = {
    **dict.fromkeys((MailKind.OFFERED, MailKind.HELD), (RegistrationStatus.OFFERED,)),
    **dict.fromkeys((MailKind.CONFIRMED, MailKind.UNPAID), (RegistrationStatus.CONFIRMED,)),
    MailKind.WAITLISTED: (RegistrationStatus.WAITLISTED,),
    **dict.fromkeys(
        (MailKind.CHANGED, MailKind.CHILD_LEFT),
        (RegistrationStatus.CONFIRMED, RegistrationStatus.OFFERED, RegistrationStatus.WAITLISTED),
    ),
    **dict.fromkeys(
        (MailKind.CANCELLED, MailKind.CALLED_OFF, MailKind.LAPSED, MailKind.LEFT, MailKind.DECLINED),
        (RegistrationStatus.CANCELLED,),
    ),
}
# What somebody still has to say about a child before its camp.
TO_BE_SAID = (WorkKind.CARE_MISSING, WorkKind.ANSWERS_MISSING)
# Work about a registration that has its seat.
OF_SEATS = (*TO_BE_SAID, WorkKind.AGE_NO_LONGER_FITS)


def of_mail(kind: MailKind, id_: str, *, is_letter: bool, family_id: str | None = None) -> WorkId:
    """The work that a mail about a registration leaves which reached nobody. An offer without mail is a call: it ends
    before a letter is there. `id_`: of its message; `family_id`: whose mail it was, if not of the registration's."""
    what = (WorkKind.CALL if kind in OFFERS else WorkKind.LETTER) if is_letter else WorkKind.UNREACHED
    return WorkId(what, f"{kind}#{id_}", family_id or family_of(id_))


def mail_of(work: WorkId) -> tuple[MailKind, str] | None:
    """The mail and the id of its message, of work which `of_mail` made; None for other work."""
    kind, _, id_ = work.key.partition("#")
    is_of_mail = work.kind in (WorkKind.LETTER, WorkKind.CALL, WorkKind.UNREACHED) and kind in TO_TELL
    return (MailKind(kind), id_) if is_of_mail else None


def registration_of(id_: str) -> str:
    """The registration that a message with this id is about."""
    return id_.partition("/")[0]


def child_of(kind: MailKind, id_: str) -> str | None:
    """The child of a mail to the other parent; None for a mail to the family that registered."""
    return id_.split("/")[1] if kind is MailKind.OTHER_PARENT else None


def is_news(kind: MailKind, id_: str, status: RegistrationStatus | None) -> bool:
    """Whether a mail still says what is so. `status`: of the registration or, in a mail to the other parent, of the
    child in it. None: the registration is gone, and there is nobody to tell."""
    if kind is MailKind.OTHER_PARENT:
        said = id_.rpartition("/")[2].rstrip("-0123456789")  # behind it, how often the camp changed
        return status is not None and (CANCELLED if said == CALLED_OFF else said) == status
    return status in SAYS[kind]


def to_be_said(
    kind: WorkKind, registration_id: str, child_id: str, session_id: str, municipality: str, starts_on: date
) -> Work:
    """That nobody said what the camp must know of a child, or answered what is required. A camp on other days is
    another occasion."""
    return Work(
        kind,
        f"{registration_id}#{child_id}#{starts_on.isoformat()}",
        municipality,
        {
            "family_id": family_of(registration_id),
            "registration_id": registration_id,
            "child_id": child_id,
            "session_id": session_id,
        },
        starts_on,
        datetime.combine(starts_on - CARE_BEFORE, datetime.min.time(), UTC),
    )


def is_soon(starts_on: date | None, now: datetime) -> bool:
    """Whether a camp begins within CARE_BEFORE, and has not yet."""
    return starts_on is not None and today(now) < starts_on <= today(now) + CARE_BEFORE
