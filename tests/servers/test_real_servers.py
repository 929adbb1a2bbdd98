"""The servers themselves: real, on loopback, and seen through the proxy as without it."""

from tests.fakes.proxy import FaultProxy
from tests.servers.real import Pds, StandIn, web_at


def test_the_bluesky_server_has_accounts_that_have_said_nothing_yet(pds: Pds, before_pds: FaultProxy) -> None:
    one, two = pds.new_account(), pds.new_account()

    answer = web_at(before_pds.url).get("/xrpc/com.atproto.server.describeServer")

    assert answer["availableUserDomains"] == [".test"]
    assert one.did != two.did
    assert one.posts == two.posts == []


def test_the_mastodon_stand_in_knows_its_account(mastodon: StandIn, before_mastodon: FaultProxy) -> None:
    answer = web_at(before_mastodon.url).get(f"/api/v1/accounts/{mastodon.account}")

    assert answer["id"] == mastodon.account
    assert mastodon.statuses("a word that nobody said") == []
