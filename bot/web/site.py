"""Where the desk is found: its address, and which requests come from its own pages."""

from urllib.parse import urlsplit

from msgspec import Struct

from bot.wire import is_loopback


class Site(Struct, frozen=True):
    """The address of the desk, as browsers know it."""

    base: str  #: such as `http://127.0.0.1:8417`
    hosts: frozenset[str] = frozenset()  #: what a Host header may say; empty: anything

    @property
    def is_secure(self) -> bool:
        """Tell whether browsers come by TLS."""
        return self.base.startswith("https:")

    @property
    def cookie(self) -> str:
        """The session's cookie: with TLS under a name that browsers take from nobody else.

        It names the port, for browsers show a machine's cookies to whatever listens on it.
        """
        name = f"redletter_desk_{urlsplit(self.base).port or 443}"
        return f"__Host-{name}" if self.is_secure else name

    def serves(self, host: str) -> bool:
        """Tell whether a Host header names this desk: a page elsewhere may have its own name point to this machine."""
        return not self.hosts or host.lower() in self.hosts

    def is_own(self, origin: str, host: str) -> bool:
        """Tell whether an Origin header names a page of this desk, in a request for this host."""
        scheme = urlsplit(self.base).scheme
        return origin in {self.base, f"{scheme}://{host}"}


def site(host: str, port: int, *, has_tls: bool, public: str | None = None) -> Site:
    """The site that is served at a host and port; with the address that a proxy in front of it is known by, there."""
    scheme = "https" if has_tls else "http"
    near = _loopback(port, scheme)
    if public is not None:
        return Site(public, near | {urlsplit(public).netloc.lower()})
    base = f"{scheme}://{_netloc(host, port)}"
    return Site(base, near if is_loopback(host) else frozenset())


def _loopback(port: int, scheme: str) -> frozenset[str]:
    names = ("127.0.0.1", "localhost", "[::1]")
    is_usual = port == {"http": 80, "https": 443}[scheme]
    return frozenset(f"{name}:{port}" for name in names) | frozenset(names if is_usual else ())


def _netloc(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
