from threading import Event

import pytest

from chalicelib.core.internet import is_public, within


@pytest.mark.parametrize("address", ["93.184.216.34", "2a00:1450:4009:81f::200e"])
def test_an_address_of_the_internet(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.0.0.8",
            "172.16.3.4",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
        ),
        *(
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
            "240.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
        ),
        *(
            "::ffff:127.0.0.1",
            "::ffff:93.184.216.34",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:0:7f00:1::",
        ),
        *("ff02::1", "2001:db8::1", "fe80::1%eth0", "erp.example.be", ""),
    ],
)
def test_what_is_not_the_internet_is_not_called(address: str) -> None:
    assert not is_public(address)


def test_who_does_not_answer_holds_nobody_up() -> None:
    held = Event()

    assert within(0.0, [held.wait, held.wait], late=False) == [False, False]

    held.set()
    assert within(60.0, [held.wait, lambda: False], late=False) == [True, False]
