"""The paper on a reader's own device: installed like a program, read without a network.

A service worker (templates/following/offline/worker.js) keeps the issues that were opened last and
those that a reader has kept on purpose; docs/offline.md tells how.
"""
