"""How readers and machines follow the paper: feeds, mail, metadata, API, counts, old addresses."""
