"""All settings, in one file, read from the environment. The defaults run everything on one machine with no account.

deploy/example.env names every variable; docs/operations.md explains them. `manage.py check` judges the whole.
"""

from pathlib import Path
from urllib.parse import quote

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import embedded_broker, env, mail, storage

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(env.text("SINWON_VAR") or BASE_DIR / "var").absolute()
VAR_IN_URL = quote(str(VAR))  # a folder may be called anything

# --- The deployment ---------------------------------------------------------------------------------------------
SECRET_KEY = env.secret("SECRET_KEY", VAR / "secret_key")
DEBUG = env.flag("DEBUG")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
HTTPS = env.flag("HTTPS")
BEHIND_PROXY = env.flag("BEHIND_PROXY")

# The statute under which resident numbers are processed (PIPA 24-2); "demo" is for invented cards only.
DEMO_BASIS = "demo"
# No statute: cards are taken only with the last seven digits masked before they leave the browser.
NO_BASIS = "none"
LEGAL_BASIS = env.text("LEGAL_BASIS", DEMO_BASIS) or NO_BASIS
OPERATOR_NAME = env.text("OPERATOR_NAME", "Sinwon")
OPERATOR_CONTACT = env.text("OPERATOR_CONTACT")
BRAND = env.text("BRAND")  # a JSON file with name, logo, colours, texts and legal notices (docs/branding.md)
OPERATOR_COUNTER = env.text("OPERATOR_COUNTER")  # where staff take a picture for those who cannot
# What needs a second officer: any of high_findings, corrected_rrn, rejection, random_share.
FOUR_EYES = env.words("FOUR_EYES", "high_findings,corrected_rrn,rejection,random_share")
FOUR_EYES_SHARE = env.whole("FOUR_EYES_SHARE", 5)  # percent of the cases in random_share
# On which of these grounds the second officer forms a view before seeing the first's, and what follows if it differs.
FOUR_EYES_BLIND = env.words("FOUR_EYES_BLIND", "random_share")
FOUR_EYES_DISAGREEMENT = env.text("FOUR_EYES_DISAGREEMENT", "send_back")  # or third: a third officer decides
# How many kinds of identification an approval needs; the card's copy is one (non-face-to-face identification: two).
APPROVAL_METHODS = env.whole("APPROVAL_METHODS", 2, least=1)
REVIEW_DUE_HOURS = env.whole("REVIEW_DUE_HOURS", 24, least=1)
# Of a hundred approved cases so many are typed again by another officer who sees the picture alone.
BLIND_CHECK_PERCENT = env.whole("BLIND_CHECK_PERCENT", 2)
CLAIM_MINUTES = env.whole("CLAIM_MINUTES", 15, least=1)
# An officer is signed out after this long without a step, and this long after signing in.
OFFICER_IDLE_MINUTES = env.whole("OFFICER_IDLE_MINUTES", 10, least=1)
OFFICER_SESSION_HOURS = env.whole("OFFICER_SESSION_HOURS", 8, least=1)
# For how long a proof of who sits there (password or second factor) counts for a reveal, an export, a grave decision.
OFFICER_PROOF_MINUTES = env.whole("OFFICER_PROOF_MINUTES", 5, least=1)
# How many different cases one officer may open in an hour, and of how many the full number: more is stopped, on record.
DISCLOSURE_CASES_AN_HOUR = env.whole("DISCLOSURE_CASES_AN_HOUR", 300, least=1)
DISCLOSURE_NUMBERS_AN_HOUR = env.whole("DISCLOSURE_NUMBERS_AN_HOUR", 150, least=1)
# How many different cases one officer may take out as files in an hour; their full numbers count as shown.
EXPORT_CASES_AN_HOUR = env.whole("EXPORT_CASES_AN_HOUR", 2000, least=1)
# After so many searches by a number that no case holds an officer waits: the covered digits cannot be tried out.
SEARCH_MISSES_AN_HOUR = env.whole("SEARCH_MISSES_AN_HOUR", 30, least=1)
# The systems around us: requests of a key a minute, cases of which a key may take numbers or evidence out in an hour.
API_REQUESTS_A_MINUTE = env.whole("API_REQUESTS_A_MINUTE", 600, least=1)
API_CASES_AN_HOUR = env.whole("API_CASES_AN_HOUR", 600, least=1)
# Statutes that a host may name for a case of its own, besides LEGAL_BASIS; separated by semicolons.
API_LEGAL_BASES = [basis.strip() for basis in env.text("API_LEGAL_BASES").split(";") if basis.strip()]
# Keys of the sandbox, whose cases are invented and come out as asked. Off where real customers come.
SANDBOX = env.flag("SANDBOX")
# Addresses inside our own network ("host:port") that webhooks may go to, and by plain http; all others must be public.
WEBHOOK_INNER = env.words("WEBHOOK_INNER")
WEBHOOK_SECONDS = env.number("WEBHOOK_SECONDS", 10.0)
# Origins ("https://bank.example") that may show the customer's pages in a frame; needs HTTPS.
FRAME_ORIGINS = env.words("FRAME_ORIGINS")
# A case whose customer never sent a picture expires after this long.
CASE_EXPIRY_DAYS = env.whole("CASE_EXPIRY_DAYS", 14, least=1)
# How long a finished case is kept; approved ones count from the end of the relationship (특금법 5-4).
RETENTION_APPROVED_YEARS = env.whole("RETENTION_APPROVED_YEARS", 5)
RETENTION_REJECTED_DAYS = env.whole("RETENTION_REJECTED_DAYS", 90)
RETENTION_WITHDRAWN_DAYS = env.whole("RETENTION_WITHDRAWN_DAYS", 5)
RETENTION_EXPIRED_DAYS = env.whole("RETENTION_EXPIRED_DAYS", 5)

