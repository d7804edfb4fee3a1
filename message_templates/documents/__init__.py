"""How filled templates look: Word documents and Excel workbooks, made from files of the PMO."""
