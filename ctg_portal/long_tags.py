"""Template tags over several lines.

Django's lexer ends a tag at the end of its line, so that a component with eight parameters is a
line of two hundred characters. Only its regular expression says so.
"""

import re

from django.template import base


def allow() -> None:
    base.tag_re = re.compile(base.tag_re.pattern, re.DOTALL)
