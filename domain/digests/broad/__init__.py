"""Digests across councils and of programmes: what the record says, on schedules of their own."""
