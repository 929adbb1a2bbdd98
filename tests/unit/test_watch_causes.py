"""What people should hear of, and that it is once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.delivery.states import State
from bot.delivery.values import Row
from bot.model import Rendition, ShownPart
from bot.watch.causes import PATIENCE, Cause, Kind, Seen, called, causes
from bot.watch.words import settled_word
from bot.zones import DAY, HOUR, MINUTE
from tests.fakes.deliveries import NOON
from tests.fakes.troubles import failed, missed, receipts, sent, trouble, unknown

REVOKED = "barred: museum: the token was revoked; make a new one"


def only(seen: Seen, now: int = NOON) -> Cause:
    (cause,) = causes(seen, now)
    return cause


def ids(seen: Seen, now: int = NOON) -> set[str]:
    return {cause.id for cause in causes(seen, now)}


def kinds(seen: Seen, now: int = NOON) -> list[Kind]:
    return [cause.kind for cause in causes(seen, now)]


def test_while_all_goes_well_there_is_nothing_to_hear_of() -> None:
    assert causes(Seen(waiting=(trouble(),), sent=(sent(NOON - HOUR),)), NOON) == ()


def test_a_post_that_failed_is_told_with_its_time_and_reason() -> None:
    cause = only(Seen(ended=(failed("refused: too bold"),)))

    assert cause.text == "failed on museum: moon/rise, of 2027-03-01 12:00 UTC: refused: too bold"
    assert (cause.kind, cause.account, cause.post, cause.since) == (Kind.FAILED, "museum", "moon/rise", NOON)
    assert cause.is_trouble(NOON)


def test_twenty_posts_that_one_broken_token_stops_are_one_cause() -> None:
    waiting = tuple(trouble(at=NOON + n, reason=REVOKED) for n in range(19))

    cause = only(Seen(waiting=waiting, ended=(missed(f"out of time: {REVOKED}"),)))

    assert cause.kind is Kind.BARRED
    assert cause.text.startswith("nothing goes out on museum: museum: the token was revoked; make a new one")
    assert "20 posts stopped by it" in cause.text


def test_what_a_broken_token_stops_stays_one_cause_when_it_has_failed() -> None:
    waits = Seen(waiting=(trouble(reason=REVOKED),))
    ended = Seen(ended=(failed("out of time: museum: the token was revoked; make a new one"),))

    assert ids(waits) == ids(ended, NOON + HOUR)


def test_a_single_post_that_waits_is_counted_as_one() -> None:
    assert only(Seen(waiting=(trouble(reason=REVOKED),))).text.endswith("(1 post stopped by it)")


def test_two_accounts_with_broken_tokens_are_two_causes() -> None:
    waiting = (trouble(reason=REVOKED), trouble(account="archive", reason=REVOKED))

    assert len(ids(Seen(waiting=waiting))) == 2


def test_the_same_reason_again_after_something_was_sent_is_told_again() -> None:
    ended = (failed(at=NOON), failed(at=NOON + 2 * HOUR))

    assert len(ids(Seen(ended=ended))) == 1
    assert len(ids(Seen(ended=ended, sent=(sent(NOON + HOUR),)))) == 2


def test_what_another_account_sent_ends_no_spell_of_trouble() -> None:
    ended = (failed(at=NOON), failed(at=NOON + 2 * HOUR))

    assert len(ids(Seen(ended=ended, sent=(sent(NOON + HOUR, account="archive"),)))) == 1


def test_an_outage_is_told_once_for_all_accounts() -> None:
    ended = (missed(account="museum"), missed(account="archive"), missed(at=NOON + HOUR))

    cause = only(Seen(ended=ended))

    assert cause.text.startswith(("missed on museum, archive: ", "missed on archive, museum: "))
    assert " and 2 more: the bot was not running" in cause.text


def test_a_failure_stands_until_its_account_sends_something_again() -> None:
    alone = only(Seen(ended=(failed(),)), NOON + HOUR)
    mended = only(Seen(ended=(failed(),), sent=(sent(NOON + MINUTE),)), NOON + HOUR)

    assert (alone.is_trouble(NOON + HOUR), mended.is_trouble(NOON + HOUR)) == (True, False)


def test_a_failure_stands_for_a_day_from_its_deadline_and_no_longer() -> None:
    seen = Seen(ended=(failed(),))
    end = NOON + HOUR + DAY

    assert [only(seen, now).stands for now in (end - 1, end)] == [True, False]


@pytest.mark.parametrize("reason", ["held: the office is closed", "not approved in time"])
def test_what_a_person_decided_is_told_and_is_no_trouble(reason: str) -> None:
    cause = only(Seen(ended=(missed(reason),)))

    assert (cause.kind, cause.stands) == (Kind.MISSED, False)


def test_each_unknown_delivery_is_a_cause_of_its_own() -> None:
    assert len(ids(Seen(unknown=(unknown(), unknown(at=NOON + 1))))) == 2


def test_an_unknown_says_where_to_look_and_what_to_call() -> None:
    shown = unknown()

    cause = only(Seen(unknown=(shown,)))

    assert cause.text == (
        "unknown on museum: nobody knows whether it has moon/rise, of 2027-03-01 12:00 UTC; "
        f"look there, then `redletter queue resolve {shown.row.key[:8]} --sent URL | --absent | --failed REASON`"
    )


def rendition(*texts: str) -> Rendition:
    return Rendition("museum", "x", "k", tuple(ShownPart(text, len(text), 280) for text in texts))


BY_HAND = "post/a34a5014"


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("moon/rise", "Door opens", "moon/rise"),
        ("post/opening", "Door opens", "post/opening"),
        (BY_HAND, "Door opens\n\nat ten", "“Door opens at ten”"),
        (BY_HAND, "x" * 40, f"“{'x' * 40}”"),
        (BY_HAND, "Door opens at ten on every day of the week but Monday",
         "“Door opens at ten on every day of the …”"),
        (BY_HAND, "👩‍👩‍👧" * 41, f"“{'👩‍👩‍👧' * 40} …”"),
        (BY_HAND, "", BY_HAND),
    ],
)  # fmt: skip
def test_a_post_that_was_written_by_hand_is_known_by_its_words(name: str, text: str, found: str) -> None:
    row = failed(name=name, rendition=rendition(text))

    assert called(row) == found
    assert f"failed on museum: {found}, of" in only(Seen(ended=(row,))).text


def test_it_is_known_by_the_words_that_are_missing() -> None:
    shown = unknown(name=BY_HAND, rendition=rendition("Door opens.", "At ten."), receipts=receipts(1))
    whole = sent(name=BY_HAND, rendition=rendition("Door opens."))

    cause = only(Seen(unknown=(shown,)))

    assert "whether it has part 2 of 2 of “At ten.”, of" in cause.text
    assert settled_word(cause) == "settled: “At ten.” on museum is not unknown any more"
    assert called(whole) == "“Door opens.”"


@pytest.mark.parametrize(
    "reason",
    [
        "out of time: left alone until 2027-03-01T13:00:00Z: too many at once",
        "left alone until 2027-03-01T14:30:00Z: too many at once",
        "not now: too many at once",
        "out of time: not now: too many at once",
    ],
)
def test_a_respite_is_one_cause_whatever_its_end_and_whoever_it_stopped(reason: str) -> None:
    ended = (failed("out of time: too many at once"), missed(reason, at=NOON + 1))

    cause = only(Seen(ended=ended))

    assert (cause.kind, " and 1 more: out of time: too many at once" in cause.text) == (Kind.FAILED, True)


def test_what_is_left_of_a_reason_may_hold_colons_of_its_own() -> None:
    ended = (failed("refused: 403: no"), failed("refused: 404: no", at=NOON + 1))

    assert len(ids(Seen(ended=ended))) == 2


def test_an_unknown_part_is_named() -> None:
    shown = unknown(parts=3, receipts=receipts(1))

    assert "whether it has part 2 of 3 of moon/rise" in only(Seen(unknown=(shown,))).text


def test_an_unknown_that_may_clear_up_is_left_in_peace_for_a_while() -> None:
    asked, never = unknown(), unknown(at=NOON + 1, due=None)

    ripe = {cause.since: cause.ripe for cause in causes(Seen(unknown=(asked, never)), NOON)}

    assert ripe == {NOON + 60: NOON + 60 + PATIENCE, NOON + 61: NOON + 61}
    assert not only(Seen(unknown=(asked,))).is_trouble(NOON + 60 + PATIENCE - 1)
    assert only(Seen(unknown=(asked,))).is_trouble(NOON + 60 + PATIENCE)


def test_what_becomes_unknown_again_is_told_again() -> None:
    shown = unknown()
    later = replace(shown, moves=(*shown.moves, replace(shown.moves[-1], at=NOON + HOUR)))

    assert ids(Seen(unknown=(shown,))).isdisjoint(ids(Seen(unknown=(later,))))


@pytest.mark.parametrize(
    ("have", "parts", "missing"), [(1, 2, "part 2 is missing"), (1, 4, "parts 2 to 4 are missing")]
)
@pytest.mark.parametrize("make", [failed, missed])
def test_half_a_thread_says_which_parts_are_missing(
    make: type[Row], have: int, parts: int, missing: str
) -> None:
    row = make("refused: no", parts=parts, receipts=receipts(have))  # type: ignore[call-arg] # a maker of rows

    cause = only(Seen(ended=(row,)))

    assert (cause.kind, cause.stands) == (Kind.HALF, True)
    assert f"{missing} (refused: no); it begins at https://network.example/1" in cause.text
    assert not only(Seen(ended=(row,)), NOON + HOUR + DAY).stands


def test_what_was_asked_for_again_is_told_by_its_second_delivery_alone() -> None:
    slot = trouble().slot
    first = failed(slot=slot)

    assert causes(Seen(ended=(first,), waiting=(trouble(slot=slot, again=1),)), NOON) == ()
    assert causes(Seen(ended=(first,), sent=(sent(slot=slot, again=1),)), NOON) == ()
    assert kinds(Seen(ended=(first, failed(slot=slot, again=1)))) == [Kind.FAILED]


@pytest.mark.parametrize(
    ("left", "number"), [(DAY + 1, 0), (DAY, 1), (2 * HOUR + 1, 1), (2 * HOUR, 1), (1, 1), (0, 0)]
)
def test_an_approval_is_asked_for_in_the_day_before_it_is_too_late(left: int, number: int) -> None:
    row = trouble(waits="not approved", approvals=1)

    assert len(causes(Seen(waiting=(row,)), row.deadline - left)) == number


def test_an_approval_is_asked_for_twice_a_day_before_and_two_hours_before() -> None:
    seen = Seen(waiting=(trouble(waits="not approved"), trouble(waits="not approved", account="archive")))
    end = NOON + HOUR

    told = [only(seen, end - left) for left in (DAY, 3 * HOUR, 2 * HOUR, 1)]

    assert [cause.id for cause in told[:2]] == [told[0].id] * 2
    assert [cause.id for cause in told[2:]] == [told[2].id] * 2
    assert told[0].id != told[2].id
    assert told[0].text == (
        f"waits for approval: moon/rise on {told[0].text.split(' on ')[1].split(', of')[0]}, of 2027-03-01 12:00 UTC; "
        "it is missed at 2027-03-01T13:00:00Z unless somebody says "
        f"`redletter queue approve {trouble().slot.key[:8]}`"
    )
    assert not told[0].stands


def test_what_is_held_needs_no_approval_yet() -> None:
    assert causes(Seen(waiting=(trouble(waits="held: closed"),)), NOON) == ()


def test_the_most_pressing_comes_first() -> None:
    seen = Seen(
        waiting=(trouble(waits="not approved"), trouble(account="archive", reason=REVOKED)),
        ended=(missed(), failed(at=NOON + 1), failed(at=NOON + 2, parts=2, receipts=receipts(1))),
        unknown=(unknown(),),
    )

    assert kinds(seen) == [
        Kind.BARRED, Kind.UNKNOWN, Kind.HALF, Kind.FAILED, Kind.MISSED, Kind.APPROVAL
    ]  # fmt: skip


rows = st.lists(
    st.tuples(
        st.sampled_from(
            ["refused: no", "out of time: busy", "the bot was not running", f"out of time: {REVOKED}"]
        ),
        st.integers(0, 40),
        st.sampled_from(["museum", "archive"]),
        st.sampled_from([State.FAILED, State.MISSED, State.SENT]),
    ),
    max_size=20,
    unique_by=lambda each: each[1:3],
)


@given(rows, st.integers(0, 40))
def test_a_cause_keeps_its_name_while_time_passes_and_more_of_it_comes(
    made: list[tuple[str, int, str, State]], until: int
) -> None:
    """What was told at one moment is not told again later: names never change behind one's back."""

    def seen(last: int) -> Seen:
        made_rows = [
            trouble(at=NOON + hour * HOUR, account=account, state=state, reason=reason,
                    receipts=receipts(1, at=NOON + hour * HOUR) if state is State.SENT else ())
            for reason, hour, account, state in made if hour <= last
        ]  # fmt: skip
        ended = tuple(row for row in made_rows if row.state is not State.SENT)
        return Seen(ended=ended, sent=tuple(row for row in made_rows if row.state is State.SENT))

    earlier, later = ids(seen(until), NOON), ids(seen(40), NOON + DAY)

    assert earlier <= later


@given(rows)
def test_nothing_that_ended_badly_is_left_out(made: list[tuple[str, int, str, State]]) -> None:
    ended = tuple(
        trouble(at=NOON + hour, account=account, state=state, reason=reason)
        for reason, hour, account, state in made
        if state is not State.SENT
    )

    found = causes(Seen(ended=ended), NOON)

    assert bool(found) == bool(ended)
    assert {cause.kind for cause in found} <= {Kind.BARRED, Kind.FAILED, Kind.MISSED}
    assert len({cause.id for cause in found}) == len(found)
