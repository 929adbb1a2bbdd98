"""When and to whom: schedule files, read."""

from bot.schedules.read import ScheduleReader
from bot.schedules.tables import schedule_files

__all__ = ["ScheduleReader", "schedule_files"]
