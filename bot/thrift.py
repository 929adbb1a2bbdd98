"""Memory given back: for processes that run for months beside each other."""

from contextlib import suppress

#: Of glibc's mallopt (malloc.h): M_TRIM_THRESHOLD, M_MMAP_THRESHOLD in bytes, and M_ARENA_MAX.
_WISHES = ((-1, 128 * 1024), (-3, 128 * 1024), (-8, 1))


def be_thrifty() -> None:
    """Ask the C library to keep little of what threads and large answers needed for a moment. Elsewhere than on glibc, nothing."""
    import ctypes  # noqa: PLC0415 - only who stays pays for the import

    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        for name, value in _WISHES:
            mallopt(name, value)
