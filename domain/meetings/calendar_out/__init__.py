"""Calendars that others read: files in iCalendar's format, and addresses to subscribe to."""
