"""What `scripts/eval` is made of: data with truth, baselines, scores. No part of the product."""
