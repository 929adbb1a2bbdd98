"""The review of imported posts: one after the other, what is doubtful in it, and yes, no or later."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.corpus.change import Change, folder_tags
from bot.corpus.edit import file_digest
from bot.delivery.decided import Decision
from bot.delivery.people import Role
from bot.desk.desk import Desk
from bot.desk.review import following, look, progress, waiting
from bot.desk.review.deciding import (
    REVIEW,
    LeftOpen,
    accept,
    around,
    decline,
    last_word,
    refuse_overtaken,
    undo_review,
)
from bot.desk.review.suggestions import Suggestions
from bot.errors import BadCall
from bot.model import Post, Tone, Uses
from bot.preview.view import SIGNS
from bot.web.deciding import ALLOWED, Refused, by, desk_of, may_undo, notice, refused, said, with_done
from bot.web.guard import signed
from bot.web.pages.decide import is_network
from bot.web.reviewed import events, filled_in, lengths, sheet
from bot.web.showing import office_of, page, session_of
from bot.web.swapping import only

#: Seconds for which guesses are good: every yes changes the corpus a little, and learning from all of it takes longer.
_FRESH = 300
Kind = TypeVar("Kind", Tone, Uses)

#: The one form of the page.
_FORM = "review"


class Known(Struct, frozen=True):
    """What guesses are made from, and since when."""

    at: int
    suggestions: Suggestions


@signed(Role.LOOK)
def begin(request: Request) -> Response:
    """The first post that waits; where none does, a page that says so."""
    desk = desk_of(request)
    if found := waiting(desk.project):
        return _lead(found[0].id, _number(request.query_params.get("done", "")))
    return page(request, "review.html.j2", post=None, **_common(request, desk))


@signed(Role.LOOK)
def show(request: Request) -> Response:
    """One imported post."""
    seen = _digest(desk_of(request), _post(request))
    office_of(request).look_again()  # what is shown is at least as new as what is called seen
    return _page(request, ALLOWED, seen)


@signed(Role.EDIT)
def answer(request: Request) -> Response:
    """Yes, no, or what was chosen put into the words."""
    post, form = _post(request), {name: str(value) for name, value in request.state.form.items()}
    try:
        refuse_overtaken(desk_of(request), post, said(request, "seen"))
        if said(request, "answer") == "no":
            return _done(request, post, lambda: _decline(request, post))
        form = filled_in(form, post, sheet(look(post, _known(request))).holes)
        if said(request, "answer") == "yes":
            return _done(request, post, lambda: _accept(request, post, form))
    except BadCall as error:
        found = replace(refused(request, _FORM, error), values=form, is_near=isinstance(error, LeftOpen))
        return _page(request, found)
    return _page(request, Refused(_FORM, "", HTTPStatus.OK, form))


@signed(Role.EDIT)
def undo(request: Request) -> Response:
    """Take back what was decided about an imported post, and look at it again."""
    queue, session = office_of(request).queue, session_of(request)
    decision = queue.decided(_number(said(request, "decision")) or 0)
    if decision.what != REVIEW:
        raise BadCall("that was not decided in a review; it is taken back under Decisions")
    if decision.can_be_undone and not may_undo(session, decision):
        told = f"{decision.who} decided that; somebody who may approve can take it back."
        raise HTTPException(HTTPStatus.FORBIDDEN, told)
    name = undo_review(desk_of(request), decision.id, by(request))
    office_of(request).look_again()
    return _lead(name, queue.decisions(most=1)[0].id)


def _done(request: Request, post: Post, decide: Callable[[], None]) -> Response:
    """Decide, and lead on to the next post that waits."""
    decide()
    office_of(request).look_again()
    desk = desk_of(request)
    number = desk.queue.decisions(most=1)[0].id
    found = following(desk.project, post)
    return _lead(found.id if found else "", number)


def _accept(request: Request, post: Post, form: Mapping[str, str]) -> None:
    accept(
        desk_of(request), post, _change(post, form), by(request), seen=said(request, "seen"),
        is_network=is_network, anyway=bool(form.get("anyway")),
    )  # fmt: skip


def _decline(request: Request, post: Post) -> None:
    decline(desk_of(request), post, by(request), seen=said(request, "seen"))


def _lead(name: str, done: int | None) -> Response:
    path = f"/review/{quote(name)}" if name else "/review"
    return RedirectResponse(with_done(path, done), HTTPStatus.SEE_OTHER)


def _change(post: Post, form: Mapping[str, str]) -> Change:
    """What a form says that shall be different; BadCall where it says what cannot be."""
    return Change(
        texts={number: _plain(form.get(f"text-{number}", "")) for number in range(1, len(post.parts) + 1)},
        alts={
            place: _plain(form[field])
            for place, field in _pictures(post).items()
            if field in form
        },
        tags=tuple(word.removeprefix("#") for word in form.get("tags", "").replace(",", " ").split()),
        event=form.get("event", "").strip() or None,
        tone=_one_of(Tone, form.get("tone", ""), "say which tone it has"),
        use=_one_of(Uses, form.get("use", ""), "say when it may be picked: on any day, or on its day"),
        posted=_posted(post, form.get("posted", "").strip()),
    )  # fmt: skip


def _one_of(kind: type[Kind], word: str, otherwise: str) -> Kind:
    if word not in set(kind):
        raise BadCall(otherwise)
    return kind(word)


def _posted(post: Post, text: str) -> date | UnsetType | None:
    """The day on which it was posted first; unset where that stays as it is, with its time if it has one."""
    if text == _day(post.posted):
        return UNSET
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadCall(f"cannot read {text!r} as a date: write it as 2027-01-28") from error


def _day(day: date | None) -> str:
    return day.isoformat()[:10] if day else ""


def _plain(text: str) -> str:
    """What a field says, its line ends as they are kept."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _pictures(post: Post) -> dict[tuple[int, int], str]:
    """The field for the alt text of each picture, by its part and its place there."""
    return {
        (number, place): f"alt-{number}-{place}"
        for number, part in enumerate(post.parts, 1)
        for place, _ in enumerate(part.media, 1)
    }


