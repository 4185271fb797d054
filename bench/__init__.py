"""Programs that try the contributions on a real server: what a failure costs, and how fast it is.

``bin/faults`` runs the first, ``python -m bench.load`` and ``bench.cost`` the others; none of them
is part of the paper.
"""
