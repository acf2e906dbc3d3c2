"""A key in a hardware module, tried with SoftHSM2."""

import shutil
import subprocess
from pathlib import Path

import pytest

from testamur.errors import OperatorError, ProofInvalid
from testamur.keys import open_signer

pytestmark = pytest.mark.system
pkcs11 = pytest.importorskip("pkcs11", reason="left out: python-pkcs11 (extra hsm)")
MODULE = next(
    (
        each
        for each in map(Path, ("/usr/lib/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so"))
        if each.exists()
    ),
    None,
)
METHOD = "did:web:school.example#key-1"


@pytest.fixture(scope="module")
def token(tmp_path_factory):
    """A fresh token with a key of each kind; its URI without the object."""
    if MODULE is None or not shutil.which("softhsm2-util"):
        pytest.skip("left out: SoftHSM2")
    home = tmp_path_factory.mktemp("hsm")
    (home / "tokens").mkdir()
    (home / "softhsm2.conf").write_text(f"directories.tokendir = {home}/tokens\nobjectstore.backend = file\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(home / "softhsm2.conf"))
        subprocess.run(
            [
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label",
                "school",
                "--so-pin",
                "1234",
                "--pin",
                "ፒን-4321",
            ],
            check=True,
            capture_output=True,
        )
        make_keys()
        yield (
            lambda name: (
                f"pkcs11:token=school;object={name}?module-path={MODULE}&method={METHOD.replace('#', '%23')}"
            )
        )


def make_keys():
    from pkcs11 import Attribute, KeyType, Mechanism
    from pkcs11.util.ec import encode_named_curve_parameters

    with pkcs11.lib(str(MODULE)).get_token(token_label="school").open(user_pin="ፒን-4321", rw=True) as session:
        for name, curve in (("p256", "secp256r1"), ("p384", "secp384r1")):
            parameters = session.create_domain_parameters(
                KeyType.EC, {Attribute.EC_PARAMS: encode_named_curve_parameters(curve)}, local=True
            )
            parameters.generate_keypair(store=True, label=name, mechanism=Mechanism.EC_KEY_PAIR_GEN)
        parameters = session.create_domain_parameters(
            KeyType.EC_EDWARDS, {Attribute.EC_PARAMS: b"\x13\x0cedwards25519"}, local=True
        )
        parameters.generate_keypair(store=True, label="ed25519", mechanism=Mechanism.EC_EDWARDS_KEY_PAIR_GEN)


@pytest.mark.parametrize("name", ["p256", "nothing"])
def test_a_wrong_pin_or_name_is_told_to_the_operator(token, name):
    with pytest.raises(OperatorError) as told:
        open_signer(token(name), ask=lambda prompt: "0000" if name == "p256" else "ፒን-4321")
    assert "0000" not in str(told.value)


@pytest.mark.parametrize(
    ("name", "algorithm"), [("p256", "P-256"), ("p384", "P-384"), ("ed25519", "Ed25519")]
)
def test_a_key_in_the_module_signs_what_its_public_half_verifies(token, name, algorithm):
    signer = open_signer(token(name), ask=lambda prompt: "ፒን-4321")
    assert signer.public_key.algorithm == algorithm
    assert signer.verification_method == METHOD
    signature = signer.sign(b"diploma")
    signer.public_key.verify(signature, b"diploma")
    with pytest.raises(ProofInvalid):
        signer.public_key.verify(signature, b"diplomb")


def test_a_uri_without_its_parts_is_told_to_the_operator(token):
    with pytest.raises(OperatorError, match="lacks"):
        open_signer(f"pkcs11:token=school?module-path={MODULE}", ask=lambda prompt: "ፒን-4321")
