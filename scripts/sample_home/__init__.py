"""The parts of `scripts/sample`: they write the home of one invented person, with its answer key.

It is not part of the product and never installed. Only `scripts/sample` calls it.
"""
