"""A right server of lines in Python, with a thread for each client."""
import os
import socketserver


class Lines(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            for line in self.rfile:
                if line.endswith(b"\n"):
                    self.wfile.write(line[:-1][::-1] + b"\n")
        except ConnectionError:
            pass


socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer.daemon_threads = True
socketserver.ThreadingTCPServer.request_queue_size = 64
socketserver.ThreadingTCPServer(("127.0.0.1", int(os.environ["PORT"])), Lines).serve_forever()
