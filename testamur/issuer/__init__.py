"""The issuer's app: what a registrar does at the terminal."""
