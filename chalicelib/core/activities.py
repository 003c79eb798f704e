"""The activities that the bill is told by: which each route is for, the table of routes says."""

from enum import StrEnum


class Activity(StrEnum):
    """The purpose of a use, as the bill tells it. The order is that in which a family meets them."""

    LOOKING = "looking"
    PREPARING = "preparing"
    REGISTERING = "registering"
    OFFERS = "offers"
    SWIMMING = "swimming"
    MAILS = "mails"
    DESK = "desk"
    OFFICE = "office"
    DRAW = "draw"
    MONEY = "money"
    CASES = "cases"
    ANNOUNCING = "announcing"
    SYSTEM = "system"
