"""How well questions are answered from the handbook, and how fast.

    python -m benchmarks.answers [--rounds 5] [--misses] [--unseen] [--fresh]

Asks the questions of `tests/data`: those that the answers are mended by, and with `--unseen` the
third that nobody looks at meanwhile. `--fresh` adds a last file, for a figure that no mending has
seen; of it there is a summary and nothing by kind, so that nobody mends by that either.

Beside it, in the same run: plain full-text search of SQLite over the same sections (stemmed, a word
in title or alias counts six times one in the body). It has no notion of not knowing, so it answers
whatever it finds; of several questions in one message it gets each by itself, as the other does.

Where the extra `semantic` is installed, a column tells what its model changes.

Shares come with the interval that holds the true one with 95 % (Wilson's, as resampling says of
"none of 32" that it is never); means and differences with resampled ones. Times are those of the
processor, so that what else runs on the machine doesn't count.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from statistics import mean, quantiles
from time import perf_counter, process_time
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.answer_scores import (
    FRESH,
    LOOKED_AT,
    MORE,
    SEEN,
    UNSEEN,
    Ask,
    Kind,
    Reply,
    Scores,
    Share,
    read_questions,
    resampled,
    scores_of,
)
from benchmarks.common import machine
from bot.knowledge import folders
from bot.semantic import Reader, is_installed
from domain.answers.finding.finder import Band, Finder
from domain.answers.finding.languages import ENGLISH
from domain.answers.finding.splitting import split_questions
from domain.answers.library import Library
from domain.answers.values import Handbook

SUGGESTED: Final = 5
"""Sections that a search gives at most."""
NONE: Final = "none"
"""In place of a band: there is nothing in the message that could be asked."""
MENDED_BY: Final = (SEEN, MORE)
"""The files whose misses may be listed."""
WITH_MODEL: Final = "with the model"
SHOWN: Final = frozenset({Band.ANSWER, Band.UNSURE, Band.OTHER_LANGUAGE})
"""In the other bands no section is shown, whatever was found."""


def finder_ask(finder: Finder) -> Ask:
    """What the bot answers."""

    def ask(message: str) -> Sequence[Reply]:
        findings = [finder.find(each) for each in split_questions(message)]
        return [
            Reply(
                band=found.band.name,
                ids=[hit.section.id for hit in found.hits] if found.band in SHOWN else [],
                answers=found.band is Band.ANSWER,
                foreign=found.language != ENGLISH,
            )
            for found in findings
        ]

    return ask


def model_ask() -> Ask:
    """What the bot answers with the model of the extra `semantic`.

    Raises:
        RuntimeError: the model can't be used; the log tells why.
    """
    reader = Reader()
    finder = asyncio.run(Library(folders(None), encoder=reader).finder())
    if not reader.wait():
        text = "the model can't be used; the line above tells why"
        raise RuntimeError(text)
    return finder_ask(finder)


def full_text_ask(handbook: Handbook) -> Ask:
    """What SQLite's full-text search finds, any word of the question being enough."""
    index = sqlite3.connect(":memory:")
    index.execute(
        "CREATE VIRTUAL TABLE section USING fts5"
        "(id UNINDEXED, title, alias, body, tokenize = 'porter unicode61')"
    )
    index.executemany(
        "INSERT INTO section VALUES (?, ?, ?, ?)",
        [
            (each.id, each.title, "\n".join(each.aliases), each.body)
            for each in handbook.sections.values()
        ],
    )
    search = (
        "SELECT id FROM section WHERE section MATCH ? ORDER BY bm25(section, 0, 6, 6, 1) LIMIT ?"
    )

    def found(question: str) -> Reply:
        words = "".join(each if each.isalnum() else " " for each in question).split()
        quoted = " OR ".join(f'"{each}"' for each in words)
        rows = index.execute(search, (quoted, SUGGESTED)).fetchall() if words else []
        return Reply("found" if rows else NONE, [each for (each,) in rows], answers=bool(rows))

    return lambda message: [found(each) for each in split_questions(message)]


def shown(share: Share) -> str:
    """`0.83 (0.74 to 0.89)`."""
    low, high = share.interval
    return f"{share.value:.3f} ({low:.2f} to {high:.2f}), {share.hits} of {share.of}"


def averaged(values: Sequence[float]) -> str:
    """The mean of some figures."""
    low, high = resampled(values)
    return f"{mean(values):.3f} ({low:.2f} to {high:.2f})"


def gain(ours: Scores, theirs: Scores, places: int) -> str:
    """How much more often a right section is among the first so many, question by question."""
    pairs = zip(ours.in_scope, theirs.in_scope, strict=True)
    return averaged(
        [
            float(0 < ours.rank <= places) - float(0 < theirs.rank <= places)
            for ours, theirs in pairs
        ]
    )


