"""What people see and read, kept: pages by address and person, texts agreed to, messages.

A golden list tells what a rebuilding must leave as it is. Nothing in it names a module, a template,
a name of a route or a primary key: only what is shown, and where.
"""
