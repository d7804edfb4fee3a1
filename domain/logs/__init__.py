"""The lists of a project: risks, issues, actions, decisions needed, milestones."""
