"""``nom__prefixe="DUP"``: begins with, exactly, and by the index.

Django's ``startswith`` is a LIKE that SQLite cannot look up in an index (there LIKE ignores case): it reads every
record. A range on the same index does. Names are stored in capitals without accents, so that a byte-wise range is the
right one there; PostgreSQL keeps LIKE, whose collation may order names otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Lookup

if TYPE_CHECKING:
    _Lookup = Lookup[str]
else:
    _Lookup = Lookup

_APRES_TOUT = "\U0010ffff"


class Prefixe(_Lookup):
    lookup_name = "prefixe"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} LIKE %s", (*parameters, connection.ops.prep_for_like_query(self.rhs) + "%")

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, parameters = self.process_lhs(compiler, connection)
        return f"({left} >= %s AND {left} < %s)", (*parameters, self.rhs, *parameters, f"{self.rhs}{_APRES_TOUT}")
