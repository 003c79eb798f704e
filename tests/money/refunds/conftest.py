from tests.money.online.given import paying  # noqa: F401 the fixture
