"""What people see and read, stored: pages and files by address and person, texts agreed to, mails.

A golden list says what a rebuilding must leave as it is. Nothing in it names a module, a template,
a name of a route or a primary key: only what is shown, and where. ``make test`` compares what is
seen with the lists in ``kept/``; ``python -m tests.golden --write`` stores it anew.
"""
