"""Who may ask a route: what the table of routes says beside each."""

from enum import Enum

from chalicelib.people.staff.rules import Role


class Caller(Enum):
    """Who may ask, where it is nobody of the city."""

    ANYONE = "anyone"
    FAMILY = "a family with its pass"
    # The token may also stand in the address, as in the link of a mail.
    FAMILY_BY_LINK = "a family with its pass or the link of its mail"
    # The registration's family, or whoever followed the link of a mail about it: its page finds out which.
    HOLDER = "who holds the registration"


# Or one of these roles.
Who = Caller | tuple[Role, ...]


class Within(Enum):
    """The part of the city that a route of staff is about, so that nobody is answered who works for another
    municipality.

    The first eight are found out by the function that is their value, below chalicelib, before the use case is loaded.
    """

    # The session in the address: of a municipality that they work for.
    SESSION = "office.scope:of_session"
    # The list of its children: theirs as desk or manager of its municipality, or as its leader around its days.
    CHILDREN = "office.attendance.reading:must_be_theirs"
    # The registration in the address: in a session of theirs.
    REGISTRATION = "office.scope:of_registration"
    # The family in the address: it has a registration in a session of theirs, or none at all.
    FAMILY = "office.scope:of_family"
    # The case in the address: of a unit whose people they are among.
    CASE = "front_door.cases.scope:of_case"
    # The opening in the address, to be read: it has a session of theirs.
    OPENING = "office.scope:of_opening"
    # And to be changed: all of its sessions are theirs.
    WHOLE_OPENING = "office.scope:of_whole_opening"
    # What holds for every municipality, or tells about each.
    WHOLE_CITY = "office.scope:of_whole_city"
    # The use case itself leaves out what is not theirs, and refuses what they send of others.
    CHOSEN = "itself"
    # Nothing of any one municipality, and nothing about a person.
    NOTHING = "nothing"
