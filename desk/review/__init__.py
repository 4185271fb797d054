"""Who signs what: an article is 定稿 when the revision that was read is signed."""
