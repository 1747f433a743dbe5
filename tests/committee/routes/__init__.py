"""The role table of the committee's pages, a module for each of its parts."""
