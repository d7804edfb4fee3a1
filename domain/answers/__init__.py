"""What is said to somebody who writes to the bot."""
