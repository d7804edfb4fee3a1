"""What the handbook can't answer reaches a person: the PMO is asked, and its answer comes back."""
