"""The PMO's part of App Home: what hinders the bot, what was not said, who is not asked."""

from collections.abc import Sequence
from typing import Final

from domain.delivery.values import Undelivered
from domain.health.values import Finding, HealthReport, NotAsked, Severity
from message_templates import kit
from message_templates.kit import Block
from message_templates.markup import Marked, load, rich_text
from message_templates.markup.spans import is_channel_id, is_user_id

CHECK: Final = "health_check"
RETRY: Final = "health_retry"
RETRY_ALL: Final = "health_retry_all"
DROP: Final = "health_drop"

FINDINGS: Final = 20
UNDELIVERED: Final = 12
NOT_ASKED: Final = 25
"""How many of each kind are shown; the others are counted, so that a page has room for all."""

_TEMPLATE: Final = "home/page"

_SENTENCE: Final = 600
"""A cause or a cure is a sentence; what an unexpected error says can be any length."""
_NAME: Final = 80


def asking_note() -> list[Block]:
    """Tell that Slack is being asked just now, which may take a while."""
    return rich_text(load(_TEMPLATE).part("asking"))


def health_section(report: HealthReport, zone: str) -> list[Block]:
    """Tell the PMO what hinders the bot, and let them mend it; times are shown in `zone`."""
    return [
        *_summary(report, zone),
        *_findings(report.findings),
        *_undelivered(report.undelivered, zone),
        *_not_asked(report.not_asked),
    ]


def _summary(report: HealthReport, zone: str) -> list[Block]:
    texts = load(_TEMPLATE)
    problems = sum(each.severity is Severity.PROBLEM for each in report.findings)
    counts = {"problems": problems, "warnings": len(report.findings) - problems}
    checked = texts.part(
        "checked",
        checked=[f"{count} {what}" for what, count in report.checked.items() if count],
        backlog=report.backlog,
        asked_at=report.slack_asked_at,
        zone=zone,
    )
    return [
        kit.divider(),
        kit.header(texts.part("headline")),
        *rich_text(texts.part("summary", **counts)),
        kit.context(checked),
        kit.actions(kit.button(texts.part("check"), CHECK)),
    ]


def _findings(findings: Sequence[Finding]) -> list[Block]:
    texts = load(_TEMPLATE)
    blocks: list[Block] = []
    for each in findings[:FINDINGS]:
        shown = {
            "subject": kit.shorten(each.subject, _SENTENCE),
            "cause": kit.shorten(each.cause, _SENTENCE),
            "cure": kit.shorten(each.cure, _SENTENCE),
        }
        is_problem = each.severity is Severity.PROBLEM
        blocks += rich_text(texts.part("finding", finding=shown, is_problem=is_problem))
    return [*blocks, *_rest("finding_rest", len(findings) - FINDINGS)]


def _undelivered(undelivered: Sequence[Undelivered], zone: str) -> list[Block]:
    if not undelivered:
        return []
    texts = load(_TEMPLATE)
    blocks = [kit.header(texts.part("unsaid_headline", count=len(undelivered)))]
    again = [each for each in undelivered if not (each.is_over or each.is_held)]
    if len(again) > 1:
        label = texts.part("retry_all", count=len(again))
        blocks.append(kit.actions(kit.button(label, RETRY_ALL)))
    for each in undelivered[:UNDELIVERED]:
        blocks += [*rich_text(_one(each, zone)), _choices(each)]
    return [*blocks, *_rest("unsaid_rest", len(undelivered) - UNDELIVERED)]


def _one(one: Undelivered, zone: str) -> Marked:
    channel_id, user_id = one.channel_id or "", one.person_slack_id or ""
    return load(_TEMPLATE).part(
        "unsaid",
        one={
            "is_held": one.is_held,
            "is_edit": one.is_edit,
            "is_over": one.is_over,
            "since": one.since,
            "cause": kit.shorten(one.cause, _SENTENCE),
        },
        cure=kit.shorten(one.cure, _SENTENCE) if one.cure else "",
        kind=one.kind,
        channel_id=channel_id if is_channel_id(channel_id) else "",
        user_id=user_id if is_user_id(user_id) else "",
        zone=zone,
    )


def _choices(one: Undelivered) -> Block:
    texts = load(_TEMPLATE)
    value = str(one.delivery_id)
    sure = kit.confirm(texts.part("drop_title"), texts.part("drop_text"), texts.part("drop_yes"))
    drop = kit.button(texts.part("drop"), DROP, value=value, style="danger", confirm=sure)
    if one.is_over:
        return kit.actions(drop)
    return kit.actions(kit.button(texts.part("retry"), RETRY, value=value), drop)


def _not_asked(not_asked: Sequence[NotAsked]) -> list[Block]:
    if not not_asked:
        return []
    texts = load(_TEMPLATE)
    lines = [
        texts.part(
            "not_asked",
            one={
                "code": each.code,
                "name": kit.shorten(each.name, _NAME),
                "council": kit.shorten(each.council, _NAME),
                "manager": kit.shorten(each.manager, _NAME),
                "asked": kit.shorten(each.asked, _NAME),
                "reason": kit.shorten(each.reason, _SENTENCE),
            },
        )
        for each in not_asked[:NOT_ASKED]
    ]
    return [
        kit.header(texts.part("not_asked_headline", count=len(not_asked))),
        *(block for line in lines for block in rich_text(line)),
        *_rest("not_asked_rest", len(not_asked) - NOT_ASKED),
    ]


def _rest(part: str, count: int) -> list[Block]:
    return rich_text(load(_TEMPLATE).part(part, count=count)) if count > 0 else []
