"""Feeds: the paper, a section, a contributor, the corrections, as Atom, RSS and JSON Feed.

    what is in one   sources (which articles), entries (how each stands in it)
    how it is written  formats
    handing it out   views; telling a hub that there is news: hub

How it is meant: docs/subscriptions.md.
"""
