"""`python -m bot` is the command `pmobot`."""

from bot.cli import main

main()
