"""Running the paper: what nginx keeps, health, copies to restore from, and who is let in."""
