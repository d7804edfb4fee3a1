"""One edge of the house: what Slack asked, turned into one service call and an answer."""
