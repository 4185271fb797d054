"""How a link to the paper looks and travels where it is shared (docs/sharing.md)."""
