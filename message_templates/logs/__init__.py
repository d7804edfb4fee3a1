"""The looks of lists: risks, issues, actions, decisions needed, milestones."""
