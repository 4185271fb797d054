"""What looks wrong in an issue, told and never changed."""
