"""How mail goes out."""

from .environment import env

# Seconds: nobody waits for a mail server for ever, whoever writes the mail.
vars().update({"EMAIL_TIMEOUT": 30} | env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="newsroom@localhost")
# How many mails of an issue the mail server is asked to take in a minute.
MAIL_PER_MINUTE = env.int("MAIL_PER_MINUTE", default=60)
