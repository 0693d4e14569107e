"""A local server that answers as the national address API does, for tests: what it knows is invented."""

import csv
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KNOWN = {
    "4 place de l'Hôtel de Ville": ("2.3522", "48.8566", "0.97", "housenumber", "75104"),
    "rue de Rivoli": ("2.3550", "48.8560", "0.85", "street", "75104"),
    "quelque part à Paris": ("2.3470", "48.8589", "0.90", "municipality", "75056"),
    "machin chouette": ("2.3600", "48.8500", "0.31", "housenumber", "75104"),
    "rue de la République": ("4.8357", "45.7640", "0.95", "street", "69382"),
    "12 rue du Bac": ("2.3270", "48.8570", "0.95", "housenumber", "75107"),
}


class Standin(BaseHTTPRequestHandler):
    """A local server that answers as the national address API does: the same columns, then its own."""

    def do_POST(self) -> None:
        server = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        form = _form(self.headers["Content-Type"], body)
        server.asked.append(form)
        status = server.statuses.pop(0) if server.statuses else 200
        content = server.answer(form["data"]) if status == 200 else b"down"
        self.send_response(status)
        self.send_header("Content-Type", "text/csv; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_) -> None:
        """Quiet: the test prints what matters."""


def _form(content_type: str, body: bytes) -> dict[str, str]:
    parts = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body).get_payload()
    return {
        part.get_param("name", header="content-disposition"): part.get_payload(decode=True).decode() for part in parts
    }


def _answer(asked: str) -> bytes:
    out = io.StringIO()
    names = [
        "address",
        "citycode",
        "longitude",
        "latitude",
        "result_score",
        "result_type",
        "result_citycode",
        "result_status",
    ]
    writer = csv.writer(out)
    writer.writerow(names)
    for row in csv.DictReader(io.StringIO(asked)):
        found = KNOWN.get(row["address"])
        writer.writerow([row["address"], row["citycode"], *(found or [""] * 5), "ok" if found else "not-found"])
    return out.getvalue().encode()


@contextmanager
def serving() -> Iterator[ThreadingHTTPServer]:
    """`asked` keeps the forms received; `statuses` are the next ones to answer; `answer` may be replaced."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Standin)
    server.asked, server.statuses, server.answer = [], [], _answer
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    server.url = f"http://127.0.0.1:{server.server_port}/search/csv/"
    yield server
    server.shutdown()
    server.server_close()
