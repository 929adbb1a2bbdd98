"""Pictures: what cannot be sent is told by `check`, and refused by `post` before anything is queued."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.pictures import claiming, encoded, film, flag, noise, talking_gif
from tests.fakes.projects import ACCOUNTS, REPOSITORY, Folder
from tests.fakes.x import png

PLAIN = "2027-03-11T15:00:00Z"
BOMB = "has more pixels than can be opened safely: make it smaller"
NONE = "holds no picture and no film, whatever its name says: save it as PNG, JPEG, GIF or MP4"
MOVING = talking_gif(flag(), noise(48, 32))
SKY = ACCOUNTS + '[account.sky]\nnetwork = "bluesky"\n'
STILL = "is a moving GIF, and none are taken here: show a still picture of it"


def picture(project: Folder, name: str, content: bytes, *, fields: str = "", post: str = "") -> None:
    """A picture, and a post that shows it."""
    (project.root / "corpus/facts" / name).write_bytes(content)
    media = f'media = [\n  {{ file = "{name}", alt = "A dome at night." }},\n]'
    project.post(f"facts/{post or Path(name).stem}", "About domes.", f"{fields}\n{media}")


def told(project: Folder) -> list[str]:
    return project.call("check").out.splitlines()


def only_on(project: Folder, account: str) -> None:
    """Let the schedule of the facts, and no other, speak on this account alone."""
    file = project.root / "schedules/calendar.toml"
    others, name, mornings = file.read_text("utf-8").partition('name = "mornings"')
    file.write_text(others + name + mornings.replace('["museum"]', f'["{account}"]'), "utf-8")


def test_a_check_opens_every_picture_as_it_is_when_it_is_sent(project: Folder) -> None:
    picture(project, "bomb.png", claiming(50_000, 50_000))
    picture(project, "dome.png", encoded(flag(), "PNG"))
    picture(project, "gone.png", encoded(flag(), "PNG"))
    picture(project, "text.png", b"Text.")
    picture(project, "torn.png", encoded(noise(64, 64), "PNG")[:-200])
    (project.root / "corpus/facts/gone.png").unlink()

    found = project.call("check")

    assert (found.status, found.err) == (1, "")
    assert found.out.splitlines() == [
        f"corpus/facts/bomb.md:4: media: corpus/facts/bomb.png {BOMB}",
        "corpus/facts/gone.md:4: media: there is no file corpus/facts/gone.png",
        f"corpus/facts/text.md:4: media: corpus/facts/text.png {NONE}",
        "corpus/facts/torn.md:4: media: corpus/facts/torn.png cannot be read: image file is truncated; save it anew",
    ]


def test_every_post_that_shows_a_picture_is_told_of_it(project: Folder) -> None:
    for post in ("one", "two"):
        picture(project, "bomb.png", claiming(50_000, 50_000), post=post)

    assert told(project) == [
        f"corpus/facts/{post}.md:4: media: corpus/facts/bomb.png {BOMB}" for post in ("one", "two")
    ]


@pytest.mark.parametrize(("account", "is_told"), [("museum", False), ("sky", True)])
def test_a_picture_is_held_to_the_accounts_that_will_show_it(
    project: Folder, account: str, *, is_told: bool
) -> None:
    project.write("schedules/accounts.toml", SKY)
    only_on(project, account)
    picture(project, "a dome.gif", MOVING)

    problem = f"corpus/facts/a dome.md:4: media: on sky, corpus/facts/a dome.gif {STILL}"

    assert (problem in told(project)) is is_told


def test_what_no_account_can_show_is_told_even_where_no_schedule_asks_for_it(project: Folder) -> None:
    project.write("schedules/accounts.toml", SKY)
    picture(project, "dome.gif", MOVING, fields='use = "dated"')
    before = told(project)

    project.write("schedules/accounts.toml", SKY.replace('network = "x"', 'network = "bluesky"'))

    assert not any("moving" in problem for problem in before)
    assert [problem for problem in told(project) if "moving" in problem] == [
        f"corpus/facts/dome.md:4: media: on {name}, corpus/facts/dome.gif {STILL}"
        for name in ("museum", "sky")
    ]


def test_a_post_on_hold_is_held_to_no_account_but_its_picture_must_be_one(project: Folder) -> None:
    project.write("schedules/accounts.toml", SKY.replace('network = "x"', 'network = "bluesky"'))
    picture(project, "dome.gif", MOVING, fields='use = "hold"')
    picture(project, "bomb.png", claiming(50_000, 50_000), fields='use = "hold"')

    assert told(project) == [f"corpus/facts/bomb.md:4: media: corpus/facts/bomb.png {BOMB}"]


def test_films_and_what_moves_stand_alone(project: Folder) -> None:
    (project.root / "corpus/facts/ferry.mp4").write_bytes(film())
    (project.root / "corpus/facts/dome.png").write_bytes(encoded(flag(), "PNG"))
    files = ", ".join(f'{{ file = "{name}", alt = "A dome." }}' for name in ("dome.png", "ferry.mp4"))
    project.post("facts/both", "About domes.", f"media = [{files}]")

    (problem,) = told(project)

    assert problem.startswith(
        "corpus/facts/both.md:2: media: on museum, corpus/facts/ferry.mp4 is a film, which stands alone"
    )


def test_where_schedules_cannot_be_read_no_picture_is_opened(project: Folder) -> None:
    picture(project, "bomb.png", claiming(50_000, 50_000))
    project.write("schedules/odd.toml", "[")

    found = project.call("check")

    assert found.status == 1
    assert "odd.toml" in found.out
    assert "bomb.png" not in found.out


def test_a_check_without_pictures_does_without_pillow(project: Folder) -> None:
    script = (
        f"import sys; from bot.__main__ import main; main(['--project', {str(project.root)!r}, 'check']); "
    )
    script += "sys.exit('PIL' in sys.modules or 'requests' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, timeout=60, check=False)

    assert done.returncode == 0


def test_a_picture_that_is_none_is_refused_before_it_is_queued(project: Folder, tmp_path: Path) -> None:
    (tmp_path / "text.png").write_bytes(b"Text.")
    (tmp_path / "bomb.png").write_bytes(claiming(50_000, 50_000))
    refused = {
        "text.png": NONE,
        "bomb.png": BOMB,
    }

    for name, why in refused.items():
        written = f"{tmp_path}/museum/../{name}"
        found = project.at(PLAIN, "post", "--text", "T", "--media", written, "--alt", "A dome")

        assert (found.status, found.out) == (2, "")
        assert found.err == f"redletter: {written} {why}\n"
    assert project.call("queue", "list", "--json").data["deliveries"] == []
    assert project.call("status").status == 0


def test_a_picture_of_the_corpus_is_named_by_its_place_there(project: Folder) -> None:
    picture(project, "bomb.png", claiming(50_000, 50_000))

    found = project.at(PLAIN, "post", "facts/bomb")

    assert (found.status, found.err) == (2, f"redletter: facts/bomb: corpus/facts/bomb.png {BOMB}\n")
    assert not project.outbox


def test_a_post_is_held_to_the_accounts_that_are_asked_for_alone(project: Folder, tmp_path: Path) -> None:
    project.write("schedules/accounts.toml", SKY + '[account.tower]\nnetwork = "mastodon"\n')
    (tmp_path / "dome.png").write_bytes(png())
    words = ["post", "--text", "Hello " * 66, "--media", str(tmp_path / "dome.png"), "--alt", "A dome"]

    tower = project.at(PLAIN, *words, "--account", "tower")
    both = project.at(PLAIN, *words, "--account", "tower", "--account", "sky")

    assert (tower.status, both.status) == (0, 2)
    assert "395 long on sky, where 300 fit" in both.err
    assert [line["account"] for line in project.outbox] == ["tower"]
