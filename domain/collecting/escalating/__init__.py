"""Of answers missed in a row somebody hears."""
