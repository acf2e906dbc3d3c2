"""What the library costs, and what others cost on the same machine in the same run: ``python -m benchmarks``."""
