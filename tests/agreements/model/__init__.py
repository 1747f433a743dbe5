"""The rules of agreement told a second time, to be compared with what the portal does."""
