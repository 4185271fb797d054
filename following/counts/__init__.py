"""How often articles are read, in numbers alone: nothing is kept of who read them."""
