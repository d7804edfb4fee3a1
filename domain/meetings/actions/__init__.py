"""Tasks that councils give out: to whom, by when, what came of them."""
