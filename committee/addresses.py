"""The beginning of all addresses of the committee."""

committee = "conventions/<slug:slug>/comite/"
