"""How the web process serves: all from the environment, as the README tells."""

import logging
import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
timeout = 60
control_socket_disable = True
# The application writes its own access line, with the request's id.
accesslog = None
errorlog = "-"


def post_worker_init(_worker):
    """Each worker warms up by itself: one loaded before the fork would keep the former code when
    the service is reloaded."""
    # The application is loaded by now.
    from ctg_portal.hosting.logs import WithoutSecrets  # noqa: PLC0415
    from ctg_portal.hosting.warm_up import warm_up  # noqa: PLC0415

    # Its own lines tell the whole address of a request that nothing has answered.
    logging.getLogger("gunicorn.error").addFilter(WithoutSecrets())
    warm_up()
