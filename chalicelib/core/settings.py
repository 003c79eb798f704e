"""Settings of the template, read from the environment; a missing name fails at the first use, by name."""

import os


def table_name() -> str:
    return os.environ["TABLE"]


def ledger_table() -> str:
    """The table of the ledger alone."""
    return os.environ["LEDGER_TABLE"]


def queue_url() -> str:
    """The queue of confirmations."""
    return os.environ["QUEUE_URL"]


def later_url() -> str:
    """URL of the queue in which mails to many wait, and which nobody polls."""
    return os.environ["LATER_URL"]


def dead_letters_url() -> str:
    """URL of the dead-letter queue."""
    return os.environ["DEAD_LETTERS_URL"]


def queue_arn() -> str:
    """ARN of the same queue, for timers that put a message into it."""
    return os.environ["QUEUE_ARN"]


def timer_role() -> str:
    """ARN of the role with which a timer does so."""
    return os.environ["TIMER_ROLE"]


def timer_prefix() -> str:
    """Beginning of the name of every timer; a hyphen follows."""
    return os.environ["TIMER_PREFIX"]


def log_group(function: str) -> str:
    """Log group of a function, whose name is in small letters."""
    return f"{os.environ['LOGS']}/{function}"


def access_log() -> str:
    """Log group of who saw or changed what about a family."""
    return os.environ["ACCESS_LOG"]


def papers() -> str:
    """Name of the bucket of proofs that families uploaded."""
    return os.environ["PAPERS"]


def photos() -> str:
    """Name of the bucket of photos."""
    return os.environ["PHOTOS"]


def takes_photos() -> bool:
    """Whether the city takes new ones; without, there is no function that develops them."""
    return os.environ["TAKES_PHOTOS"] == "yes"


def city_map() -> str:
    """Name of the bucket of the city's map; empty: it has none."""
    return os.environ["CITY_MAP"]


def mail_domain() -> str:
    """Domain of the addresses by which mails come, in small letters; empty: the city takes none."""
    return os.environ["MAIL_DOMAIN"].lower()


def arrived() -> str:
    """Name of the bucket of mails as they came; empty if the city takes none."""
    return os.environ["ARRIVED"]


def draw_function() -> str:
    return os.environ["DRAW_FUNCTION"]


def announce_function() -> str:
    return os.environ["ANNOUNCE_FUNCTION"]


def bank_function() -> str:
    return os.environ["BANK_FUNCTION"]


def seal_function() -> str:
    """Empty: the city has no seal, and no such function."""
    return os.environ["SEAL_FUNCTION"]


def identity_issuer() -> str:
    """Address of who says who a citizen is, without a slash at the end; empty: nobody does, but the desk."""
    return os.environ["IDENTITY_ISSUER"].rstrip("/")


def identity_client() -> tuple[str, str]:
    """Id and secret of the city's client there."""
    return os.environ["IDENTITY_CLIENT_ID"], os.environ["IDENTITY_CLIENT_SECRET"]


def register() -> tuple[str, str]:
    """Address of the population register, without a slash at the end, and the city's key to it; empty: nobody asks
    it."""
    return os.environ["REGISTER_ADDRESS"], os.environ["REGISTER_KEY"]


def api_name() -> str:
    """Name of our REST API in the metrics of API Gateway."""
    return os.environ["API_NAME"]


def pages_id() -> str:
    """Name of our HTTP API there, by which people come."""
    return os.environ["PAGES_ID"]


def sender() -> str:
    """The address that mails come from; SES must have verified it."""
    return os.environ["SENDER"]


def mails_a_second() -> float:
    """The mails that SES takes from us in a second."""
    return float(os.environ["MAILS_A_SECOND"])


def mails_at_once() -> int:
    """How many processes of the mails function share that rate."""
    return int(os.environ["MAILS_AT_ONCE"])


def configuration_set() -> str:
    """Name of SES's configuration set, which tells us of mails that came back."""
    return os.environ["CONFIGURATION_SET"]


def public_url() -> str:
    """Address at which parents reach the system, without a slash at the end; empty if a deployment has none."""
    return os.environ["PUBLIC_URL"].rstrip("/")


def registrations_kept_months() -> int:
    """How many months a registration is kept after its session."""
    return int(os.environ["REGISTRATIONS_KEPT_MONTHS"])


def staff_pool() -> str:
    """The id of the user pool of the city's staff."""
    return os.environ["STAFF_POOL"]


def staff_sign_in() -> str:
    """Address of that pool's page, without a slash at the end."""
    return os.environ["STAFF_SIGN_IN"].rstrip("/")


# Keys, each with its id and for one purpose (core/keys.py). tests/infra/test_keys.py says which function has which.


def ids_key() -> str:
    """The one key of pseudonymous ids and draw keys, which stays for a season: another one makes all of them anew."""
    return os.environ["IDS_KEY"]


def link_keys() -> str:
    """Keys that sign the links in mails: of passes, and of registrations and offers."""
    return os.environ["LINK_KEYS"]


def form_keys() -> str:
    """Keys of the mark by which a form of ours is known."""
    return os.environ["FORM_KEYS"]


def payments_key() -> str:
    """Key of the city's contract with a provider of payments on line; empty: it has none."""
    return os.environ["PAYMENTS_KEY"]


def payments_address() -> str:
    """Address of that provider's API, without a slash at the end."""
    return os.environ["PAYMENTS_ADDRESS"]


def uitpas_client() -> tuple[str, str]:
    """Id and secret of the city's client at UiTPAS; empty: it has no contract there."""
    return os.environ["UITPAS_CLIENT_ID"], os.environ["UITPAS_CLIENT_SECRET"]


def uitpas_address() -> str:
    """Address of UiTPAS's API, without a slash at the end."""
    return os.environ["UITPAS_ADDRESS"]


def uitpas_accounts() -> str:
    """Address of the server that gives tokens for it, without a slash at the end."""
    return os.environ["UITPAS_ACCOUNTS"]
