"""A town in which time passes, for what a family is told to pay and when."""

from tests.booking.offers.conftest import city, town  # noqa: F401 the fixtures
