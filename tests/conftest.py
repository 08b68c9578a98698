"""What holds for all tests: rules alone decide what messages mean, unless a test brings a classifier of its own."""

from __future__ import annotations

import os

os.environ.setdefault("GRACE_CLASSIFIER_DIR", "off")
