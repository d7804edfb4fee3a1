"""Recurrence rules of every kind, for tests over many of them."""

from hypothesis import strategies as st

WEEKDAYS = st.lists(
    st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, unique=True
)
FROM_WEEKDAYS = WEEKDAYS.map(lambda days: f";BYDAY={','.join(days)}")
NUMBERED = st.lists(
    st.builds(
        "{}{}".format,
        st.sampled_from([1, 2, 4, 5, -1, -2, -5]),
        st.sampled_from(["MO", "WE", "FR", "SU"]),
    ),
    min_size=1,
    max_size=3,
    unique=True,
).map(lambda days: f";BYDAY={','.join(days)}")
MONTH_DAYS = st.lists(
    st.sampled_from([1, 2, 13, 28, 29, 30, 31, -1, -2, -29, -31]),
    min_size=1,
    max_size=3,
    unique=True,
).map(lambda days: f";BYMONTHDAY={','.join(map(str, days))}")
MONTHS = st.lists(st.integers(1, 12), min_size=1, max_size=4, unique=True).map(
    lambda months: f";BYMONTH={','.join(map(str, months))}"
)
PLACES = st.lists(st.sampled_from([1, 2, 3, 9, -1, -2]), min_size=1, max_size=2, unique=True).map(
    lambda places: f";BYSETPOS={','.join(map(str, places))}"
)
NOTHING = st.just("")
MANY_RULES = st.one_of(
    st.builds(
        "FREQ=DAILY;INTERVAL={}{}{}{}".format,
        st.integers(1, 9),
        NOTHING | FROM_WEEKDAYS,
        NOTHING | MONTH_DAYS,
        NOTHING | MONTHS,
    ),
    st.builds(
        "FREQ=WEEKLY;INTERVAL={};WKST={}{}{}".format,
        st.integers(1, 5),
        st.sampled_from(["MO", "SU", "WE"]),
        NOTHING | FROM_WEEKDAYS,
        NOTHING | MONTHS,
    ),
    st.builds(
        "FREQ={};INTERVAL={}{}{}{}{}".format,
        st.sampled_from(["MONTHLY", "YEARLY"]),
        st.integers(1, 4),
        NOTHING | FROM_WEEKDAYS | NUMBERED,
        NOTHING | MONTH_DAYS,
        NOTHING | MONTHS,
        NOTHING | PLACES,
    ),
)
