"""Every message of the domain has its looks, and is made once for all of its parts."""

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest

import domain
import message_templates
from domain.collecting.values import Answers
from domain.delivery.messages import DeliveryProblem, EmptiedPart, MessageCodec
from domain.digests.heat_map.loading import HeatMap
from domain.digests.messages import DigestDetail, DigestPage, ReportText
from message_templates import rendering
from message_templates.kit import Rendered
from message_templates.rendering import render, render_unseen
from models.enums import Attention, Health
from tests.support.looks import assert_slack_takes, lines_of


def message_types() -> Iterator[type[Any]]:
    """Every message that a room of the domain can say."""
    for room in pkgutil.iter_modules(domain.__path__, "domain."):
        inside = importlib.import_module(room.name).__path__ if room.ispkg else []
        for found in pkgutil.iter_modules(inside, f"{room.name}."):
            if not found.name.endswith("messages"):
                continue
            module = importlib.import_module(found.name)
            yield from (
                each
                for each in vars(module).values()
                if dataclasses.is_dataclass(each)
                and isinstance(each, type)
                and isinstance(getattr(each, "kind", None), str)
            )


@pytest.mark.parametrize("message_type", sorted(set(message_types()), key=repr))
def test_every_message_of_the_domain_has_a_renderer(message_type: type[Any]) -> None:
    assert message_type in rendering._RENDERERS


@pytest.mark.parametrize("message_type", sorted(set(message_types()), key=repr))
def test_every_message_has_words_for_who_reads_that_it_was_not_delivered(
    message_type: type[Any],
) -> None:
    if message_type in (DeliveryProblem, EmptiedPart):
        return  # never told of: it would tell of itself
    words = Path(message_templates.__file__).with_name("delivery") / "words.j2"
    assert f'"{message_type.kind}": "' in words.read_text(encoding="utf-8")


def test_an_unknown_message_names_the_place_for_its_renderer() -> None:
    @dataclass(frozen=True)
    class Unheard:
        kind: ClassVar[str] = "unheard"
        attention: ClassVar[Attention] = Attention.FREE

    with pytest.raises(LookupError, match=r"Unheard has no renderer: .*rendering\.py"):
        render(Unheard())


def test_a_message_is_rendered_once_for_all_of_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[DigestPage] = []
    renderer = rendering._RENDERERS[DigestPage]

    def counting(message: DigestPage) -> list[Rendered]:
        asked.append(message)
        return renderer(message)

    monkeypatch.setattr(rendering, "_RENDERERS", {DigestPage: counting})
    rendering._rendered.cache_clear()
    first = render(DigestPage((report("A"),)))
    first_again = render(DigestPage((report("A"),)))
    other = render(DigestPage((report("B"),)))
    assert len(asked) == 2
    assert first == first_again != other
    first.clear()
    assert render(DigestPage((report("A"),)))
    rendering._rendered.cache_clear()


def test_for_a_rehearsal_no_picture_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(message: object) -> list[Rendered]:
        raise AssertionError(message)

    monkeypatch.setitem(rendering._RENDERERS, HeatMap, refuse)
    heat_map = HeatMap("ITS", (), (), datetime(2026, 11, 25, 14, 0, tzinfo=UTC), "UTC")
    assert len(render_unseen(heat_map)) == 1
    assert render_unseen(DigestDetail(report("A"))) == render(DigestDetail(report("A")))


def test_a_message_looks_the_same_after_it_was_stored() -> None:
    codec = MessageCodec([DigestDetail])
    message = DigestDetail(report("A"))
    assert render(codec.decode(message.kind, codec.encode(message))) == render(message)


def report(code: str) -> ReportText:
    return ReportText(
        project_id=1,
        code=code,
        name="Campus network",
        phase="Execution",
        pm="Dana Reyes",
        author="Dana Reyes",
        submitted_at=datetime(2026, 11, 25, 14, 0, tzinfo=UTC),
        version=1,
        answers=Answers(health=Health.GREEN),
        previous=None,
        days=0,
    )


