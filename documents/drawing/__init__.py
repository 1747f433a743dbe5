"""Documents that take more than a second: asked for, drawn by the worker, handed out."""