# --- Pictures ---------------------------------------------------------------------------------------------------
UPLOAD_MAX_BYTES = env.whole("UPLOAD_MAX_MB", 20, least=1) * 1024 * 1024
# Only pictures from the live view of a real camera are taken; OPERATOR_COUNTER says where else a customer may go.
LIVE_CAMERA_ONLY = env.flag("LIVE_CAMERA_ONLY")
# How long a customer waits for the verdict on a picture; without one it goes its way as if it were good.
GLANCE_SECONDS = env.number("GLANCE_SECONDS", 2.0)
FILE_UPLOAD_HANDLERS = ["kyc.uploads.BoundedMemoryUploadHandler"]  # never a plain picture in a temporary file
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "pictures": storage.backend(env.text("STORAGE_URL", f"file://{VAR_IN_URL}/pictures")),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Keys -------------------------------------------------------------------------------------------------------
KEYRING = Path(env.text("KEYRING") or VAR / "keyring.json")
KEYRING_KMS_KEY = env.text(
    "KEYRING_KMS_KEY"
)  # ARN of an AWS KMS key that seals the keyring; empty: a plain file
KEYRING_KMS_ENDPOINT = env.text("KEYRING_KMS_ENDPOINT")
KEYRING_SERVICE = "kyc.vault.kms.service" if KEYRING_KMS_KEY else ""
AUDIT_KEY = Path(
    env.text("AUDIT_KEY") or VAR / "audit.key"
)  # signs the audit chain; its public half: audit.pub

# Checkpoints are kept off the host where a place is named: s3://bucket/prefix with object lock, or file:///a/mount.
ANCHOR_URL = env.text("ANCHOR_URL")
ANCHOR_RETAIN_YEARS = env.whole("ANCHOR_RETAIN_YEARS", 5, least=1)
if ANCHOR_URL:
    STORAGES["anchors"] = storage.locked(ANCHOR_URL, years=ANCHOR_RETAIN_YEARS)
# An authority that certifies the hour of a checkpoint (RFC 3161), and the roots that it must lead to (PEM).
TSA_URL, TSA_ROOTS = env.text("TSA_URL"), Path(env.text("TSA_ROOTS") or VAR / "tsa-roots.pem")
TSA_EVERY_MINUTES = env.whole("TSA_EVERY_MINUTES", 60, least=1)

