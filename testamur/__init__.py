"""testamur: issue, hold and check learning records as W3C Verifiable Credentials."""

__version__ = "0.1.0"
