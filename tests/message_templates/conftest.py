"""Templates written in the tests themselves."""

from collections.abc import Callable

import pytest
from jinja2 import DictLoader

from message_templates.markup import Marked, MessageText, make_environment

Say = Callable[..., Marked]

WORDS = """{% macro who(name) %}*{{ name }}*{% endmacro %}
{% macro boxed() %}[{{ caller() }}]{% endmacro %}
"""


@pytest.fixture
def texts() -> Callable[[str], MessageText]:
    """Make the texts of a message from the source of its template."""

    def make(source: str) -> MessageText:
        loader = DictLoader({"room/message.j2": source, "_words.j2": WORDS})
        return MessageText(make_environment(loader).get_template("room/message.j2"))

    return make


@pytest.fixture
def say(texts: Callable[[str], MessageText]) -> Say:
    """Render one part from its source."""

    def render(source: str, **values: object) -> Marked:
        return texts(f"{{% block part %}}{source}{{% endblock %}}").part("part", **values)

    return render
