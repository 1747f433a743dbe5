"""Archives: what rooms put into one ZIP, and how it is written without filling the memory."""
