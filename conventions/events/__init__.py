"""What happens in this chapter; each function is one event in one transaction."""
