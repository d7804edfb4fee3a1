"""How answers to what people write look."""
