from tests.money.uitpas.given import uitpas  # noqa: F401 the fixture
