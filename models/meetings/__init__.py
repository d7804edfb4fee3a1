"""The room `meetings`: councils' meetings, and the addresses under which calendars read them."""

from models.meetings.tables import CalendarFeed, Meeting

__all__ = ["CalendarFeed", "Meeting"]
