"""The VC API (VCALM): the parts of the issuer, the verifier and the wallet under one roof."""
