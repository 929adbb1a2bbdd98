"""The digest of a plan that is too large to be held at once."""

from hashlib import blake2b

from bot.model import Gap, Plan


class Saying:
    """The digest of a plan that is told bit by bit: posts first, gaps at the end."""

    def __init__(self) -> None:
        self._hashed = blake2b(digest_size=12)
        self._gaps: list[Gap] = []

    def take(self, made: Plan) -> None:
        """Go on with the plan of the next stretch."""
        for each in made.posts:
            self._add(
                (
                    each.slot.identity,
                    each.slot.at,
                    each.accounts,
                    each.post.id,
                    each.post.parts,
                    each.renditions,
                )
            )
        self._gaps += made.gaps

    @property
    def digest(self) -> str:
        """The digest of all together, as `Plan.digest` has it; nothing can be added after it."""
        while self._gaps:
            gap = self._gaps.pop(0)
            self._add((gap.slot.identity, gap.reason))
        return self._hashed.hexdigest()

    def _add(self, part: object) -> None:
        self._hashed.update(str(part).encode("utf-8", "surrogatepass"))
        self._hashed.update(b"\0")
