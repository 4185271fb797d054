"""Who gets in, and what is kept of it: passwords, the second factor, sessions, the security log."""
