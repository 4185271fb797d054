"""Issues by e-mail: who wants them (sealed), and sending each new one once.

    asking for it   views, forms; subscribing (the verbs)
    sending it      sending (the queue), letters (the words), posting (the mail server)
    the office      report, permissions, log_actions

How it is run: docs/subscriptions.md.
"""
