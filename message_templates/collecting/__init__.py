"""How asking looks: the request message, the form, the receipt."""
