"""How long each thing is kept, what goes by itself, and the sheet of the GDPR register that says so."""
