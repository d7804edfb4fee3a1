"""Turns what an app sent (Block Kit, mrkdwn, Markdown) into safe HTML."""

from sandbox.page.render.blocks import render_blocks
from sandbox.page.render.context import RenderContext
from sandbox.page.render.mrkdwn import render_mrkdwn

__all__ = ["RenderContext", "render_blocks", "render_mrkdwn"]
