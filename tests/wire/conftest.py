"""One real reader for all tests of the wire, with three accounts."""

import io
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ocr_integration.gateway import Reader
from tests.wire.faults import FaultServer
from tests.wire.servers import ReaderProcess, Store, self_signed
from tests.wire.signing import Request

WIDE = ("AKIDWIDE0000000000000000000000000000", "widesecretwidesecretwidesecret00")
NARROW = ("AKIDNARROW00000000000000000000000000", "narrowsecretnarrowsecretnarrow00")
SINGLE = ("AKIDSINGLE00000000000000000000000000", "singlesecretsinglesecretsingle00")


@pytest.fixture(scope="session")
def store() -> Iterator[Store]:
    """The deployment's own picture store: the one private address that the reader may download from."""
    running = Store()
    yield running
    running.close()


@pytest.fixture(scope="session")
def reader_process(tmp_path_factory: pytest.TempPathFactory, store: Store) -> Iterator[ReaderProcess]:
    """The real reader: an account with a wide quota, one with the default of 20/s, one with 1/s."""
    folder = tmp_path_factory.mktemp("reader")
    keys = folder / "keys.json"
    pairs = {
        WIDE[0]: {"SecretKey": WIDE[1], "RequestsPerSecond": 5000},
        NARROW[0]: NARROW[1],
        SINGLE[0]: {"SecretKey": SINGLE[1], "RequestsPerSecond": 1},
    }
    keys.write_text(json.dumps(pairs))
    running = ReaderProcess(folder, "--keys", str(keys), OCR_SERVER_FETCH_ALLOW=store.address)
    yield running
    running.stop()


@pytest.fixture
def signed(reader_process: ReaderProcess) -> Callable[..., Request]:
    """Makes requests of the wide account."""
    return partial(Request, reader_process.address, secret_id=WIDE[0], secret_key=WIDE[1])


@pytest.fixture
def ask(signed: Callable[..., Request]) -> Callable[..., dict[str, Any]]:
    """Sends parameters, well signed; the Response."""

    def send(**params: object) -> dict[str, Any]:
        return signed(body=json.dumps(params).encode()).send()

    return send


@pytest.fixture(scope="session")
def local_reader(reader_process: ReaderProcess) -> Reader:
    """The real reader as the gateway sees it."""
    return reader_at(reader_process.address, local=True)


@pytest.fixture
def faults() -> Iterator[FaultServer]:
    """A server that does what a script says."""
    server = FaultServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def card() -> bytes:
    """A sample card as photographed."""
    return (Path(__file__).parents[1] / "cards" / "photo-002.jpg").read_bytes()


def reader_at(address: str, *, local: bool = False, deadline: float = 30, read_timeout: float = 20) -> Reader:
    """A Reader at an address, plain HTTP."""
    return Reader(
        name="local" if local else "tencent",
        endpoint=address,
        protocol="http",
        region="ap-singapore",
        secret_id=WIDE[0],
        secret_key=WIDE[1],
        local=local,
        connect_timeout=1,
        read_timeout=read_timeout,
        deadline=deadline,
    )


@pytest.fixture(scope="session")
def tls_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose certificate nobody signed; its address."""
    folder = tmp_path_factory.mktemp("tls")
    (folder / "both.pem").write_bytes(self_signed("127.0.0.1"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def blank() -> bytes:
    """A picture with nothing on it."""
    out = io.BytesIO()
    Image.new("RGB", (640, 400), (120, 130, 140)).save(out, "JPEG")
    return out.getvalue()
