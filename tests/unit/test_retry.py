"""What follows from an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts import Receipt
from bot.delivery.retry import Respite, Verdict, backoff, decide
from bot.delivery.states import MOVES, State
from bot.errors import Answer, Barred, NotNow, Refused, Unanswered

NOW, HOUR = 1_000_000, 3_600
answers = st.one_of(
    st.just(Receipt("1", "https://network.example/1", NOW)),
    st.just(Refused("no")),
    st.just(Unanswered("?")),
    st.builds(Barred, st.just("no token")),
    st.builds(NotNow, st.just("later"), after=st.none() | st.integers(NOW - HOUR, NOW + 3 * HOUR)),
)


@given(answers, st.integers(0, 20), st.integers(-HOUR, 2 * HOUR))
def test_every_answer_leads_where_a_claim_may_go(answer: Receipt | Answer, attempts: int, left: int) -> None:
    verdict = decide(answer, attempts, now=NOW, deadline=NOW + left)

    assert (State.SENDING, verdict.state) in MOVES
    assert (verdict.due is not None) == (verdict.state is State.PENDING)
    assert verdict.due is None or NOW < verdict.due < NOW + left


def not_now(due: int, respite: Respite | None = None) -> Verdict:
    return Verdict(State.PENDING, "not now: busy", due, counts=True, respite=respite)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (Receipt("1", "", NOW), Verdict(State.SENT, "a receipt for every part")),
        (Refused("too long"), Verdict(State.FAILED, "refused: too long")),
        (Unanswered("timed out"), Verdict(State.UNKNOWN, "unanswered: timed out")),
        (NotNow("busy"), not_now(NOW + 30, Respite(NOW + 30, "busy"))),
        (NotNow("busy", after=NOW + 77), not_now(NOW + 77, Respite(NOW + 77, "busy"))),
        (NotNow("busy", after=NOW), not_now(NOW + 30, Respite(NOW + 30, "busy"))),
        (NotNow("busy", after=0), not_now(NOW + 30, Respite(NOW + 30, "busy"))),
        (NotNow("busy", after=NOW + HOUR - 1), not_now(NOW + HOUR - 1, Respite(NOW + HOUR - 1, "busy"))),
        (
            NotNow("busy", after=NOW + HOUR),
            Verdict(State.FAILED, "out of time: busy", counts=True, respite=Respite(NOW + HOUR, "busy")),
        ),
        (Barred("no token"), Verdict(State.PENDING, "barred: no token", NOW + 900)),
        (Barred("no token", after=NOW + 1), Verdict(State.PENDING, "barred: no token", NOW + 900)),
    ],
)
def test_each_answer_has_its_verdict(answer: Receipt | Answer, verdict: Verdict) -> None:
    assert decide(answer, 0, now=NOW, deadline=NOW + HOUR) == verdict


def test_who_is_barred_waits_until_a_person_acts_or_its_time_ends() -> None:
    barred = Barred("the token is revoked")

    assert decide(barred, 99, now=NOW, deadline=NOW + 901).due == NOW + 900
    assert decide(barred, 0, now=NOW, deadline=NOW + 900) == Verdict(
        State.FAILED, "out of time: barred: the token is revoked"
    )


def test_only_what_may_be_over_in_a_moment_counts_as_an_attempt() -> None:
    counted = {
        type(each)
        for each in (Refused("no"), NotNow("busy"), Barred("no"), Unanswered("?"))
        if decide(each, 0, now=NOW, deadline=NOW + HOUR).counts
    }

    assert counted == {NotNow}


def test_waits_double_up_to_a_quarter_of_an_hour() -> None:
    assert [backoff(attempts) for attempts in range(8)] == [30, 60, 120, 240, 480, 900, 900, 900]
    assert backoff(10_000) == 900


def test_only_time_ends_the_asking() -> None:
    assert decide(NotNow("busy"), 99, now=NOW, deadline=NOW + HOUR).state is State.PENDING
    assert decide(NotNow("busy"), 99, now=NOW, deadline=NOW + 900).state is State.FAILED


@pytest.mark.parametrize(
    ("answer", "respite"),
    [
        (NotNow("busy", after=NOW + 60), NOW + 60),
        (NotNow("busy", after=NOW + 3 * HOUR), NOW + 3 * HOUR),
        (NotNow("busy", after=NOW + 9_000 * HOUR), NOW + 24 * HOUR),
        (NotNow("busy", after=NOW), NOW + 120),
        (NotNow("busy"), NOW + 120),
        (Barred("revoked", after=NOW + 60), None),
        (Refused("no"), None),
        (Unanswered("?"), None),
    ],
)
def test_not_now_gives_the_whole_account_a_respite_of_a_day_at_most(
    answer: Answer, respite: int | None
) -> None:
    found = decide(answer, 0, now=NOW, deadline=NOW + HOUR, noes=2).respite

    assert found == (Respite(respite, "busy", noes=3) if respite else None)


def test_unanswered_is_unknown_even_when_time_and_attempts_are_over() -> None:
    assert decide(Unanswered("?"), 99, now=NOW, deadline=NOW).state is State.UNKNOWN
