"""The sealer, and everything by which outsiders check what it sealed (security.md section 4, I11)."""
