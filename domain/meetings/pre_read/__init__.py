"""What a council reads before it meets: the call, the status as it froze, who has opened it."""
