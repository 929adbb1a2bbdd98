"""Names that are known before a server is asked: record keys, content ids, addresses."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from bot.model import digest

POST = "app.bsky.feed.post"

_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"  #: in the order of ASCII, so that keys sort as numbers do
_LENGTH = 13
_SECOND = 1_000_000  #: microseconds
_PARTS = 10_000  #: of a thread, at most
_CLOCKS = 1_024
_DAG_CBOR_SHA256 = b"\x01\x71\x12\x20"  #: what a content id begins with: version, coding, hash and its length


def record_key(key: str, part: int, *, at: int) -> str:
    """The record key (a TID) of a part of the delivery `key`, first prepared at an instant: the same each time.

    Keys sort by instant, and the parts of a thread in their order. Within its second a delivery has a place of its
    own, so that no two of an account meet.
    """
    chance = int(digest(key), 16)
    within, clock = divmod(chance, _CLOCKS)
    number = (at * _SECOND + within % (_SECOND - _PARTS) + part) * _CLOCKS + clock
    digits = (_DIGITS[number >> 5 * place & 31] for place in reversed(range(_LENGTH)))
    return "".join(digits)


def content_id(value: Mapping[str, Any]) -> str:
    """The CID that a server computes for a record: SHA-256 of its DAG-CBOR."""
    import libipld  # noqa: PLC0415 - start-up stays lean

    coded: bytes = libipld.encode_dag_cbor(_linked(value))
    name: str = libipld.encode_cid(_DAG_CBOR_SHA256 + sha256(coded).digest())
    return name


def address_of(repo: str, key: str) -> str:
    """The at-uri of a post."""
    return f"at://{repo}/{POST}/{key}"


def web_address(repo: str, key: str) -> str:
    """Where people see a post."""
    return f"https://bsky.app/profile/{repo}/post/{key}"


def _linked(value: Any) -> Any:  # noqa: ANN401 - JSON, of whatever shape
    """JSON as the data that it stands for: `$link` names a CID, which libipld takes as bytes."""
    if isinstance(value, Mapping):
        if set(value) == {"$link"}:
            import libipld  # noqa: PLC0415 - as above

            return libipld.decode_multibase(value["$link"])[1]
        return {name: _linked(each) for name, each in value.items()}
    return [_linked(each) for each in value] if isinstance(value, list) else value
