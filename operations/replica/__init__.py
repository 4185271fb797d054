"""Readers' pages from a standby of the database, never older than is promised."""
