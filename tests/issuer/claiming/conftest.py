from tests.issuer.claiming.schools import school

__all__ = ["school"]
