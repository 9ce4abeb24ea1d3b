"""Where the pages are served: the socket, and the address a person types."""

import errno
import ipaddress
import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass


class AddressError(Exception):
    """The address cannot be served; says why and what to do in a sentence."""


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int
    https: bool

    @property
    def everywhere(self) -> bool:
        """Whether the pages are open to the network, on whatever address this machine has."""
        return self.host in ("0.0.0.0", "::")  # noqa: S104 - asked for by name

    @property
    def shown_host(self) -> str:
        """The host for a person: this machine's address in its network when it serves every one of them.

        The loopback is `localhost`: browsers allow passkeys there, and not under a number.
        """
        if self.everywhere:
            return lan_address()
        return "localhost" if self.host == "127.0.0.1" else self.host

    @property
    def url(self) -> str:
        host = f"[{self.shown_host}]" if ":" in self.shown_host else self.shown_host
        return f"{'https' if self.https else 'http'}://{host}:{self.port}"

    @property
    def names(self) -> list[str]:
        """Every name under which a browser may ask for it."""
        return list(
            dict.fromkeys(["localhost", "127.0.0.1", "::1", self.shown_host, socket.gethostname().lower()])
        )

    def listen(self, *, patience: float = 0.0) -> socket.socket:
        """A listening socket, tried for `patience` seconds; AddressError if there is none."""
        end = time.monotonic() + patience
        while True:
            try:
                return self._bind()
            except OSError as e:
                if e.errno != errno.EADDRINUSE or time.monotonic() >= end:
                    raise AddressError(self._why_not(e)) from e
                time.sleep(0.1)

    def _bind(self) -> socket.socket:
        family, kind, proto, _, where = socket.getaddrinfo(
            self.host, self.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, proto)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(where)
            listener.listen(1024)
        except OSError:
            listener.close()
            raise
        return listener

    def _why_not(self, error: OSError) -> str:
        if error.errno == errno.EADDRINUSE:
            return (
                f"Port {self.port} is taken by another program. Stop it, or use another port: "
                f"make run PORT={self.port + 1 if self.port < 65535 else 8000}"
            )
        if error.errno == errno.EACCES:
            return f"Port {self.port} may only be used by root. Use one from 1024 up: make run PORT=8000"
        return (
            f"This machine has no address {self.host}. Use HOST=127.0.0.1, or HOST=0.0.0.0 for the network."
        )


def from_environment(environment: Mapping[str, str] = os.environ) -> Address:
    """The address that HOST, PORT and HTTPS ask for (127.0.0.1, 8000 and no)."""
    port = environment.get("PORT", "").strip() or "8000"
    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        raise AddressError(f"PORT={port} is not a port: use a number from 1 to 65535.")
    host = environment.get("HOST", "").strip().strip("[]") or "127.0.0.1"
    https = environment.get("HTTPS", "").strip().lower() in ("1", "true", "yes", "on")
    return Address(host, int(port), https)


def lan_address() -> str:
    """This machine's own address in its network; 127.0.0.1 when it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: the kernel only picks the way (192.0.2.0/24 is for documentation, RFC 5737).
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
