"""Copies of the whole paper: made, kept, checked, and put back into an empty place."""
