"""The client of clients/python against the running product: each call does what its name says."""

import time
import urllib.error
from pathlib import Path

import pytest
from django.utils import timezone
from sinwon_client import Client, Problem

from tests.stack import Stack

pytestmark = pytest.mark.stack

KEY = """
import json
from django.contrib.auth.models import User
from kyc.domain.hosts import Scope
from kyc.services import hosts
by = User.objects.get(username="administrator")
host = hosts.create(name="Caller", return_addresses=[], by=by)
print(json.dumps(hosts.make_key(host=host, name="c", scopes=tuple(Scope), days=1, by=by).text))
"""


def test_every_call_of_the_client(stack: Stack, cards: Path) -> None:
    client = Client(stack.url, stack.ask(KEY))
    made = client.create("order-20", locale="en", idempotency_key="order-20")
    assert client.create("order-20", locale="en", idempotency_key="order-20") == made
    assert client.get(made.id).state == "started"
    card = (cards / "clean-005.jpg").read_bytes()
    assert client.upload(made.id, card, notices_shown=True).state in ("queued", "reading", "in_review")
    assert client.record_method(made.id, "video", "call 5").id == made.id
    until = time.monotonic() + 60
    while client.get(made.id).state != "in_review":
        assert time.monotonic() < until
        time.sleep(0.3)
    assert client.ask_again(made.id, "glare").state == "retake"
    assert client.withdraw(made.id).state == "withdrawn"
    told = client.evidence(made.id, "complaint 5", pictures=True)
    assert told["format"] == "sinwon-evidence-1"
    assert len(told["pictures"]) == 1
    assert client.evidence_pdf(made.id, "complaint 5", locale="en").startswith(b"%PDF-1.7")
    assert client.erase(made.id).state == "erased"
    others = [client.create(f"order-{number}").id for number in (21, 22)]
    assert [one.id for one in client.all()] == [*others[::-1], made.id]
    assert [one.id for one in client.page(state="erased", reference="order-20").items] == [made.id]
    for call in (client.fields, client.withdraw, client.erase):
        with pytest.raises(Problem):
            call(made.id)
    with pytest.raises(Problem, match="wrong_state"):
        client.end_relationship(made.id, timezone.localdate().isoformat())
    with pytest.raises(Problem, match="gone"):
        client.number(made.id, "account opening")


def test_the_client_says_why_it_was_refused(stack: Stack) -> None:
    with pytest.raises(Problem, match="key_unknown") as refused:
        Client(stack.url, "sinwon_live_wrong").page()
    assert refused.value.status == 401
    assert refused.value.title_ko != refused.value.title
    with pytest.raises(urllib.error.URLError):
        Client("http://127.0.0.1:9", "key", tries=1).page()
