"""How things look: a value of the domain goes in; text, blocks and files come out."""
