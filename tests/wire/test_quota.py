"""The account's pace and its breaker, by a clock of the test's own."""

import base64
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_integration.contract import MAX_ATTEMPTS
from ocr_integration.quota import AccountState, Permit, Policy, Quota, retry_delay
from tests.wire.conftest import NARROW
from tests.wire.servers import ReaderProcess
from tests.wire.signing import Request

T = TypeVar("T")
START = 1_800_000_000.0
GIF = json.dumps({"ImageBase64": base64.b64encode(b"GIF89a").decode()}).encode()


@dataclass
class Memory:
    """A store for one process."""

    states: dict[str, AccountState] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def change(self, account: str, step: Callable[[AccountState], tuple[AccountState, T]]) -> T:
        with self.lock:
            self.states[account], result = step(self.states.get(account, AccountState()))
        return result


class Timed:
    """An account whose clock says what the test says."""

    def __init__(self, policy: Policy | None = None) -> None:
        self.quota = Quota(Memory(), "local", policy or Policy())

    def acquire(self, now: float) -> Permit:
        return replace(self.quota, clock=lambda: now).acquire()

    def report(self, permit: Permit, now: float, code: str = "") -> None:
        replace(self.quota, clock=lambda: now).report(permit, code)


@pytest.fixture
def quota() -> Timed:
    return Timed()


def fail(quota: Timed, times: int, now: float, code: str = "InternalError") -> Permit:
    permit = quota.acquire(now)
    for _ in range(times):
        quota.report(permit, now, code)
    return permit


@given(st.lists(st.floats(0, 0.2), min_size=50, max_size=200))
def test_no_second_holds_more_than_the_quota(gaps: list[float]) -> None:
    quota, now = Timed(), START
    calls = []
    for gap in gaps:
        now += gap
        permit = quota.acquire(now)
        if permit.granted:
            calls.append(permit.at)
    assert all(late - early >= 1 for early, late in zip(calls, calls[20:], strict=False))


def test_a_crowd_uses_nearly_the_whole_quota_in_the_order_it_came(quota: Timed) -> None:
    slots = [quota.acquire(START).at for _ in range(58)]
    assert slots == sorted(slots)
    assert 19.0 <= 57 / (slots[-1] - START) <= 20.0


def test_who_would_wait_too_long_is_told_when_to_come_back_and_takes_no_slot(quota: Timed) -> None:
    permits = [quota.acquire(START) for _ in range(100)]
    refused = [permit for permit in permits if not permit.granted]
    assert refused
    assert all(permit.at > START + 3 and not permit.reason for permit in refused)
    assert quota.acquire(START + 1).granted


def test_who_waited_for_the_state_gets_no_slot_from_before(quota: Timed) -> None:
    """A store that is busy holds a caller up: its slot is counted from when the state was its own."""
    now = [START]

    class Busy(Memory):
        def change(self, account: str, step: Callable[[AccountState], tuple[AccountState, T]]) -> T:
            now[0] += 0.5
            return super().change(account, step)

    busy = Quota(Busy(), "local", clock=lambda: now[0])
    assert busy.acquire().at == START + 0.5


def test_a_clock_set_back_does_not_stop_the_account(quota: Timed) -> None:
    quota.acquire(START + 86_400)
    assert quota.acquire(START) == Permit(granted=True, at=START)


def test_a_limit_exceeded_holds_everybody_back_and_breaks_nothing(quota: Timed) -> None:
    fail(quota, 20, START, "RequestLimitExceeded.UinLimitExceeded")
    permit = quota.acquire(START)
    assert permit.granted
    assert permit.at - START == pytest.approx(1)


def test_the_breaker_opens_within_ten_failing_calls_and_says_why(quota: Timed) -> None:
    fail(quota, 10, START, "ServiceUnavailable")
    permit = quota.acquire(START + 1)
    assert not permit.granted
    assert permit.reason == "ServiceUnavailable"
    assert permit.at - START == pytest.approx(15)


def test_a_success_between_failures_keeps_it_closed(quota: Timed) -> None:
    fail(quota, 4, START)
    quota.report(quota.acquire(START), START)
    fail(quota, 4, START)
    assert quota.acquire(START).granted


@pytest.mark.parametrize(
    "code", ["FailedOperation.OcrFailed", "InvalidParameter", "LimitExceeded.TooLargeFileError"]
)
def test_an_answer_about_the_picture_is_no_failure_of_the_reader(quota: Timed, code: str) -> None:
    fail(quota, 10, START, code)
    assert quota.acquire(START).granted


@pytest.mark.parametrize("code", ["ActionOffline", "AuthFailure.SignatureFailure", "Unheard"])
def test_one_halt_opens_it(quota: Timed, code: str) -> None:
    fail(quota, 1, START, code)
    permit = quota.acquire(START + 1)
    assert (permit.granted, permit.reason) == (False, code)


def test_after_the_cool_down_one_probe_goes_and_the_others_wait_for_it(quota: Timed) -> None:
    fail(quota, 5, START)
    later = START + 16
    probe, other = quota.acquire(later), quota.acquire(later)
    assert (probe.granted, probe.probe) == (True, True)
    assert not other.granted
    quota.report(probe, later + 1)
    assert quota.acquire(later + 1).granted


def test_a_failed_probe_opens_it_again_for_longer(quota: Timed) -> None:
    fail(quota, 5, START)
    probe = quota.acquire(START + 16)
    quota.report(probe, START + 17, "InternalError")
    assert quota.acquire(START + 18).at - START == pytest.approx(47)


def test_a_probe_that_died_is_followed_by_another(quota: Timed) -> None:
    fail(quota, 5, START)
    assert quota.acquire(START + 16).probe
    assert not quota.acquire(START + 17).granted
    assert quota.acquire(START + 62).probe


def test_calls_from_before_it_opened_change_nothing(quota: Timed) -> None:
    early = quota.acquire(START)
    fail(quota, 5, START)
    quota.report(early, START + 1)
    quota.report(early, START + 1, "InternalError")
    assert quota.acquire(START + 2).at - START == pytest.approx(15)


@given(st.floats(0, 1))
def test_waits_between_attempts_grow_spread_and_end(jitter: float) -> None:
    waits = [retry_delay(attempt, jitter) for attempt in range(1, MAX_ATTEMPTS + 1)]
    assert waits[-1] is None
    grown = [wait for wait in waits if wait is not None]
    assert len(grown) == MAX_ATTEMPTS - 1
    assert all(2**n / 2 <= wait <= min(2**n, 60) for n, wait in enumerate(grown, start=1))


def test_a_paced_crowd_uses_the_servers_quota_without_running_into_it(reader_process: ReaderProcess) -> None:
    """What is left of the quota absorbs some 40 ms of jitter; a busy machine may rarely have more."""
    quota = Quota(Memory(), "narrow", Policy(longest_wait=10))
    slots = []

    def one(_: int) -> str:
        slot = quota.acquire().at
        slots.append(slot)
        time.sleep(max(slot - time.time(), 0))
        return Request(reader_process.address, *NARROW, body=GIF).code()

    time.sleep(1)  # the account's last second may be full
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(one, range(60)))
    assert set(codes) <= {"FailedOperation.ImageDecodeFailed", "RequestLimitExceeded"}
    assert codes.count("RequestLimitExceeded") <= 2
    assert 59 / (max(slots) - min(slots)) >= 0.95 * 20


def test_policies_are_for_bigger_quotas_too() -> None:
    quota = Timed(Policy(per_second=100, share=1.0))
    assert quota.acquire(START).at == START
    assert quota.acquire(START).at - START == pytest.approx(0.01)
