"""What reading the schedules promises, whatever people write into them."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.projects import problems_of

KEYS = (
    "id", "name", "title", "kind", "zone", "tone", "instant", "date", "rule", "days", "confirmed_until", "quiet",
    "sources", "network", "credentials", "live", "min_gap", "max_per_day", "timeout", "quarantine", "url", "find",
    "trigger", "accounts", "pick", "frame", "grace", "approval", "tags", "posts", "event", "tones", "lang", "cool_down",
    "at", "cron", "jitter", "kinds", "events", "years", "leap_day", "slots", "anniversary", "on_this_day", "dates", "x",
)  # fmt: skip
GOOD = ("a", "e", "x", "UTC", "Nowhere", "daily", "10:00", "5m", "same-day", "0 9 * * *", "4th thursday of january", "{{ text }}", "{{ ", "{@a}")  # fmt: skip
scalars = (
    st.sampled_from(GOOD)
    | st.text(max_size=5)
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.datetimes()
    | st.datetimes(timezones=st.just(None)).map(lambda moment: f"!{moment.isoformat()}Z")
)
keys = st.sampled_from(KEYS)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)
fields = st.dictionaries(keys, values, max_size=6)
TRIGGERS: dict[str, dict[str, object]] = {
    "slots": {"days": "daily", "at": "10:00", "zone": "UTC"},
    "anniversary": {"events": ["e"], "at": "10:00"},
    "on_this_day": {"at": "10:00", "zone": "UTC"},
    "dates": {"at": [datetime(2027, 2, 18, 20, 55)]},  # noqa: DTZ001 - what people forget to write
}
triggers = st.sampled_from(sorted(TRIGGERS)).flatmap(
    lambda name: fields.map(lambda options: {name: {**TRIGGERS[name], **options}})
)


def toml(value: object) -> str:
    """Any value in TOML; a text that begins with `!` is taken as it stands."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {toml(each)}' for key, each in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, str) and value.startswith("!"):
        return value[1:] if value.endswith("Z") else '""'
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def table(header: str, content: Mapping[str, object]) -> str:
    return "\n".join([header, *(f"{key} = {toml(value)}" for key, value in content.items()), ""])


@settings(max_examples=60, deadline=None)
@given(fields, fields, fields, triggers, fields)
def test_no_schedule_file_stops_the_reading(
    account: dict[str, object],
    event: dict[str, object],
    mention: dict[str, object],
    trigger: dict[str, object],
    schedule: dict[str, object],
) -> None:
    tables = [
        table("[account.a]", {"network": "x", **account}),
        table("[mention.a]", mention),
        table("[[event]]", {"id": "e", "title": "E", "date": date(2020, 2, 29), **event}),
        table("[[schedule]]", {"name": "s", "trigger": trigger, **schedule}),
    ]
    with TemporaryDirectory() as folder:
        file = Path(folder, "schedules", "all.toml")
        file.parent.mkdir()
        file.write_text("\n".join(tables), encoding="utf-8")

        problems = problems_of(Path(folder))

    lines = "\n".join(tables).count("\n") + 1
    assert all(
        1 <= problem.line <= lines and problem.message and problem.code != "toml" for problem in problems
    )
