"""When the next call of an account may go (GCRA), and whether any may go at all (a breaker). Pure.

All workers on all machines share one AccountState, kept by a Store that changes it atomically. Callers wait
rather than fail: a slot is given out in advance, one after the other, so there is no rush for it.

    closed --threshold failures, or one halt--> open --cool-down--> half-open (one probe)
    half-open --probe answered--> closed; --probe failed--> open, for longer
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from ocr_integration.contract import MAX_ATTEMPTS, REQUESTS_PER_SECOND, Action, action_for

T = TypeVar("T")

_LIMIT = "RequestLimitExceeded"


@dataclass(frozen=True, slots=True)
class AccountState:
    """What is shared. Times are seconds since the epoch, 0 for never."""

    tat: float = 0.0
    """GCRA's theoretical arrival time: when the next slot is free."""
    failures: int = 0
    """In a row; at the threshold the breaker is not closed."""
    open_until: float = 0.0
    probe_until: float = 0.0
    """The probe's lease: when it runs out another may probe."""
    reason: str = ""
    """The code that opened the breaker."""


class Store(Protocol):
    """Where the state of each account is kept: a row, in production."""

    def change(self, account: str, step: Callable[[AccountState], tuple[AccountState, T]]) -> T:
        """Replaces the state by the step's, atomically across all workers; returns the step's other result.

        The step is pure and may be called again after a conflict.
        """


@dataclass(frozen=True, slots=True)
class Policy:
    """An account's limits. Seconds, if nothing else is said."""

    per_second: float = REQUESTS_PER_SECOND
    share: float = 0.96
    """Of the quota that is used: what is left absorbs the network's jitter."""
    longest_wait: float = 3.0
    """A caller who would wait longer for its slot is told to come back."""
    threshold: int = 5
    cool_down: float = 15.0
    longest_cool_down: float = 300.0
    probe_lease: float = 45.0
    """More than one call may take."""


@dataclass(frozen=True, slots=True)
class Permit:
    """The answer to a caller. Granted: call at `at`, epoch seconds, then report. Otherwise: ask again then."""

    granted: bool
    at: float
    probe: bool = False
    reason: str = ""
    """Why nothing may go now: the code that opened the breaker; '' when only the quota is used up."""


@dataclass(frozen=True, slots=True)
class Quota:
    """The quota and breaker of one account."""

    store: Store
    account: str
    policy: Policy = Policy()
    clock: Callable[[], float] = time.time
    """Asked once the state is held: who waited for it would else get a slot that has gone by."""

    def acquire(self) -> Permit:
        """A permit to call the reader, or when to ask again."""
        return self.store.change(self.account, lambda state: acquire(state, self.policy, self.clock()))

    def report(self, permit: Permit, code: str = "") -> AccountState:
        """Tells how the call ended: '' for a reading, else the error's code. Returns the state after it."""

        def step(state: AccountState) -> tuple[AccountState, AccountState]:
            after = settle(state, self.policy, self.clock(), code, probe=permit.probe)
            return after, after

        return self.store.change(self.account, step)


def acquire(state: AccountState, policy: Policy, now: float) -> tuple[AccountState, Permit]:
    """One caller's permit and the state with its slot taken."""
    broken = is_broken(state, policy)
    if broken and now < state.open_until:
        return state, Permit(granted=False, at=state.open_until, reason=state.reason)
    if broken and now < state.probe_until:
        return state, Permit(granted=False, at=state.probe_until, reason=state.reason)
    # A slot further off than ever given out means that the clock was set back.
    furthest = now + policy.longest_wait + 1 / policy.per_second + 1
    slot = now if state.tat > furthest else max(state.tat, now)
    if slot - now > policy.longest_wait:
        return state, Permit(granted=False, at=slot)
    state = replace(state, tat=slot + 1 / (policy.per_second * policy.share))
    if broken:
        state = replace(state, probe_until=slot + policy.probe_lease)
    return state, Permit(granted=True, at=slot, probe=broken)


def settle(state: AccountState, policy: Policy, now: float, code: str, *, probe: bool) -> AccountState:
    """The state after a call that ended with `code` ('' for a reading)."""
    action = action_for(code) if code else None
    if code.startswith(_LIMIT):
        # Somebody else uses the account too: everybody holds back for a second.
        state = replace(state, tat=max(state.tat, now + 1.0))
        action = None
    if action is Action.HALT or action is Action.RETRY:
        return _failed(state, policy, now, code, halt=action is Action.HALT, probe=probe)
    if is_broken(state, policy) and not probe:
        return state  # a call from before the breaker opened says nothing about now
    return replace(state, failures=0, open_until=0.0, probe_until=0.0, reason="")


def is_broken(state: AccountState, policy: Policy) -> bool:
    """Whether the breaker is open or half-open."""
    return state.failures >= policy.threshold


def retry_delay(attempt: int, jitter: float) -> float | None:
    """Seconds until the next attempt after `attempt` failed ones (1 is the first); None when all are used up.

    Grows as 2, 4, 8, … to a minute; `jitter`, drawn evenly from 0 to 1, spreads callers over half of it.
    """
    if attempt >= MAX_ATTEMPTS:
        return None
    whole = min(2.0**attempt, 60.0)
    return whole * (0.5 + 0.5 * jitter)


def _failed(
    state: AccountState, policy: Policy, now: float, code: str, *, halt: bool, probe: bool
) -> AccountState:
    if is_broken(state, policy) and not probe:
        return state  # one of the calls that were under way when it opened
    failures = state.failures + 1
    if halt:
        failures = max(failures, policy.threshold)
    state = replace(state, failures=failures, reason=code)
    if failures < policy.threshold:
        return state
    cool_down = min(policy.cool_down * 2.0 ** min(failures - policy.threshold, 16), policy.longest_cool_down)
    return replace(state, open_until=now + cool_down, probe_until=0.0)
