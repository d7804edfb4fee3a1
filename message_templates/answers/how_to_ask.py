"""The answer to free text."""

from domain.answers.messages import HowToAsk
from message_templates.kit import Rendered
from message_templates.markup import load, rich_text


def render_how_to_ask(message: HowToAsk) -> list[Rendered]:
    """Render what the bot understands."""
    texts = load("answers/how_to_ask")
    text = texts.part("text", command=message.command)
    return [Rendered.of(texts.part("fallback", command=message.command), rich_text(text))]
