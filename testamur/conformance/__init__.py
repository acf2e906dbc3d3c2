"""Command lines that published test suites drive, a kind of document in each file."""
