"""What this machine has to look with."""

import shutil

_NAMES = ("chromium", "chromium-browser", "google-chrome")
NONE = f"NO BROWSER: none of {', '.join(_NAMES)} is on the PATH, so the desk's pages are not tried"


def chromium() -> str | None:
    """The path of a browser; None where the machine has none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)
