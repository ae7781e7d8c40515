/*
 * Stage 3 in C: the same server as solutions/stage-3-epoll/server.ts, function by function.
 *
 *     cc -O2 -o my-server docs/snippets/stage-3-epoll.c
 *     npm run milestone 3.1 -- --command "./my-server"
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_LINE (64 * 1024)
#define MAX_FDS 1024
#define MAX_EVENTS 64

static int port;
static int listen_sock_fd, epoll_fd;

/* the beginning of a line that each client has sent and not ended yet, by its connection socket */
// region clients
struct client {
  char line[MAX_LINE];
  int line_len;
};
struct client *clients[MAX_FDS];
// endregion

void die(const char *call) {
  perror(call);
  exit(1);
}

int create_server() {
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
  return sock_fd;
}

int create_loop() {
  // region loop
  int epoll_fd = epoll_create1(0);
  // endregion
  if (epoll_fd == -1) die("epoll_create1");
  return epoll_fd;
}

void loop_attach(int epoll_fd, int fd, int events) {
  // region attaching
  struct epoll_event event = { .events = events, .data.fd = fd };
  if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) == -1) die("epoll_ctl");
  // endregion
}

void close_client(int conn_sock_fd) {
  free(clients[conn_sock_fd]);
  clients[conn_sock_fd] = NULL;
  close(conn_sock_fd);
}

void accept_connection(int listen_sock_fd) {
  // region accepting
  int conn_sock_fd = accept(listen_sock_fd, NULL, NULL);
  if (conn_sock_fd == -1) {
    perror("accept");
    return;
  }
  if (conn_sock_fd >= MAX_FDS || (clients[conn_sock_fd] = calloc(1, sizeof(struct client))) == NULL) {
    close(conn_sock_fd);
    return;
  }
  loop_attach(epoll_fd, conn_sock_fd, EPOLLIN);
  // endregion
}

void reverse_line(char *line, int line_len) {
  for (int i = 0, j = line_len - 2; i < j; i += 1, j -= 1) {
    char byte = line[i];
    line[i] = line[j];
    line[j] = byte;
  }
}

bool send_all(int sock_fd, const char *message, int message_len) {
  int bytes_written = 0;
  while (bytes_written < message_len) {
    int n = send(sock_fd, message + bytes_written, message_len - bytes_written, MSG_NOSIGNAL);
    if (n == -1 && errno == EINTR) continue;
    if (n == -1) return false;
    bytes_written += n;
  }
  return true;
}

bool answer_lines(int conn_sock_fd, struct client *client) {
  char *line_start = client->line, *line_end;
  while ((line_end = memchr(line_start, '\n', client->line + client->line_len - line_start)) != NULL) {
    int line_len = line_end + 1 - line_start;
    reverse_line(line_start, line_len);
    if (!send_all(conn_sock_fd, line_start, line_len)) return false;
    line_start = line_end + 1;
  }
  client->line_len = client->line + client->line_len - line_start;
  memmove(client->line, line_start, client->line_len);
  return true;
}

void handle_client(int conn_sock_fd) {
  // region handling
  struct client *client = clients[conn_sock_fd];
  int read_n = recv(conn_sock_fd, client->line + client->line_len,
                    sizeof client->line - client->line_len, MSG_DONTWAIT);
  // endregion
  if (read_n == -1 && (errno == EAGAIN || errno == EINTR)) return;
  if (read_n > 0) client->line_len += read_n;
  if (read_n <= 0 || !answer_lines(conn_sock_fd, client) || client->line_len == sizeof client->line)
    close_client(conn_sock_fd);
}

void loop_run(int epoll_fd) {
  struct epoll_event events[MAX_EVENTS];
  while (true) {
    int ready_n = epoll_wait(epoll_fd, events, MAX_EVENTS, -1);
    if (ready_n == -1 && errno == EINTR) continue;
    if (ready_n == -1) die("epoll_wait");
    for (int i = 0; i < ready_n; i += 1) {
      int fd = events[i].data.fd;
      // region dispatching
      if (fd == listen_sock_fd)
        accept_connection(fd);
      else
        handle_client(fd);
      // endregion
    }
  }
}

int main() {
  const char *given = getenv("PORT");
  port = given ? atoi(given) : 8080;
  listen_sock_fd = create_server();
  epoll_fd = create_loop();
  loop_attach(epoll_fd, listen_sock_fd, EPOLLIN);
  loop_run(epoll_fd);
}
