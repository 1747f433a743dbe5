"""Where all addresses of the committee begin."""

committee = "conventions/<slug:slug>/comite/"
