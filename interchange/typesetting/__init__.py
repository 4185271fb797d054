"""Set in type what leaves the paper on sheets: PDF by typst, in the paper's own fonts."""