# --- Readers ----------------------------------------------------------------------------------------------------
OCR_READERS = env.words("OCR_READERS", "local")
OCR_LOCAL_ENDPOINT = env.text("OCR_LOCAL_ENDPOINT")  # empty: the reader that `manage.py up` started
OCR_LOCAL_KEYS = Path(env.text("OCR_LOCAL_KEYS") or VAR / "reader.keys")
OCR_LOCAL_ADDRESS_FILE = VAR / "reader.addr"
OCR_ENDPOINT = env.text("OCR_ENDPOINT")  # the vendor's, e.g. ocr.tencentcloudapi.com
OCR_REGION = env.text("OCR_REGION", "ap-singapore")
OCR_SECRET_ID = env.text("OCR_SECRET_ID")
OCR_SECRET_KEY = env.text("OCR_SECRET_KEY")
OCR_EGRESS_REGION = env.text("OCR_EGRESS_REGION")
OCR_EGRESS_LEGAL_BASIS = env.text("OCR_EGRESS_LEGAL_BASIS")
OCR_REQUESTS_PER_SECOND = env.number("OCR_REQUESTS_PER_SECOND", 20.0)
OCR_DEADLINE_SECONDS = env.number("OCR_DEADLINE_SECONDS", 30.0)
# Renewed while a call lasts, so that it may be short: this long after a worker's death the next one takes over.
READING_LEASE_SECONDS = env.whole("READING_LEASE_SECONDS", 20, least=5)

# --- E-mail to customers ----------------------------------------------------------------------------------------
# Empty: no address is asked for and nothing is sent. The demonstration writes its mails into a folder, to nobody.
_EMAIL_URL = env.text("EMAIL_URL", f"file://{VAR_IN_URL}/mail" if LEGAL_BASIS == DEMO_BASIS else "")
MAILS = bool(_EMAIL_URL)
_MAIL = mail.server(_EMAIL_URL)
EMAIL_BACKEND = _MAIL["EMAIL_BACKEND"]
EMAIL_FILE_PATH = _MAIL.get("EMAIL_FILE_PATH")
EMAIL_HOST, EMAIL_PORT = _MAIL.get("EMAIL_HOST", ""), _MAIL.get("EMAIL_PORT", 0)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = (
    _MAIL.get("EMAIL_HOST_USER", ""),
    _MAIL.get("EMAIL_HOST_PASSWORD", ""),
)
EMAIL_USE_SSL, EMAIL_USE_TLS = _MAIL.get("EMAIL_USE_SSL", False), _MAIL.get("EMAIL_USE_TLS", False)
EMAIL_FROM = env.text("EMAIL_FROM")  # who writes; needed where mails leave by SMTP
EMAIL_SECONDS = env.number("EMAIL_SECONDS", 10.0)  # for one mail, from the first byte to the last
EMAIL_TIMEOUT = EMAIL_SECONDS

