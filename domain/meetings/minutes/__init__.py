"""The minutes of a meeting: drafted from the record, edited, posted, objected to, approved."""
