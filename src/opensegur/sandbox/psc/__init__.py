"""The simulator of Pro Santé Connect: an OpenID provider on its real paths."""
