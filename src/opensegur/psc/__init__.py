"""Pro Santé Connect: the OpenID Connect relying party of a care software."""
