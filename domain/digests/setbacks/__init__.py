"""What could not be composed is put off, and what is due behind it goes on."""
