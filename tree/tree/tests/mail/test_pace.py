"""The rate of mails: each process leaves its share of a second between two."""

from chalicelib.mail.pace import Pace


class Clock:
    def __init__(self) -> None:
        self.now = 100.0
        self.waited: list[float] = []

    def wait(self, seconds: float) -> None:
        self.waited.append(round(seconds, 3))
        self.now += seconds


def test_four_processes_that_send_fourteen_mails_a_second():
    clock = Clock()
    pace = Pace(lambda: clock.now, clock.wait)

    for _ in range(3):
        pace.keep(14, 4)
        clock.now += 0.2  # as long as SES takes

    assert clock.waited == [0.086, 0.086]


def test_who_slept_has_no_turns_saved_up():
    clock = Clock()
    pace = Pace(lambda: clock.now, clock.wait)
    pace.keep(1, 2)
    clock.now += 3600

    pace.keep(1, 2)
    pace.keep(1, 2)

    assert clock.waited == [2.0]
