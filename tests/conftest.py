"""What holds for all tests: a machine that is busy with others' work is no defect of a test's examples."""

from hypothesis import HealthCheck, settings

settings.register_profile("house", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("house")
