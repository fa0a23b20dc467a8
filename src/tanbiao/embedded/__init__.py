"""A PostgreSQL server of one's own: no account, no port, no configuration; data in one folder.

    with Server(Path("var/postgres")) as server:
        psycopg.connect(server.url())

For a laptop, a demonstration, a small office and the tests. A larger installation sets DATABASE_URL instead.
"""

from tanbiao.embedded.errors import DatabaseError
from tanbiao.embedded.server import DATABASE, Server

__all__ = ["DATABASE", "DatabaseError", "Server"]
