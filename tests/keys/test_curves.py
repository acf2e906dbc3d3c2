import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from testamur.keys.ecdsa import P256, P384, P521


@pytest.mark.parametrize(
    ("curve", "theirs"), [(P256, ec.SECP256R1()), (P384, ec.SECP384R1()), (P521, ec.SECP521R1())]
)
def test_the_orders_are_the_curves_own(curve, theirs):
    """The largest secret is one less than the order, and the order itself is none."""
    ec.derive_private_key(curve.order - 1, theirs)
    with pytest.raises(ValueError, match="key"):
        ec.derive_private_key(curve.order, theirs)
