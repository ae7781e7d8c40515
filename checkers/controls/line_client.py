"""A right client of lines in Python: one line, its answer, the next line. Prints through a buffer, as scripts do."""
import os
import socket
import sys

try:
    server = socket.create_connection(("127.0.0.1", int(os.environ["PORT"])))
    answers = server.makefile("rb")
    for line in sys.stdin.buffer:
        server.sendall(line if line.endswith(b"\n") else line + b"\n")
        answer = answers.readline()
        if not answer.endswith(b"\n"):
            sys.exit("The server has gone.")
        sys.stdout.buffer.write(answer)
except OSError as error:
    sys.exit(f"The server: {error}")
