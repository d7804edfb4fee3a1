"""The ledger of everything that the bot says: what, where, how far it got, and why not."""
