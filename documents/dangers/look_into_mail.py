"""Script: print the name of the first attachment of a mail whose extension is one of its arguments;
nothing without one.

A process of its own, which imports nothing of the portal.
"""

import sys
from email import message_from_bytes, policy
from pathlib import PurePosixPath


def main() -> None:
    """Print the name of the first attachment of the mail on stdin with an extension among the
    arguments, or nothing."""
    mail = message_from_bytes(sys.stdin.buffer.read(), policy=policy.default)
    for part in mail.walk():
        name = part.get_filename() or ""
        ending = PurePosixPath(name.strip()).suffix.lower()
        if ending.removeprefix(".") in sys.argv[1:]:
            sys.stdout.buffer.write(name.encode(errors="replace"))
            return


if __name__ == "__main__":
    main()