PROBLEM = DeliveryProblem(
    what="digest_head",
    channel_id="C1",
    person_slack_id=None,
    cause="the channel is archived",
    cure="unarchive it, or give the council another channel",
)


def told(problem: DeliveryProblem) -> Rendered:
    [rendered] = render(problem)
    assert_slack_takes([rendered])
    return rendered


def test_the_pmo_reads_what_could_not_be_said_where_why_and_what_to_do() -> None:
    rendered = told(PROBLEM)
    assert rendered.text == "Not delivered: a digest to #C1. The channel is archived."
    assert rendered.blocks == [
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        {"type": "emoji", "name": "warning"},
                        {"type": "text", "text": " "},
                        {"type": "text", "text": "Not delivered:", "style": {"bold": True}},
                        {"type": "text", "text": " a digest to "},
                        {"type": "channel", "channel_id": "C1"},
                        {"type": "text", "text": "\n"},
                        {"type": "text", "text": "Cause:", "style": {"bold": True}},
                        {"type": "text", "text": " The channel is archived.\n"},
                        {"type": "text", "text": "What to do:", "style": {"bold": True}},
                        {
                            "type": "text",
                            "text": " Unarchive it, or give the council another channel.",
                        },
                    ],
                }
            ],
        }
    ]


def test_what_is_for_a_person_names_the_person() -> None:
    problem = dataclasses.replace(PROBLEM, channel_id=None, person_slack_id="U1")
    assert told(problem).text.startswith("Not delivered: a digest to @U1. ")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"channel_id": None}, "Not delivered: a digest. "),
        ({"channel_id": "D1"}, "Not delivered: a digest to D1. "),
        ({"what": "vote_call"}, "Not delivered: vote call to #C1. "),
        ({"cause": "nobody knows!"}, "Not delivered: a digest to #C1. Nobody knows!"),
        (
            {"cause": "<!channel> *x* " * 400},
            "Not delivered: a digest to #C1. &lt;!channel&gt; *x*",
        ),
    ],
)
def test_troubles_of_every_kind_can_be_read(fields: dict[str, Any], expected: str) -> None:
    assert told(dataclasses.replace(PROBLEM, **fields)).text.startswith(expected)


LOOK_FIRST = (
    "What to do: Look whether it is there. It is not said again by itself, so that nobody reads it"
    " twice. Unarchive it, or give the council another channel."
)


def test_a_trouble_that_hit_many_messages_tells_how_many() -> None:
    rendered = told(dataclasses.replace(PROBLEM, count=12))
    assert rendered.text.startswith("Not delivered: 12 messages; the first was a digest to #C1. ")


def test_what_is_held_asks_to_look_first() -> None:
    lines = lines_of(told(dataclasses.replace(PROBLEM, is_held=True)))
    assert lines == [
        " Perhaps not delivered: a digest to ",
        "Cause: The channel is archived.",
        LOOK_FIRST,
    ]


def test_a_trouble_without_a_cure_points_to_the_log() -> None:
    last = lines_of(told(dataclasses.replace(PROBLEM, cure="")))[-1]
    assert last == "What to do: Nothing is known that would mend it; the bot's log tells more."


def test_an_emptied_part_says_that_the_text_is_above() -> None:
    [rendered] = render(EmptiedPart())
    assert_slack_takes([rendered])
    assert rendered.text == "This part is no longer needed: the newest text stands above."


def test_of_a_lost_picture_the_pmo_reads_that_the_words_were_said() -> None:
    rendered = told(dataclasses.replace(PROBLEM, is_picture=True, cause="the workspace is full"))
    heading = "Delivered without a picture or file, which the message tells in words"
    assert rendered.text == f"{heading}: a digest to #C1. The workspace is full."
    assert lines_of(rendered)[0].endswith(f"{heading}: a digest to ")
