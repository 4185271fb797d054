"""What nginx keeps of the paper: all that readers get, ready, and renewed as soon as it changes.

    what may be kept           keeping (a middleware)
    what readers get           facts (pure), gathering (from the database)
    what a change shows on     addresses (pure)
    that something changed     noting
    having it taken anew       renewing, through nginx

How it is meant: docs/front.md; why so: docs/adr/0014-kept-pages.md.
"""
