"""How long the laws are put to the test."""

from hypothesis import settings

#: `pytest tests/laws --hypothesis-profile=soak` takes the laws that know of it through far more than a commit does.
settings.register_profile("soak", deadline=None, print_blob=True)
