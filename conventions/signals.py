"""What this chapter tells the chapters on its right, which it does not know."""

from django.dispatch import Signal

# A convention file has been brought into the database, new or again. Sent with
# ``sender=Convention``, ``convention`` and ``report`` (a ``LoadReport``, whose ``warnings`` a
# receiver may add to), at the end of the load's transaction: what a receiver writes stands or
# falls with the load, and its exception undoes it all.
convention_loaded = Signal()

# Somebody has come to a convention, or left it. Sent with ``sender=Convention`` and
# ``convention``, in the transaction of the event.
access_changed = Signal()

# The rows of a convention's text hold other words, or others of them are in force: an amendment has
# been written, or has taken effect. Sent with ``sender=Convention`` and ``convention``, within the
# transaction that changed them.
text_changed = Signal()
