"""Templates: parts, macros, imports, the filters, and the mistakes that authors make."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from jinja2 import TemplateNotFound, UndefinedError

import message_templates
from message_templates.markup import Marked, MessageText, load, plain
from models.enums import Health

PACKAGE = Path(message_templates.__file__).parent
Say = Callable[..., Marked]
Texts = Callable[[str], MessageText]


def test_a_part_needs_only_its_own_values(texts: Texts) -> None:
    text = texts("{% block one %}{{ a }}{% endblock %}{% block two %}{{ b }}{% endblock %}")
    assert text.part("one", a="A") == Marked.data("A")
    assert text.parts == ("one", "two")


def test_macros_and_imports_of_the_top_level_work_in_a_part(texts: Texts) -> None:
    text = texts("""{% import "_words.j2" as words %}
{% macro own(x) %}_{{ x }}_{% endmacro %}
{% set dash = " - " %}
{% block part %}
{{ words.who("*A*") }}{{ dash }}{{ own(words.who("B")) }}
{% call words.boxed() %}~{{ "~" }}~{% endcall %}

{% endblock %}""")
    assert text.part("part") == Marked("*\0*\0_*\0*_\n[~\0~]", ("*A*", " - ", "B", "~"))


def test_blocks_may_stand_in_blocks(texts: Texts) -> None:
    text = texts("{% block all %}a {% block some %}*b*{% endblock %} c{% endblock %}")
    assert text.part("all") == Marked("a *b* c")
    assert text.part("some") == Marked("*b*")


def test_blank_space_of_the_template_goes_and_that_of_values_stays(say: Say) -> None:
    assert say("\n  {{ x }}\n\n", x=" a\n") == Marked.data(" a\n")
    assert say("\n \n") == Marked("")
    assert not say(" {{ x }}", x="")


def test_a_tag_on_a_line_of_its_own_leaves_no_line(say: Say) -> None:
    source = "a\n  {% for x in xs %}\n• {{ x }}\n  {% endfor %}\nb"
    assert say(source, xs=["1", "2"]) == Marked("a\n• \0\n• \0\nb", ("1", "2"))


def test_text_in_quotes_within_tags_is_data(say: Say) -> None:
    assert say('{{ "*a*" ~ "<" }}') == Marked.data("*a*<")


@pytest.mark.parametrize(
    ("source", "values", "expected"),
    [
        ('{{ x|mention("Dana") }}', {"x": "U12"}, Marked("<@U12|\0>", ("Dana",))),
        ("{{ x|mention }}", {"x": "W12"}, Marked("<@W12>")),
        ('{{ x|channel("its") }}', {"x": "C12"}, Marked("<#C12|\0>", ("its",))),
        ("{{ x|link(y) }}", {"x": "https://a.b/?c=1&d", "y": "_e_"},
         Marked("<https://a.b/?c=1&d|\0>", ("_e_",))),
        ("{{ x|bold }}{{ ''|bold }}", {"x": "*a"}, Marked("*\0*", ("*a",))),
        ('{{ 1|plural("report", "reports") }}', {}, Marked.data("1 report")),
        ('{{ 0|plural("report", "reports") }}', {}, Marked.data("0 reports")),
        ("{{ x|day }}", {"x": date(2026, 11, 25)}, Marked.data("Wed 25 Nov 2026")),
        ("{{ x|short_day }}", {"x": datetime(2026, 1, 5, tzinfo=UTC)}, Marked.data("5 Jan")),
        ('{{ x|clock("America/New_York") }}', {"x": datetime(2026, 11, 26, 15, 40, tzinfo=UTC)},
         Marked.data("Thu 26 Nov 10:40")),
        ("{{ x|health }}", {"x": Health.RED}, Marked.data("🟥 Red")),
    ],
)  # fmt: skip
def test_the_filters(say: Say, source: str, values: dict[str, object], expected: Marked) -> None:
    assert say(source, **values) == expected


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ('{{ "dana"|mention }}', "'dana' is not the Slack id of a person"),
        ('{{ "U1> <!channel"|mention }}', "is not the Slack id of a person"),
        ('{{ "its"|channel }}', "'its' is not the Slack id of a channel"),
        ('{{ "javascript:x"|link("a") }}', "not an address"),
        ('{{ "https://a.b|c"|link("a") }}', "not an address"),
        ("{{ none }}", "a value is None"),
    ],
)
def test_a_filter_refuses_what_it_cannot_make_live(say: Say, source: str, error: str) -> None:
    with pytest.raises(ValueError, match=error) as caught:
        say(source)
    assert caught.value.__notes__ == ["in part 'part' of the template room/message.j2"]


def test_a_missing_value_is_an_error(say: Say) -> None:
    with pytest.raises(UndefinedError, match="'name' is undefined"):
        say("{{ name }}")


def test_an_unknown_part_is_named_with_those_that_exist(texts: Texts) -> None:
    with pytest.raises(LookupError, match=r"no part 'tow', but \('two',\)"):
        texts("{% block two %}{% endblock %}").part("tow")


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.j2")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_every_template_of_the_package_can_be_read(path: Path) -> None:
    assert load(path.relative_to(PACKAGE).as_posix()).template.filename == str(path)


def test_an_unknown_template_is_named() -> None:
    with pytest.raises(TemplateNotFound, match=r"nowhere/nothing\.j2"):
        load("nowhere/nothing")


@pytest.mark.parametrize(
    "source", ["<!channel>", "a < b and c > d", "<@{{ x }}>", "<!date^{{ x }}^{date}|y>"]
)
def test_angle_brackets_hold_references_only(say: Say, source: str) -> None:
    with pytest.raises(ValueError, match="is not a mention, a channel, a link or a date"):
        plain(say(source, x="!channel"))
