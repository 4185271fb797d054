"""What readers may send and ask for, how much and how often; and what follows the paper."""

from .environment import env

# The contribution form (docs/contributions.md).
CONTRIBUTIONS_LEAST_SECONDS = 3  # between opening the form and sending it
CONTRIBUTIONS_MOST_REQUEST_BYTES = 80 * 1024 * 1024
# How often within an hour: from one address (a factory may stand behind one), and in all.
CONTRIBUTIONS_LIMITS = {
    "send": (
        env.int("CONTRIBUTIONS_PER_ADDRESS", default=60),
        env.int("CONTRIBUTIONS_PER_HOUR", default=600),
    ),
    "unproven": (10, 100),  # where work is asked for, and none was done
    "look_up": (60, 1000),  # codes that are not found
    "answer": (60, 600),
}
CONTRIBUTIONS_PROOF_OF_WORK = env.bool("CONTRIBUTIONS_PROOF_OF_WORK", default=False)
CONTRIBUTIONS_KEEP_DAYS = env.int("CONTRIBUTIONS_KEEP_DAYS", default=365)
CONTRIBUTIONS_KEEP_CONTACT_DAYS = env.int("CONTRIBUTIONS_KEEP_CONTACT_DAYS", default=90)
# What attachments leave free on the disk, so that texts still have room.
CONTRIBUTIONS_LEAST_FREE_MB = env.int("CONTRIBUTIONS_LEAST_FREE_MB", default=200)
# Whether editors hear of each contribution by mail at once, once a day, or not at all.
CONTRIBUTIONS_MAIL = env.str("CONTRIBUTIONS_MAIL", default="at_once")
# An address of a ClamAV daemon, e.g. tcp://127.0.0.1:3310 or unix:///run/clamav/clamd.ctl.
CLAMAV_URL = env("CLAMAV_URL", default="")
# Searches an hour: from one address (a factory may stand behind one), and in all. Suggestions come
# with every few letters typed; what a cache in front answers is counted by nobody.
SEARCH_LIMITS = {
    "search": (
        env.int("SEARCH_PER_ADDRESS", default=1200),
        env.int("SEARCH_PER_HOUR", default=30_000),
    ),
    "suggest": (6000, 100_000),
}
# Requests to the API an hour: from one address, and in all.
API_LIMITS = (
    env.int("API_PER_ADDRESS", default=1000),
    env.int("API_PER_HOUR", default=30_000),
)
# Sign-ups for issues by e-mail an hour: from one address (a factory may stand behind one), in all.
SUBSCRIPTIONS_LIMITS = (
    env.int("SUBSCRIPTIONS_PER_ADDRESS", default=10),
    env.int("SUBSCRIPTIONS_PER_HOUR", default=300),
)

# An internal paper may want to be in no search engine (robots.txt).
CLOSED_TO_ROBOTS = env.bool("CLOSED_TO_ROBOTS", default=False)
# Readers' browsers may install the paper and keep what was read (docs/offline.md).
OFFLINE = env.bool("OFFLINE", default=True)
# Where feeds say that there is news, for readers that do not want to ask (docs/subscriptions.md).
WEBSUB_HUB = env.str("WEBSUB_HUB", default="")
# An account with WeChat (公众号), for what its readers share from its menu (docs/sharing.md).
WECHAT_APP_ID = env.str("WECHAT_APP_ID", default="")
WECHAT_APP_SECRET = env.str("WECHAT_APP_SECRET", default="")
WECHAT_API = "https://api.weixin.qq.com"
WECHAT_SCRIPT = "https://res.wx.qq.com/open/js/jweixin-1.6.0.js"
