"""Checks Block Kit as strictly as Slack does: raw JSON in, problems with JSON pointers out."""

from sandbox.blockkit.problem import Problem
from sandbox.blockkit.size import total_chars
from sandbox.blockkit.surfaces import check_blocks, check_view

__all__ = ["Problem", "check_blocks", "check_view", "total_chars"]
