/*
 * Stage 1 in C: the same server as solutions/stage-1-tcp-server/server.ts, function by function.
 *
 *     cc -O2 -o my-server docs/snippets/stage-1-tcp-server.c
 *     npm run milestone 1.1 -- --command "./my-server"
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int port;

/* what the client has sent and we have not answered yet: the first buffered_n bytes */
static char buffer[64 * 1024];
static int buffered_n = 0;

void die(const char *call) {
  perror(call);
  exit(1);
}

int create_server() {
  // region server_socket
  int sock_fd = socket(AF_INET, SOCK_STREAM, 0);
  if (sock_fd == -1) die("socket");

  int on = 1;
  if (setsockopt(sock_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == -1) die("setsockopt");

  struct sockaddr_in address = {
    .sin_family = AF_INET,
    .sin_port = htons(port),
    .sin_addr.s_addr = htonl(INADDR_ANY),
  };
  if (bind(sock_fd, (struct sockaddr *)&address, sizeof address) == -1) die("bind");
  if (listen(sock_fd, SOMAXCONN) == -1) die("listen");
  // endregion
  return sock_fd;
}

int accept_connection(int listen_sock_fd) {
  // region accepted
  int conn_sock_fd = accept(listen_sock_fd, NULL, NULL);
  // endregion
  if (conn_sock_fd == -1) perror("accept");
  return conn_sock_fd;
}

void reverse_line(char *line, int line_len) {
  // region swapped
  for (int i = 0, j = line_len - 2; i < j; i += 1, j -= 1) {
    char byte = line[i];
    line[i] = line[j];
    line[j] = byte;
  }
  // endregion
}

bool send_all(int sock_fd, const char *message, int message_len) {
  // region sending
  int bytes_written = 0;
  while (bytes_written < message_len) {
    int n = send(sock_fd, message + bytes_written, message_len - bytes_written, MSG_NOSIGNAL);
    if (n == -1 && errno == EINTR) continue;
    if (n == -1) return false;
    bytes_written += n;
  }
  // endregion
  return true;
}

bool answer_lines(int conn_sock_fd) {
  char *line_start = buffer;
  // region lines
  char *line_end;
  while ((line_end = memchr(line_start, '\n', buffer + buffered_n - line_start)) != NULL) {
    int line_len = line_end + 1 - line_start;
    reverse_line(line_start, line_len);
    if (!send_all(conn_sock_fd, line_start, line_len)) return false;
    line_start = line_end + 1;
  }
  buffered_n = buffer + buffered_n - line_start;
  memmove(buffer, line_start, buffered_n);
  // endregion
  return true;
}

void handle_client(int conn_sock_fd) {
  buffered_n = 0;
  while (buffered_n < (int)sizeof buffer) {
    // region received
    int read_n = recv(conn_sock_fd, buffer + buffered_n, sizeof buffer - buffered_n, 0);
    // endregion
    if (read_n == -1 && errno == EINTR) continue;
    if (read_n <= 0) break;
    buffered_n += read_n;
    if (!answer_lines(conn_sock_fd)) break;
  }
  close(conn_sock_fd);
}

int main() {
  const char *given = getenv("PORT");
  port = given ? atoi(given) : 8080;
  int listen_sock_fd = create_server();
  while (true) {
    int conn_sock_fd = accept_connection(listen_sock_fd);
    if (conn_sock_fd != -1) handle_client(conn_sock_fd);
  }
}
