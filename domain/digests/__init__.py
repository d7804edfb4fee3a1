"""The combined summary: composed from the record, frozen, posted, amended in place."""
