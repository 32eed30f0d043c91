"""The application's own settings, over a data folder of the test run's own."""

import os
import tempfile

os.environ.setdefault("OPENSEGUR_DONNEES", tempfile.mkdtemp(prefix="opensegur-tests-"))

from opensegur.cabinet.site.settings import *  # noqa: F403
from opensegur.cabinet.site.settings import DATABASES, REGLAGES

# a test creates many accounts: the real hashers are slow on purpose
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if REGLAGES.base:
    # one test database a connection, instead of one schema a connection in the same database
    for alias, database in DATABASES.items():
        database["OPTIONS"] = {}
        database["TEST"] = {"NAME": f"tests_{alias}"}
