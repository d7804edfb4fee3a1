"""How Slack's mrkdwn is read."""

import pytest
from markupsafe import Markup

from sandbox.page.render import RenderContext, render_mrkdwn

NOV_25_9_05_NEW_YORK = 1795615500
ANCHOR = 'target="_blank" rel="noopener noreferrer"'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* _italic_ ~strike~", "<strong>bold</strong> <em>italic</em> <s>strike</s>"),
        ("*_both_*", "<strong><em>both</em></strong>"),
        ("`*not bold*`", "<code>*not bold*</code>"),
        ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
        ("* not bold *", "* not bold *"),
        ("*a\nb*", "*a<br>b*"),
        ("(*bold*)", "(<strong>bold</strong>)"),
        ("*bold*text", "*bold*text"),
        ("```a < b\n*c*```after", "<pre>a &lt; b\n*c*</pre>after"),
        ("&gt; said\n&gt; twice\nend", "<blockquote>said<br>twice</blockquote>end"),
        ("> raw quote", "<blockquote>raw quote</blockquote>"),
        ("R&amp;D &lt;now&gt; &copy;", "R&amp;D &lt;now&gt; &amp;copy;"),
        ("&amp;lt;", "&amp;lt;"),
        (":white_check_mark: done", "✅ done"),
        (":red_circle: late", '<span class="dot dot-red">🔴</span> late'),
        ("🔶 Yellow", '<span class="dot diamond dot-orange">🔶</span> Yellow'),
        ("🟩", '<span class="dot square dot-green">🟩</span>'),
        (":no_such_thing: 10:30:00", ":no_such_thing: 10:30:00"),
        (":wave::skin-tone-2:", "👋"),
        ("<@U1>", '<span class="mention mention-me">@Ana Silva</span>'),
        ("<@U2>", '<span class="mention">@Omar &lt;b&gt;</span>'),
        ("<@U9>", '<span class="mention">@U9</span>'),
        ("<#C1>", '<a class="mention" href="/u/U1/c/C1">#its-council</a>'),
        ("<#C9|secret>", '<span class="mention">#private-channel</span>'),
        ("<!channel>", '<span class="mention mention-me">@channel</span>'),
        ("<!subteam^S1|@pmo>", '<span class="mention mention-me">@pmo</span>'),
    ],
)
def test_mrkdwn_reads_as_in_slack(text: str, html: str, context: RenderContext) -> None:
    assert render_mrkdwn(text, context) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "<https://x.edu/a_b_c?d=1&amp;e=2|the *plan*>",
            f'<a href="https://x.edu/a_b_c?d=1&amp;e=2" {ANCHOR}>the *plan*</a>',
        ),
        ("see https://x.edu/a.", f'see <a href="https://x.edu/a" {ANCHOR}>https://x.edu/a</a>.'),
        (
            "<mailto:a@x.edu>",
            f'<a href="mailto:a@x.edu" {ANCHOR}>a@x.edu</a>',
        ),
        (
            "*<https://x.edu|bold link>*",
            f'<strong><a href="https://x.edu" {ANCHOR}>bold link</a></strong>',
        ),
    ],
)
def test_links_open_in_a_new_tab(text: str, html: str, context: RenderContext) -> None:
    assert render_mrkdwn(text, context) == html


def test_a_verbatim_text_leaves_bare_addresses_alone(context: RenderContext) -> None:
    assert render_mrkdwn("https://x.edu", context, verbatim=True) == "https://x.edu"


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{date} at {time}", "November 25th, 2026 at 9:05 AM"),
        ("{date_short_pretty}", "today"),
        ("{date_num} {time_secs}", "2026-11-25 9:05:00 AM"),
        ("{date_long}", "Wednesday, November 25th, 2026"),
        ("{ago}", "today"),
    ],
)
def test_dates_show_in_the_viewers_zone(template: str, shown: str, context: RenderContext) -> None:
    text = f"<!date^{NOV_25_9_05_NEW_YORK}^{template}|fallback>"

    assert render_mrkdwn(text, context) == f'<time title="fallback">{shown}</time>'


def test_an_unreadable_date_shows_its_fallback(context: RenderContext) -> None:
    assert render_mrkdwn("<!date^soon^{date}|next week>", context) == "next week"
    assert render_mrkdwn("2<!date^00000000^{_}|*>3<!date^1^no token|*>", context) == "2*3*"
    assert render_mrkdwn("<!date^1^{ago} {unknown}|then>", context) == "then"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "*<img src=x onerror=alert(1)>*",
        "<javascript:alert(1)|click>",
        "<JaVaScRiPt:alert(1)>",
        "<data:text/html,x|y>",
        '<https://x.edu/" onclick="alert(1)|x>',
        '"><svg onload=alert(1)>',
        "```<script>x</script>```",
        '<@U"><script>',
        "<!date^1^{date}^javascript:alert(1)|x>",
        "&lt;script&gt;",
    ],
)
def test_no_text_can_bring_in_markup(hostile: str, context: RenderContext) -> None:
    html = str(render_mrkdwn(hostile, context)).lower()

    assert "<script" not in html
    assert "<img" not in html
    assert "<svg" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert '" onclick="' not in html


@pytest.mark.parametrize(
    "text",
    [
        "*<a>" * 2000,
        "_<a> " * 2000,
        "*a " * 2000,
        "`<" * 2000,
        "https://" * 2000,
        "*" + "<a>" * 2000,
    ],
)
def test_a_long_hostile_text_is_shown_without_hanging(text: str, context: RenderContext) -> None:
    """A pattern that backtracks would never come to an end here."""
    shown = Markup(render_mrkdwn(text, context)).striptags()  # noqa: S704 - it is markup already

    assert set("a<h") & set(shown)
