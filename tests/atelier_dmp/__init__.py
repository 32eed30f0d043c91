"""A workshop that writes messages to the DMP simulator by hand: templates, cryptography, signxml."""
