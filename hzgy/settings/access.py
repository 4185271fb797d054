"""Who comes in: accounts, passwords, the second factor, sessions and their cookies."""

from datetime import timedelta

from django.core.exceptions import ImproperlyConfigured

from .environment import env

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "last_name", "first_name", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "operations.access.passwords.NoFavourite"},
]
# Who guesses passwords is shut out for a while (operations.access.lockout).
AXES_HANDLER = "operations.access.lockout.Handler"
AXES_CLIENT_IP_CALLABLE = "operations.access.lockout.come_from"
AXES_USERNAME_CALLABLE = "operations.access.lockout.account_named"
AXES_LOCKOUT_CALLABLE = "operations.access.lockout.turned_away"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # Wagtail's log tells who came in
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
# A number from the phone besides the password: off, optional or required.
SECOND_FACTOR = env.str("SECOND_FACTOR", default="optional")
if SECOND_FACTOR not in ("off", "optional", "required"):
    raise ImproperlyConfigured(f"SECOND_FACTOR={SECOND_FACTOR}: off, optional or required")
OTP_TOTP_ISSUER = env("PAPER_NAME", default="数字报")
# Who does nothing in the admin for so long logs in again; so does everybody after so many hours.
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_MINUTES", default=240) * 60
SESSION_HOURS = env.int("SESSION_HOURS", default=24)
# The law wants the log of who came in kept for half a year.
SIGN_IN_LOG_DAYS = max(180, env.int("SIGN_IN_LOG_DAYS", default=365))
PASSWORD_RESET_TIMEOUT = 3600
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = "operations.access.forms.ResetForm"  # noqa: S105
LOGIN_URL = "wagtailadmin_login"
WAGTAIL_FRONTEND_LOGIN_URL = "/admin/login/"

# No script reads a cookie, and no other site's form brings one along; what is said once to an
# editor is kept in the session instead of a cookie of its own.
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "operations.error_pages.no_csrf"
