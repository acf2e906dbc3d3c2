"""The learner's part: keeping records and showing them."""
