"""Texts that name the total of what stands above them."""

import re

TOTAL = re.compile(r"(?:sous )?tota(?:l|ux)\b|somme\b|ensemble\b|moyenne\b")
