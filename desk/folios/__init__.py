"""The printed pages of an issue (版面): their files, and where the articles stand on them."""
