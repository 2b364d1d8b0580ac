"""An HTTPS server that answers each request with the request's body. See `counterpart.py` for how it misbehaves."""

import counterpart


class Connection(counterpart.OneRequest):
    def serve(self, body):
        self.answer(200, "text/plain", body)


if __name__ == "__main__":
    counterpart.run(Connection)
