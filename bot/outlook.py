"""What is coming: what the queue has, and what will be planned from its cursor on."""

from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.delivery.states import State
from bot.model import MEMORY, Budget, History, Plan, PlannedPost, Project, Tone, Window
from bot.planning.plan import plan
from bot.planning.render import rendered
from bot.preview.forecast import coming, forecast, still_to_come, unquotable
from bot.preview.view import HELD, Held, View
from bot.zones import instant_of, moment

if TYPE_CHECKING:
    from collections.abc import Container

    from bot.delivery.queue import Queue
    from bot.delivery.values import Hold


def outlook(project: Project, queue: "Queue | None", window: Window, now: int) -> Plan:
    """Every post and gap of the window, as it was, is queued, or will be planned.

    Planning always goes on from the queue's cursor, so a day shown alone and the same day in a longer stretch agree.
    """
    seen = queue.cursor() if queue else None
    if queue is None or seen is None:
        return rendered(_supposed(project, window, now), project.schedules)
    anew = now if seen.files != project.digest else None
    start = seen.until if anew is None else min(seen.until, anew)
    history = queue.history(start - MEMORY, anew=anew)
    ahead = rendered(_planned(project, history, start, window), project.schedules)
    return _in_order(queue.planned(window, anew=anew) + ahead)


def viewed(project: Project, plan: Plan, window: Window, account: str | None = None) -> View:
    """The plan with the names that make it readable, of all accounts or of one."""
    accounts, events = project.schedules.accounts, project.schedules.events
    titles = {event.id: event.title for event in events.values()}
    return View(window, plan if account is None else _only(plan, project, account), accounts, titles)


def foreseen(view: View, project: Project, queue: "Queue | None", now: int) -> View:
    """The view with what will not go out as it is shown: what is held, a quote of what was never there, what no budget pays.

    A hold leaves the digest as it is: it stops what is planned and changes none of it, and once it is released, the
    promise is the same. So quotes and budgets are foreseen as if nothing were held.
    """
    stops = stopped(view.plan, project, queue, now)
    judged = _judged(view, project, queue, now)
    if not stops:
        return judged
    held = {key: Held(hold.reason, hold.until, hold.account, hold.tone) for key, hold in stops.items()}
    waiting = _waiting(queue, now)
    posts = tuple(_marked(planned, stops, waiting) for planned in view.plan.posts)
    return replace(judged, plan=replace(view.plan, posts=posts), held=held)


def stopped(plan: Plan, project: Project, queue: "Queue | None", now: int) -> "dict[str, Hold]":
    """The hold that stops each rendition of a plan that is still to be shown, by its key; the oldest where there are more.

    One that ends before its time has come stops nothing.
    """
    holds = queue.holds(now) if queue else ()
    waiting = _waiting(queue, now) if holds else {}
    found = (
        (shown.key, hold)
        for planned in (plan.posts if holds else ())
        for shown in still_to_come(planned, now, waiting)
        for hold in reversed(holds)
        if hold.lasts(waiting.get(shown.key, planned.slot.at))
        and hold.concerns(shown.account, _tones(planned, project))
    )
    return dict(found)


def _tones(planned: PlannedPost, project: Project) -> tuple[Tone | None, ...]:
    event = project.schedules.events.get(planned.slot.event or "")
    return (planned.post.tone, event.tone if event else None)


def _marked(planned: PlannedPost, stops: "Container[str]", waiting: "Container[str]") -> PlannedPost:
    """A planned post with its state: held in place of planned or pending, or, where only some accounts are, besides."""
    open_ones = [
        shown.key for shown in planned.renditions if planned.state == "planned" or shown.key in waiting
    ]
    held = [key for key in open_ones if key in stops]
    if not held:
        return planned
    gone = {"planned", State.PENDING} if held == open_ones else set()
    return replace(
        planned, state=" ".join([*(each for each in planned.state.split() if each not in gone), HELD])
    )


def _judged(view: View, project: Project, queue: "Queue | None", now: int) -> View:
    shown = [each for planned in view.plan.posts for each in planned.renditions]
    names = {each.account for each in shown} & view.accounts.keys()
    budgeted = [view.accounts[name] for name in names if view.accounts[name].budget != Budget()]
    if not budgeted and not any(each.quote and each.quote.post for each in shown):
        return view
    found = coming(_from_now(view, project, queue, now), now, _waiting(queue, now))
    return replace(
        view,
        unquotable=unquotable(found, partial(_was_shown, view, queue)),
        budgets={
            account.name: forecast(
                found, account, partial(_spent, queue, account.name), now=now, since=view.window.start
            )
            for account in budgeted
        },
    )


def _from_now(view: View, project: Project, queue: "Queue | None", now: int) -> Plan:
    """The view's plan, after all that comes before its window."""
    start = view.window.start
    return outlook(project, queue, Window(now, start), now) + view.plan if start > now else view.plan


def _waiting(queue: "Queue | None", now: int) -> dict[str, int]:
    """The keys of what waits in the queue, with the instants at which it is to be seen."""
    return {row.key: max(row.at, now) for row in queue.rows(now, states=(State.PENDING,))} if queue else {}


def _was_shown(view: View, queue: "Queue | None", post: str, account: str) -> bool:
    live = not view.is_dry_run(account)
    return queue is not None and queue.quoted(post, account, live=live) is not None


def _spent(queue: "Queue | None", account: str, since: int) -> tuple[int, int]:
    return queue.spent(account, since) if queue else (0, 0)


def _supposed(project: Project, window: Window, now: int) -> Plan:
    """What a window holds if the bot begins now; a year already past, or what is past of this one, begins for itself.

    So here too it does not matter how long the window is that a day is shown in.
    """
    years = range(moment(window.start).year, moment(min(window.end, now)).year + 1)
    begins = [new_year for new_year in map(_new_year, years) if new_year < now]
    found = Plan()
    for begin, end in pairwise([*begins, now, max(now, window.end)]):
        start, last = max(begin, window.start), min(end, window.end)
        if start < last:
            found += _planned(project, History(), begin, Window(start, last))
    return found


def _new_year(year: int) -> int:
    return instant_of(datetime(year, 1, 1, tzinfo=UTC))


def _planned(project: Project, history: History, start: int, window: Window) -> Plan:
    if start >= window.end:
        return Plan()
    found = plan(project.schedules, project.corpus, history, Window(start, window.end))
    return Plan(
        tuple(planned for planned in found.posts if planned.slot.at in window),
        tuple(gap for gap in found.gaps if gap.slot.at in window),
    )


def _in_order(plan: Plan) -> Plan:
    posts = sorted(plan.posts, key=lambda planned: planned.slot.order())
    return Plan(tuple(posts), tuple(sorted(plan.gaps, key=lambda gap: gap.slot.order())))


def _only(plan: Plan, project: Project, account: str) -> Plan:
    of = {entry.name for entry in project.schedules.entries if account in entry.names}
    posts = tuple(
        replace(
            planned,
            accounts=(account,),
            renditions=tuple(r for r in planned.renditions if r.account == account),
        )
        for planned in plan.posts
        if account in planned.accounts
    )
    return Plan(posts, tuple(gap for gap in plan.gaps if gap.slot.schedule in of))
