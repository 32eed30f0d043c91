"""What the body of a structured document has to be: models of entries, order, values, codes, sections of the volet.

``corps.check_body`` gives every finding; the tables beside it say what is expected.
"""
