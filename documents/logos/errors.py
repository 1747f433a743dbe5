"""Why a logo is refused."""


class LogoError(ValueError):
    """The file is not an acceptable logo; the message says why, in French."""
