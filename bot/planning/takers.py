"""Which schedules a post is for: those that can take it on some day."""

from collections.abc import Set as AbstractSet

from bot.model import Pick, Post, Priority, Schedule, Schedules, Uses


def speakers(post: Post, schedules: Schedules) -> frozenset[str]:
    """The accounts that a post can come to by itself: those of every schedule that can take it."""
    return frozenset(name for entry in schedules.entries if may_take(entry, post) for name in entry.names)


def concerned(post: Post, schedules: Schedules, unable: AbstractSet[str]) -> AbstractSet[str]:
    """Those of the accounts that cannot show a post for which this is a fault: a schedule brings it there.

    A post that no schedule can take is for people to send: it is a fault for all where no account can show it.
    """
    coming = speakers(post, schedules)
    if not coming and unable >= schedules.accounts.keys():
        return unable
    return unable & coming


def may_take(entry: Schedule, post: Post) -> bool:
    """Tell whether a schedule can pick a post on some day, whatever its trigger gives: never no where it does."""
    pick = entry.pick
    is_its_day = pick.event or pick.on_this_day or entry.trigger.priority < Priority.SLOTS
    may_be_dated = bool(pick.posts) or (bool(entry.frames) and is_its_day)
    uses = (Uses.EVERGREEN, Uses.DATED) if may_be_dated else (Uses.EVERGREEN,)
    return (
        post.use in uses
        and _is_meant(pick, post)
        and (not pick.tags or not set(pick.tags).isdisjoint(post.tags))
        and (not pick.tones or post.tone in pick.tones)
        and pick.lang in {None, post.lang}
    )


def _is_meant(pick: Pick, post: Post) -> bool:
    if pick.event:
        return post.event is not None
    if pick.on_this_day:
        return post.posted is not None
    return not pick.posts or post.id in pick.posts
