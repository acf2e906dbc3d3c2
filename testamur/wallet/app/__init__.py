"""The learner's wallet in a browser."""