def _page(request: Request, found: Refused, seen: str | None = None) -> Response:
    desk, post = desk_of(request), _post(request)
    if all(each.id != post.id for each in waiting(desk.project)):
        return _decided(request, desk, post, found)
    shown, texts = look(post, _known(request)), [part.text for part in post.parts]
    typed = [found.kept(_FORM, f"text-{number}", text) for number, text in enumerate(texts, 1)]
    answer = page(
        request, "review.html.j2", status=found.status, refused=found, post=post, look=shown, sheet=sheet(shown),
        seen=_digest(desk, post) if seen is None else seen, typed=typed, events=events(desk.project),
        lengths=[lengths(_plain(text), desk.project.schedules) for text in typed], pictures=_pictures(post),
        day=_day(shown.post.posted or shown.posted), tags=_tags(post), folders=folder_tags(post),
        tones=[(tone.value, SIGNS[tone]) for tone in Tone], **_common(request, desk, post),
    )  # fmt: skip
    return only(request, "declining" if found.kept(_FORM, "answer") == "no" else _FORM, answer)


def _decided(request: Request, desk: Desk, post: Post, found: Refused) -> Response:
    """The page of a post that waits no more."""
    last = last_word(desk, post)
    typed = [found.values[name] for name in sorted(found.values) if name.startswith("text-")]
    return page(
        request, "reviewed.html.j2", status=found.status, refused=found, post=post, last=last, typed=typed,
        can_undo=last is not None and may_undo(session_of(request), last), **_common(request, desk, post),
    )  # fmt: skip


def _common(request: Request, desk: Desk, post: Post | None = None) -> dict[str, Any]:
    """What every page of a review shows."""
    done = notice(request)
    return {
        "progress": progress(desk.project, desk.queue.counted(REVIEW)), "notice": done,
        "told": _told(done.decision) if done else "",
        "around": around(desk.project, post) if post else None,
        "next": following(desk.project, post) if post else None,
    }  # fmt: skip


def _told(decision: Decision) -> str:
    """A decision of a review as its notice tells it."""
    if decision.what == "undo":
        return f"Taken back: {decision.about}"
    return f"{decision.about[:1].upper()}{decision.about[1:]}"


def _tags(post: Post) -> str:
    """The tags that are its own, besides those of its folders."""
    return ", ".join(tag for tag in post.tags if tag not in folder_tags(post))


def _post(request: Request) -> Post:
    """The post of the address, as it is now; HTTPException where there is none."""
    found = desk_of(request).project.corpus.by_id.get(request.path_params["post"])
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "No post of that name is in the corpus.")
    return found


def _digest(desk: Desk, post: Post) -> str:
    try:
        return file_digest(post, Path(desk.project.root))
    except BadCall:
        return ""


def _known(request: Request) -> Suggestions:
    """What guesses are made from: learnt again where the project has changed, once in a while."""
    state, desk = request.app.state, desk_of(request)
    known: Known | None = getattr(state, "known", None)
    is_good = known and (known.suggestions.project is desk.project or desk.now - known.at < _FRESH)
    if known is None or not is_good:
        state.known = known = Known(desk.now, Suggestions(desk.project))
    return known.suggestions


def _number(text: str) -> int | None:
    return int(text[:15]) if text.isascii() and text.isdecimal() else None


ROUTES: Sequence[Route] = (
    Route("/review", begin, methods=["GET"]),
    Route("/review", undo, methods=["POST"]),
    Route("/review/{post:path}", show, methods=["GET"]),
    Route("/review/{post:path}", answer, methods=["POST"]),
)
