"""The one root of every error that leaves this library, and its families common to all services."""

from __future__ import annotations


class OpenSegurError(Exception):
    """Something that a person must be told.

    ``code`` is stable (the national one where there is one), ``message`` says in French what happened,
    ``conseil`` says in French what the person at the desk can do, ``detail`` is the technical detail
    for support. Neither of them ever holds a patient's data. ``retryable`` says whether sending the same
    thing again may succeed without anybody changing anything.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        conseil: str = "",
        detail: str = "",
        retryable: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.conseil = conseil
        self.detail = detail
        self.retryable = retryable

    def __str__(self) -> str:
        return f"{self.message} [{self.code}]"


class InvalidValue(OpenSegurError):
    """A value cannot be what its type says: a wrong key, an impossible date, a code outside its set."""


class ConfigurationError(OpenSegurError):
    """The installation's configuration is missing something or contradicts itself."""


class RefusedInput(OpenSegurError):
    """Bytes from outside that we do not read further: malformed, too large, too deep, or hostile."""


class TransportError(OpenSegurError):
    """No usable answer came: the network, TLS, a time limit, or an HTTP error without a message."""
