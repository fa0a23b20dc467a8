"""How much the web server takes in: little, but at the one address for databases; what is too large is told clearly."""

import socket
import threading

import pytest
import waitress

from tanbiao.cli import listening

MB = 1024**2
BESIDE = listening.BESIDE


@pytest.fixture(scope="module")
def port():
    """A site that answers with the number of bytes it was sent; 2 MB a file, or 4 MB of a database."""

    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        size = 0
        while block := environ["wsgi.input"].read(65536):
            size += len(block)
        return [str(size).encode()]

    usual_class = waitress.server.BaseWSGIServer.channel_class
    listening.bound(usual=2 * MB, large=4 * MB)
    server = waitress.create_server(application, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.effective_port
    server.close()
    thread.join(timeout=10)
    waitress.server.BaseWSGIServer.channel_class = usual_class


def post(port, path, size, *, cookie="", headers=()):
    """Send everything, as a browser does, then read the answer."""
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Length: {size}", *headers]
    lines += [f"Cookie: {cookie}"] if cookie else []
    with socket.create_connection(("127.0.0.1", port), timeout=30) as s:
        s.sendall("\r\n".join([*lines, "", ""]).encode())
        for _ in range(size // 65536):
            s.sendall(b"x" * 65536)
        s.sendall(b"x" * (size % 65536))
        s.shutdown(socket.SHUT_WR)
        answer = b""
        while block := s.recv(65536):
            answer += block
    return answer.decode()


def test_small_bodies_pass_everywhere(port):
    assert post(port, "/", 2 * MB).endswith(str(2 * MB))
    assert post(port, "/library/import/", 4 * MB, cookie="sessionid=x").endswith(str(4 * MB))


def test_a_database_too_large_is_told_to_take_the_command_line(port):
    answer = post(port, "/library/import/", 64 * MB, cookie="sessionid=x")
    assert answer.startswith("HTTP/1.1 413")
    for words in ("tanbiao library import", "最多接收 4 MB", "up to 4 MB"):
        assert words in answer


@pytest.mark.parametrize(
    ("path", "cookie"), [("/library/import/", ""), ("/products/", "sessionid=x"), ("/library/import/x", "sessionid=x")]
)
def test_nobody_else_may_send_as_much(port, path, cookie):
    answer = post(port, path, 3 * MB + 1, cookie=cookie)
    assert answer.startswith("HTTP/1.1 413") and "最多接收 2 MB" in answer


def test_the_connection_serves_on_after_a_refusal(port):
    with socket.create_connection(("127.0.0.1", port), timeout=30) as s:
        s.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n" + b"x" * MB)
    assert post(port, "/", 5).endswith("5")


def test_a_body_without_length_is_bounded_too(port):
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=30) as s:
        s.sendall(head)
        with pytest.raises(OSError):
            for _ in range(16):
                s.sendall(b"100000\r\n" + b"x" * MB + b"\r\n")
            while s.recv(65536):
                pass
            raise ConnectionError  # it was closed in order: as good
