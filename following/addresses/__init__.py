"""Staying found: old addresses lead on, and what nobody finds is looked at by the editors."""