ROWS: Final[Sequence[tuple[str, Callable[[Scores], str]]]] = [
    ("hit@1", lambda scores: shown(scores.hit(1))),
    ("hit@3", lambda scores: shown(scores.hit(LOOKED_AT))),
    ("answered at once, rightly", lambda scores: shown(scores.answered_rightly)),
    ("mean reciprocal rank", lambda scores: averaged(scores.reciprocal_ranks)),
    ("wrong answers shown", lambda scores: shown(scores.wrong)),
    ("out of scope, answered", lambda scores: shown(scores.refusable_answered)),
    ("other languages, recognised", lambda scores: shown(scores.recognised)),
    ("other languages, hit@3", lambda scores: shown(scores.found_from_afar(LOOKED_AT))),
    ("English taken for another", lambda scores: shown(scores.mistaken_for_foreign)),
    ("comparisons with both sides", lambda scores: shown(scores.both_sides)),
]


def quality(title: str, asked: Mapping[str, Scores]) -> Table:
    """The answers of all, side by side, and what each finds more often than the last."""
    table = Table("", *asked, title=title)
    *others, last = asked.values()
    for name, row in ROWS:
        table.add_row(name, *map(row, asked.values()))
    for places in (1, LOOKED_AT):
        gains = [gain(each, last, places) for each in others]
        table.add_row(f"gain in hit@{places}", *gains, "")
    if len(others) > 1:
        for places in (1, LOOKED_AT):
            more = gain(others[1], others[0], places)
            table.add_row(f"gain in hit@{places} by the model", "", more, "")
    return table


def by_kind(title: str, ours: Scores, theirs: Scores) -> Table:
    """Which kinds of questions are hard, and what they were given."""
    names = [*(band.name for band in Band), NONE]
    table = Table("kind", "hit@1", "hit@3", "full-text hit@1", *map(str.lower, names), title=title)
    bands = ours.bands()
    for kind in Kind:
        first = ours.hit(1, kind)
        hits = [first, ours.hit(LOOKED_AT, kind), theirs.hit(1, kind)]
        figures = [f"{each.value:.2f}" if first.of else "" for each in hits]
        table.add_row(kind, *figures, *(str(bands[kind][name] or "") for name in names))
    return table


def misses(scores: Scores) -> Table:
    """What to mend: no right section first, or one given that should not be."""
    table = Table("kind", "question", "band", "given", "expected")
    for each in scores.outcomes:
        right = each.rank == 1 if each.question.in_scope else not each.wrong
        if not right or each.wrong:
            bands = ", ".join(reply.band for reply in each.replies)
            given = "\n".join(" ".join(reply.ids[:LOOKED_AT]) for reply in each.replies)
            expected = " ".join(sorted(each.question.expect))
            table.add_row(each.question.kind, each.question.text, bands, given, expected)
    return table


def milliseconds(ask: Ask, rounds: int) -> str:
    """How long a message takes, all of them asked so many times."""
    asked = [*read_questions(SEEN), *read_questions(UNSEEN)]
    taken = [
        1_000 * outcome.seconds
        for _round in range(rounds)
        for outcome in scores_of(ask, asked).outcomes
    ]
    cuts = quantiles(taken, n=100)
    return f"p50 {cuts[49]:.2f} ms, p99 {cuts[98]:.2f} ms, the longest {max(taken):.1f} ms"


def main(
    rounds: Annotated[int, typer.Option(help="How often all are asked for the times.")] = 5,
    *,
    with_misses: Annotated[
        bool, typer.Option("--misses", help="List what the seen questions miss.")
    ] = False,
    unseen: Annotated[bool, typer.Option(help="Ask those too that nobody mends by.")] = False,
    fresh: Annotated[bool, typer.Option(help="Ask those kept for the end: summary only.")] = False,
) -> None:
    """Ask everything; prints the figures of RESULTS.md."""
    console = Console(width=200)
    began, worked = perf_counter(), process_time()
    loaded = asyncio.run(Library(folders(None)).loaded())
    took, work = perf_counter() - began, process_time() - worked
    ours, theirs = finder_ask(loaded.finder), full_text_ask(loaded.handbook)
    model = model_ask() if is_installed() else None
    console.print(machine())
    if model is None:
        console.print("the extra `semantic` is not installed: no figures of the model")
    chosen = [*MENDED_BY, *([UNSEEN] if unseen else []), *([FRESH] if fresh else [])]
    for name in chosen:
        questions = read_questions(name)
        scores, plain = scores_of(ours, questions), scores_of(theirs, questions)
        with_model = {WITH_MODEL: scores_of(model, questions)} if model else {}
        all_scores = {"the bot": scores, **with_model, "full-text search": plain}
        console.print(quality(f"{name}: {len(questions)} questions", all_scores))
        if name != FRESH:
            console.print(by_kind(name, scores, plain))
        if with_misses and name in MENDED_BY:
            console.print(misses(scores))
    console.print(f"load: {work:.2f} s of the processor, {took:.2f} s passed")
    console.print(f"the bot: {milliseconds(ours, rounds)}")
    if model:
        # Once, and with a memory that is empty: what was asked lately is not worked out again.
        console.print(f"{WITH_MODEL}: {milliseconds(model_ask(), 1)}")
    console.print(f"full-text search: {milliseconds(theirs, rounds)}")


if __name__ == "__main__":
    typer.run(main)
