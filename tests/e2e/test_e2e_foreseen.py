"""What a preview says of posts that will not go out as they are shown."""

from datetime import datetime

from bot.delivery.budgets import Cost, reserve
from bot.delivery.queue import Queue
from bot.zones import DAY, instant_of
from tests.fakes.projects import ACCOUNTS, Folder

MONDAY = "2027-03-08T00:00:00Z"
QUOTING = 'tags = ["facts"]\nquote = '
DOUBT = "which museum does not show: it will fail; name its address]"


def plain(said: str) -> str:
    return " ".join(said.split())


def quoting(project: Folder, name: str) -> None:
    """Let every morning speak of one post, which quotes another."""
    calendar = project.root / "schedules" / "calendar.toml"
    text = calendar.read_text("utf-8").replace('tags = ["facts"]', 'posts = ["notes/quoting"]')
    calendar.write_text(text, "utf-8")
    project.post("notes/quoting", "Do you remember?", f'quote = "{name}"')


def test_a_quote_of_what_was_never_shown_is_told_in_time(project: Folder) -> None:
    quoting(project, "facts/lens")

    table = project.at(MONDAY, "preview", "--days", "1")
    data = project.at(MONDAY, "preview", "--days", "1", "--json").data

    assert f"[quotes facts/lens, {DOUBT}" in plain(table.out)
    [rendition] = data["posts"][0]["renditions"]
    assert rendition["unquotable"] == "museum does not show it: name its address"


def test_a_quote_of_what_was_shown_is_only_a_quote(project: Folder) -> None:
    quoting(project, "facts/lens")
    assert project.at("2027-03-07T12:00:00Z", "post", "facts/lens").status == 0

    table = project.at(MONDAY, "preview", "--days", "2")

    assert "[quotes facts/lens]" in table.out
    assert DOUBT not in plain(table.out)


def test_a_quote_of_what_will_be_shown_before_a_later_window_is_only_a_quote(project: Folder) -> None:
    quoting(project, "days/opening")

    before = project.at(MONDAY, "preview", "--from", "2027-03-11", "--days", "1")
    after = project.at(MONDAY, "preview", "--from", "2027-03-15", "--days", "1")

    assert f"[quotes days/opening, {DOUBT}" in plain(before.out)
    assert "[quotes days/opening]" in after.out


def test_what_waits_in_the_queue_is_judged_like_what_is_planned(project: Folder) -> None:
    quoting(project, "facts/lens")
    assert project.at(MONDAY, "run", "--once").status == 0

    table = project.at(MONDAY, "preview", "--days", "1")

    assert f"[quotes facts/lens, {DOUBT}" in plain(table.out)


def test_the_budget_is_held_against_what_is_planned_and_spent(project: Folder) -> None:
    project.write(
        "schedules/accounts.toml",
        ACCOUNTS.replace("[mention", "budget = { usd = 0.05, daily_posts = 1 }\n\n[mention"),
    )

    table = project.at(MONDAY, "preview", "--days", "5", "--cost", "--account", "museum")
    data = project.at(MONDAY, "preview", "--days", "5", "--json").data

    assert "  budget: $0.050 a month, 1 post a day (a dry run spends none of it)\n" in table.out
    assert "over it first on 2027-03-" in table.out
    budget = data["cost"]["museum"]["budget"]
    assert (budget["usd"], budget["daily_posts"], budget["stopped"] > 0) == ("0.050", 1, True)
    assert [month["month"] for month in budget["months"]] == ["2027-03"]


def test_what_was_spent_already_is_not_there_to_be_spent(project: Folder) -> None:
    project.write(
        "schedules/accounts.toml",
        ACCOUNTS.replace("[mention", "budget = { usd = 0.05 }\n\n[mention"),
    )
    assert project.at(MONDAY, "run", "--once").status == 0
    with Queue(f"sqlite:///{project.root}/state/redletter.db") as queue, queue.writing() as transaction:
        now = instant_of(datetime.fromisoformat(MONDAY)) - DAY
        (first, *_) = queue.rows(now)
        reserve(transaction.connection, Cost("museum", 2, 40_000), first.key, now)

    (month,) = project.at(MONDAY, "preview", "--days", "1", "--json").data["cost"]["museum"]["budget"][
        "months"
    ]

    assert (month["out"], month["stopped"], month["over"]) == (2, 1, "2027-03-08")
