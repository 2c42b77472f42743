"""One module per family of the API; each has a literal `ROUTES` table."""