# --- Django -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "kyc.apps.SinwonAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "ninja",
    "kyc.apps.KycConfig",
]
MIDDLEWARE = [
    "kyc.observation.Traced",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "kyc.middleware.ApiProblems",
    "kyc.middleware.Framed",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "kyc.middleware.BoundedBodies",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kyc.middleware.PrivatePages",
    "allauth.account.middleware.AccountMiddleware",
    "kyc.middleware.OfficerSessions",
    "kyc.middleware.SecondFactor",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "kyc.views.context.deployment",
            ],
        },
    },
]
DATABASES = {
    "default": dj_database_url.parse(
        env.text("DATABASE_URL", f"sqlite:///{VAR_IN_URL}/db.sqlite3"),
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Deferred transactions fail under concurrent writers (docs/decisions.md); secure_delete overwrites what is erased.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
    }
    DATABASES["default"]["TEST"] = {
        "NAME": str(VAR / "test-db.sqlite3")
    }  # a file: tests race over real connections
elif env.flag("DATABASE_POOLER"):
    # A pooler in transaction mode (PgBouncer) gives each transaction another connection: no cursor may outlive one.
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
# Second factors: allauth keeps the rows; its own pages are not served (kyc/services/authenticators.py).
MFA_ADAPTER = "kyc.services.authenticators.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = OPERATOR_NAME

# --- Language and time ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60  # a language once chosen stays
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
TIME_ZONE = "Asia/Seoul"
USE_TZ = True

# --- The browser ------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT") or VAR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
DOCS_ROOT = VAR / "docs"  # where `make docs` puts the documentation; served at /docs/ once it is there
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sinwon" if HTTPS else "sinwon"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "kyc.views.errors.csrf_failure"
if HTTPS and LEGAL_BASIS != DEMO_BASIS:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Celery: doorbells only -------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", embedded_broker.url_for(VAR / "broker.sqlite3"))
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    # A dead Redis would hold a customer's request for 6 s; so it is 0.2 s, and the sweeper rings again.
    "max_retries": 1,
    "interval_start": 0.1,
    "interval_step": 0.1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
if CELERY_BROKER_URL.startswith("amqp"):
    # Replicated queues, and a bell that the broker has not taken counts as unheard.
    CELERY_TASK_DEFAULT_QUEUE_TYPE = "quorum"
    CELERY_BROKER_TRANSPORT_OPTIONS = {"confirm_publish": True, "max_retries": 1}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SEND_TASK_EVENTS = env.flag("CELERY_EVENTS")  # for Flower; off, nobody is told of tasks
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 75
CELERY_TASK_PUBLISH_RETRY = False  # a failed doorbell must not hold a request: the sweeper rings again
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "config.beat:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat")
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
CELERY_BEAT_SCHEDULE = {
    "ring-stranded": {"task": "kyc.tasks.ring_stranded", "schedule": 5.0, "options": {"expires": 5}},
    "tell-hosts": {"task": "kyc.tasks.tell_hosts", "schedule": 5.0, "options": {"expires": 5}},
    "write-customers": {"task": "kyc.tasks.write_customers", "schedule": 5.0, "options": {"expires": 5}},
    "expire-cases": {"task": "kyc.tasks.expire_cases", "schedule": 3600.0, "options": {"expires": 3600}},
    # Each run is half a minute of a round over everything (kyc/services/reconcile.py): it takes some hours at most.
    "reconcile-pictures": {
        "task": "kyc.tasks.reconcile_pictures",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "sign-audit": {"task": "kyc.tasks.sign_audit", "schedule": 60.0, "options": {"expires": 60}},
    "erase-due": {"task": "kyc.tasks.erase_due", "schedule": 3600.0, "options": {"expires": 3600}},
    "count-days": {"task": "kyc.tasks.count_days", "schedule": 900.0, "options": {"expires": 900}},
    "tidy": {"task": "kyc.tasks.tidy", "schedule": 3600.0, "options": {"expires": 3600}},
}

# --- Seen from outside -----------------------------------------------------------------------------------------
METRICS_TOKEN = env.text(
    "METRICS_TOKEN"
)  # what a Prometheus server shows as bearer; empty: no page of metrics

# --- Logs: ids and codes only -----------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "config.logs.Line", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "config.logs.Json"},
    },
    "filters": {"addresses": {"()": "config.logs.NoAddress"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": env.text("LOG_FORMAT", "line"),
            "filters": ["addresses"],
        }
    },
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        # At DEBUG the SDK logs the picture and the answer (shared facts: SDK 3.1.195).
        "tencentcloud_sdk_common": {"level": "WARNING"},
        "django.server": {"level": "WARNING"},
        # Both tell the letters of a document: a name's.
        "fontTools": {"level": "ERROR"},
        "fpdf": {"level": "ERROR"},
        # A mistyped private link is nearly the whole secret: addresses that were not found are not logged.
        "django.request": {"level": "ERROR"},
    },
}
