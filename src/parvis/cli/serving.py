"""Run the web server, and beside it the background worker; both end together."""

import subprocess
import sys


def serve(host: str, port: int, workers: int, *, with_worker: bool) -> int:
    from django.db import connections
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):
        def load_config(self) -> None:
            choices = {
                "bind": f"{host}:{port}", "workers": workers, "worker_class": "gthread", "threads": 4,
                "timeout": 120, "control_socket_disable": True, "max_requests": 5000, "max_requests_jitter": 500,
            }  # fmt: skip
            for name, value in choices.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self):
            from parvis.config.wsgi import application

            return application

    connections.close_all()
    beside = subprocess.Popen([sys.executable, "-m", "parvis.cli", "worker"]) if with_worker else None
    try:
        Server().run()
    finally:
        if beside:
            beside.terminate()
    return 0
