"""The app of whoever is shown a record: commands to check it and to keep a list of trusted issuers."""
