"""Texts that somebody wrote without knowing the rules, true and untrue where they are said: most are told apart."""

from tests.said import judged


def test_most_of_what_is_untrue_is_refused_and_nearly_all_that_is_true_let_out() -> None:
    said = list(judged())

    untrue, true = ([each for each in said if each.is_true is verdict] for verdict in (False, True))
    let_out, refused = [each.text for each in untrue if not each.why], [each.why for each in true if each.why]

    assert len(let_out) <= 0.3 * len(untrue), let_out
    assert len(refused) <= 0.1 * len(true), refused
