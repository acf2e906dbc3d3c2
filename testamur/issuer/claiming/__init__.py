"""The claim page and the endpoints of OpenID4VCI, as a part of the desk that is open to learners and wallets."""
