"""Django's settings. What differs between installations comes from ``reglages``; the rest does not vary."""

from __future__ import annotations

import os
from pathlib import Path

from opensegur.cabinet.chiffrement.trousseau import create_trousseau
from opensegur.cabinet.site.reglages import databases, read_reglages, secret_key
from opensegur.nomenclature.tables import forget

REGLAGES = read_reglages(os.environ)

OPENSEGUR_DONNEES = REGLAGES.donnees
OPENSEGUR_CONFIGURATION = REGLAGES.configuration
OPENSEGUR_CLES = REGLAGES.cles

# what an installation adds to the nomenclatures and the medicines that we ship
os.environ.setdefault("OPENSEGUR_NOMENCLATURES", str(REGLAGES.donnees / "nomenclatures"))
forget()
os.environ.setdefault("OPENSEGUR_BDPM", str(REGLAGES.donnees / "medicaments"))

_TRACES = ("secret", "cabinet.sqlite3", "journal.tetes")
if not REGLAGES.cles.exists() and not any((REGLAGES.donnees / each).exists() for each in _TRACES):
    # a first start only: a ring that disappears later must be put back, never replaced
    create_trousseau(REGLAGES.cles)

SECRET_KEY = secret_key(REGLAGES.donnees)
DEBUG = False
ALLOWED_HOSTS = REGLAGES.hotes

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "opensegur.cabinet.site",
    "opensegur.cabinet.chiffrement",
    "opensegur.cabinet.journal",
    "opensegur.cabinet.structures",
    "opensegur.cabinet.certificats",
    "opensegur.cabinet.comptes",
    "opensegur.cabinet.droits",
    "opensegur.cabinet.equipe",
    "opensegur.cabinet.patients",
    "opensegur.cabinet.antecedence",
    "opensegur.cabinet.accueil",
    "opensegur.cabinet.envois",
    "opensegur.cabinet.documents",
    "opensegur.cabinet.medical",
    "opensegur.cabinet.cercle",
    "opensegur.cabinet.ecrits",
    "opensegur.cabinet.bannette",
    "opensegur.cabinet.portabilite",
    "opensegur.cabinet.dmp",
    "opensegur.cabinet.guichet",
    "opensegur.cabinet.doublons",
    "opensegur.cabinet.vigilance",
    "opensegur.cabinet.imports",
    "opensegur.cabinet.postes",
    "opensegur.cabinet.conservation",
    "opensegur.cabinet.diagnostic",
    "opensegur.cabinet.aide",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "opensegur.cabinet.site.middleware.EnTetes",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "opensegur.cabinet.comptes.middleware.Limites",
    "opensegur.cabinet.site.middleware.ErreursEnFrancais",
]

ROOT_URLCONF = "opensegur.cabinet.site.urls"
ASGI_APPLICATION = "opensegur.cabinet.site.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "opensegur.cabinet.site.contexte.cadre",
            ],
            "builtins": ["opensegur.cabinet.site.templatetags.cabinet"],
        },
    }
]

DATABASES = databases(REGLAGES)
DATABASE_ROUTERS = ["opensegur.cabinet.journal.routeur.RouteurJournal"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "comptes.Compte"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("identifiant", "nom", "prenom")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "opensegur.cabinet.comptes.mots_de_passe.MotsDePasseCourants"},
    {"NAME": "opensegur.cabinet.comptes.mots_de_passe.MotsAttendus"},
]
LOGIN_URL = "comptes:connexion"

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/statique/"
STATIC_ROOT = REGLAGES.donnees / "statique"
STATICFILES_DIRS = [Path(__file__).resolve().parent.parent / "static"]
STORAGES = {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}

# over https, a browser keeps such a name for what this very host has set over https (RFC 6265bis §4.1.3)
_HOTE, OPENSEGUR_COOKIES = ("__Host-", "__Secure-") if REGLAGES.https else ("", "")
SESSION_COOKIE_NAME = f"{_HOTE}opensegur_session"
SESSION_COOKIE_AGE = 4 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # the return from Pro Santé Connect is a navigation from another site
SESSION_COOKIE_SECURE = REGLAGES.https
CSRF_COOKIE_NAME = f"{_HOTE}opensegur_csrf"
CSRF_COOKIE_HTTPONLY = True  # htmx takes the token from the page
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = REGLAGES.https
CSRF_TRUSTED_ORIGINS = [REGLAGES.adresse]
CSRF_FAILURE_VIEW = "opensegur.cabinet.site.pages.jeton_refuse"

# what is said to somebody stays on the server: a cookie would keep it in the browser
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = REGLAGES.duree_https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if REGLAGES.https else None

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 10_000_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "sobre": {
            "()": "opensegur.cabinet.site.console.UneLigne",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "sobre"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # its records carry the whole request, hence what people typed
    "loggers": {
        "pikepdf": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}
