"""A town in which time passes, for pages that say how things stand."""

from tests.booking.offers.conftest import city, town  # noqa: F401 the fixtures
from tests.money.online.given import paying  # noqa: F401 the fixture
from tests.money.uitpas.given import uitpas  # noqa: F401 the fixture
