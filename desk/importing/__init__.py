"""Bring copy into an issue (导入): read it, have an editor look at it, then make articles."""
