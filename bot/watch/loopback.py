"""Which addresses never leave this machine."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Tell whether a host's name or number is this machine's own."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
