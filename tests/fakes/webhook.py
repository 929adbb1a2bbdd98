"""A fake receiver of webhooks at the wire: it keeps parts by their key, checks signatures, and misbehaves when told to."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from msgspec.structs import replace

from bot.contracts import Secret
from bot.model import Account
from tests.fakes.misbehaving import Misbehaving, Request

SECRET = "canary-webhook-secret-0123456789"


@dataclass(frozen=True, slots=True)
class FakePart:
    """A part as the receiver has it."""

    key: str  #: as the header names it
    body: Mapping[str, Any]
    id: str

    @property
    def receipt(self) -> dict[str, str]:
        return {"id": self.id, "url": f"https://wall.example/{self.id}"}


class FakeWebhook(Misbehaving):
    """A context manager: inside it, a receiver answers at `url`."""

    usual_route = "POST /hook"

    def __init__(self, *, secret: str = SECRET) -> None:
        super().__init__()
        self.secret = secret  #: empty: nothing is signed
        self.honours_keys = True
        self.parts: list[FakePart] = []
        self.heard: list[Request] = []

    @property
    def secrets(self) -> dict[str, Secret]:
        """The credentials as a publisher takes them."""
        return {"SECRET": Secret(self.secret)}

    def account(self, *, timeout: int = 5, **other: object) -> Account:
        """A live account here."""
        url = f"{self.url}/hook"
        live = Account("museum-wall", "webhook", credentials="WALL", live=True, url=url, timeout=timeout)
        return replace(live, **other)

    @property
    def texts(self) -> list[str]:
        """The texts of its parts, oldest first."""
        return [part.body["text"] for part in self.parts]

    def answer(self, request: Request) -> tuple[int, Any]:
        """What is done with a request, and its status and body."""
        with self.lock:
            self.heard.append(request)
            if not self._is_signed(request):
                return HTTPStatus.UNAUTHORIZED, {"error": "the signature is wrong"}
            if request.method == "POST":
                return HTTPStatus.CREATED, self._keep(request).receipt
            key = f"{request.query['key'][0]}-{request.query['part'][0]}"
            found = self._kept(key)
            if found and request.method == "DELETE":
                self.parts.remove(found)
                return HTTPStatus.OK, {}
            return (HTTPStatus.OK, found.receipt) if found else (HTTPStatus.NOT_FOUND, {})

    def _keep(self, request: Request) -> FakePart:
        key = request.headers["Idempotency-Key"]
        if self.honours_keys and (found := self._kept(key)):
            return found
        self.parts.append(FakePart(key, json.loads(request.body), f"wall-{len(self.parts) + 1}"))
        return self.parts[-1]

    def _kept(self, key: str) -> FakePart | None:
        return next((part for part in self.parts if part.key == key), None)

    def _is_signed(self, request: Request) -> bool:
        """Tell whether a request is signed with the secret, as the publisher's page says that it is."""
        if not self.secret:
            return "X-Redletter-Signature" not in request.headers
        content = request.body if request.method == "POST" else request.target.query.encode()
        stamped = request.headers.get("X-Redletter-Timestamp", "").encode() + b"." + content
        made = "sha256=" + hmac.new(self.secret.encode(), stamped, hashlib.sha256).hexdigest()
        return hmac.compare_digest(request.headers.get("X-Redletter-Signature", ""), made)
