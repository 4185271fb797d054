"""Chinese full-text search: the words asked for, the index, the pages of results."""
