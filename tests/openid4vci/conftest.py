from tests.openid4vci.world import school, world

__all__ = ["school", "world"]
