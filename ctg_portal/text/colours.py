"""The colours of axes, for drawings; a test compares them with the tokens of the screen
(``portal/portal.css``) and of paper (``documents/print.css``)."""

AXIS_COLOURS = (
    "#0b6b73", "#8a5410", "#7b3a6c", "#2c6a37", "#9a3b2e", "#3c5499", "#6b6112", "#5a4a7d",
    "#33616b",
)  # fmt: skip
