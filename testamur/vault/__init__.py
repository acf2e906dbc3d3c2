"""The learner's vault: records, keys and history under one key, which passphrase, device, passkey or words open."""

from testamur.vault.contents import contents_json, contents_of
from testamur.vault.pins import new_device, open_device, seal_device
from testamur.vault.unlocking import (
    KINDS,
    MEMORY,
    PASSES,
    Passphrase,
    RandomKey,
    Slot,
    Unlock,
    decrypt,
    encrypt,
)
from testamur.vault.values import (
    Contact,
    Contents,
    Enclosure,
    Event,
    HeldForm,
    HeldRecord,
    HolderKey,
    Look,
)
from testamur.vault.vault import MAX_VAULT, SealedVault, Vault
from testamur.vault.vault_file import VaultFile
from testamur.vault.words import guardians_of, new_guardians, new_recovery, recovery_of

__all__ = [
    "KINDS",
    "MAX_VAULT",
    "MEMORY",
    "PASSES",
    "Contact",
    "Contents",
    "Enclosure",
    "Event",
    "HeldForm",
    "HeldRecord",
    "HolderKey",
    "Look",
    "Passphrase",
    "RandomKey",
    "SealedVault",
    "Slot",
    "Unlock",
    "Vault",
    "VaultFile",
    "contents_json",
    "contents_of",
    "decrypt",
    "encrypt",
    "guardians_of",
    "new_device",
    "new_guardians",
    "new_recovery",
    "open_device",
    "recovery_of",
    "seal_device",
]
