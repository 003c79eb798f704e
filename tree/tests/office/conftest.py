"""What happens reaches mailboxes here too."""

from tests.mail.conftest import city  # noqa: F401 the fixture
