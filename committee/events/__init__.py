"""What happens in the committee; each function is one event in one transaction.

Locks are taken in one order: the seats of the organisation that speaks, then every version of the
rows concerned, by primary key.
"""
