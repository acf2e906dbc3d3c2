"""did:webvh 1.0: a DID whose document has a history that anyone can check (docs/did-webvh.md)."""
