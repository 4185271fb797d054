"""A paper as Wagtail's tutorial and project template would have it built, to compare ours with.

An index page lists its children and asks each for its ``.specific``, search is the template's own
view, nothing is cached. Two things are helped, which the tutorial leaves to whoever deploys: it is
on PostgreSQL, with connections that stay open, and it runs under the same gunicorn as ours.
"""
