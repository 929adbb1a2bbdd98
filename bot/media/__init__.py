"""Pictures and films as a network may have them: read once, known by their content, upright, without traces, fitted.

`read_media` is the room's door, `look` its window. What leaves it holds no EXIF, no place, no comment; a picture that needs no change
leaves byte for byte as it came. A colour profile stays with its picture. Films are sent as they are: one that says
where it was made is refused, since nothing here can take that out of it.
"""

from bot.media.bounds import Sight
from bot.media.drawn import as_file
from bot.media.kinds import kind_problem, sniffed
from bot.media.picture import Picture
from bot.media.read import look, objections, read_media

__all__ = ["Picture", "Sight", "as_file", "kind_problem", "look", "objections", "read_media", "sniffed"]
