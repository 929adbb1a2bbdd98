"""A Mastodon stand-in on loopback: run by the Python of .venv-servers, in the folder where its media may lie.

Once it listens, it prints one line of JSON: {"url", "token"}. It ends when its stdin does, so it never outlives who
started it.
"""

import json
import os
import socket
import sys
import threading

import uvicorn
from mastodon_mock.app import create_app  # type: ignore[import-not-found]
from mastodon_mock.config import MastodonMockConfig  # type: ignore[import-not-found]


def main() -> None:
    """Serve until stdin ends."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)
    place = f"127.0.0.1:{listening.getsockname()[1]}"
    config = MastodonMockConfig(domain=place, url_scheme="http")
    config.database.path = ":memory:"
    server = uvicorn.Server(uvicorn.Config(create_app(config), log_level="error", server_header=False))
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    sys.stdout.write(json.dumps({"url": f"http://{place}", "token": "mock_token"}) + "\n")
    sys.stdout.flush()
    server.run(sockets=[listening])


def _end_with_stdin() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
