"""What the served apps share that people see: pages out of templates, refusals in words, style sheets, forms."""

from testamur.leaves.arriving import Arrived, Form, Upload, form_of
from testamur.leaves.leaf import Leaves, tongue_of
from testamur.leaves.refusing import Refusals, problem
from testamur.leaves.static import static_routes

__all__ = [
    "Arrived",
    "Form",
    "Leaves",
    "Refusals",
    "Upload",
    "form_of",
    "problem",
    "static_routes",
    "tongue_of",
]
