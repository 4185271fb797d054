"""What machines are told of the paper: linked data, cards, citations, sitemaps, robots, search."""
