"""What a frame asks for in vain, told by what there is instead. It costs start-up time: only frames bring it in."""

from jinja2 import StrictUndefined
from msgspec.structs import fields

from bot.model import Event
from bot.options import did_you_mean

#: What a frame may ask of an event: all but where its file has it.
_OF_EVENTS = tuple(each.name for each in fields(Event) if each.name != "place")


class Unknown(StrictUndefined):
    """A name without a value, which fails where it is used; of an event it says which names have one."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        name = self._undefined_name
        if self._undefined_hint or not isinstance(self._undefined_obj, Event) or name is None:
            return super()._undefined_message
        near = did_you_mean(name, _OF_EVENTS)
        return f"an event has no {name}{f'{near} It' if near else '; it'} has {', '.join(_OF_EVENTS)}"
