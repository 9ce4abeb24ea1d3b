"""A bank's own system opens a verification, its customer and an officer do theirs, and it ends with one outcome."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sinwon_client import Client, Problem

from tests.journey.host_app import HostApp
from tests.journey.test_main_job import open_case
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

SET_UP = """
import json
from django.contrib.auth.models import User
from kyc.domain.hosts import Scope
from kyc.services import hosts, listeners
by = User.objects.get(username="administrator")
host = hosts.create(name="Bank", return_addresses=["{home}/"], by=by)
key = hosts.make_key(host=host, name="core", scopes=tuple(Scope), days=30, by=by)
print(json.dumps([key.text, listeners.add(host=host, url="{home}/hook", by=by)[1]]))
"""
REPLAY = """
import json
from django.contrib.auth.models import User
from kyc.models import OutboxMessage
from kyc.services import listeners
rows = OutboxMessage.objects.exclude(delivered_at=None)
for message in rows:
    listeners.replay(message=message, by=User.objects.get(username="administrator"))
print(json.dumps([str(row.pk) for row in rows]))
"""
SEEN = """
import json
from kyc.models import Disclosure
print(json.dumps(sorted(Disclosure.objects.filter(actor__startswith="host:").values_list("what", "reason"))))
"""


def test_a_host_ends_with_one_outcome_however_badly_it_listens(
    visit: Callable[..., Page], sign_in: Callable[..., Page], stack: Stack, cards: Path
) -> None:
    home = f"http://127.0.0.1:{stack.ear}"
    key, secret = stack.ask(SET_UP.format(home=home))
    client = Client(stack.url, key)
    # It fails at the first message, hears the second and answers too late, and hears an old one again at the end.
    host = HostApp(stack.ear, client, secret, "fail", "", "slow")
    try:
        first, again = (host.begin("order-17", f"{home}/back") for _ in range(2))
        assert first == again
        assert len(client.page().items) == 1
        order = host.orders["order-17"]

        customer = visit(phone=True, locale="ko-KR")
        customer.goto(first)
        customer.get_by_role("button", name="Continue").click()
        customer.get_by_role("button", name="Continue to the picture").click()
        customer.set_input_files("#by-file", str(cards / "clean-003.jpg"))
        customer.locator("#send").click()
        customer.get_by_role("button", name="Yes, all of it is right").click()
        expect(customer.get_by_role("heading", level=1)).to_have_text("We have everything")
        back = customer.get_by_role("link", name="Back to Bank")
        assert back.get_attribute("href") == f"{home}/back?verification={order.verification}"
        with pytest.raises(Problem, match="not_approved"):
            client.fields(order.verification)
        client.record_method(order.verification, "existing_account", "transfer 17")

        officer = sign_in("reviewer")
        open_case(officer, order.verification[:8])
        officer.get_by_role("button", name="Take this case").click()
        for field in ("name", "rrn", "sex", "birthday", "address", "issued"):
            officer.check(f"[name=agree_{field}]")
        officer.get_by_role("button", name="Approve", exact=True).click()
        expect(officer.locator(".case-head")).to_contain_text("Approved")

        host.until(lambda: sum(event.state == "approved" for event in host.heard) >= 2)
        assert (order.state, order.concluded) == ("approved", 1)
        truth = {card["file"]: card for card in json.loads((cards / "truth.json").read_text())}[
            "clean-003.jpg"
        ]
        assert order.fields["rrn"] == truth["ID"][:8] + "******"
        assert client.number(order.verification, "account opening 17")["rrn"] == truth["ID"]

        heard = len(host.heard)
        stack.ask(REPLAY)  # an administrator sends everything once more
        host.until(lambda: len(host.heard) >= heard + 2)
        assert (order.sequence, order.state, order.concluded) == (2, "approved", 1)
        assert host.heard[0].sequence == 1
        assert forged(f"{home}/hook") == 400
        assert host.refused == 1
        customer.reload()
        customer.get_by_role("link", name="Back to Bank").click()
        expect(customer.get_by_role("heading", level=1)).to_have_text("Welcome back")
        seen = stack.ask(SEEN)
        assert ["fields", "host"] in seen
        assert ["number", "account opening 17"] in seen
    finally:
        host.stop()


def forged(url: str) -> int:
    """What a host answers to somebody who only knows its address."""
    body = json.dumps({"type": "verification.approved", "data": {}}).encode()
    request = urllib.request.Request(url, data=body, method="POST", headers={"webhook-id": "msg_1"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as e:
        return e.code
