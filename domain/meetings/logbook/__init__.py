"""What councils have decided, to be looked up; and how long they take."""
