/*
 * Stage 4 in C: the same proxy as solutions/stage-4-tcp-proxy/proxy.ts, function by function.
 *
 *     cc -O2 -o my-proxy docs/snippets/stage-4-tcp-proxy.c
 *     npm run milestone 1 -- --command "./my-proxy"
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_SOCKS 128
#define MAX_EVENTS 64

static int port, upstream_port;
static int listen_sock_fd, epoll_fd;

/* which sockets belong together: pairs of connection socket and upstream socket */
int route_table[MAX_SOCKS][2];
int route_table_size = 0;
int conn_socks[MAX_SOCKS], conn_socks_size = 0;
int upstream_socks[MAX_SOCKS], upstream_socks_size = 0;

static char buffer[256 * 1024];

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
  int loop_fd = epoll_create1(0);
  if (loop_fd == -1) die("epoll_create1");
  return loop_fd;
}

void loop_attach(int epoll_fd, int fd, int events) {
  struct epoll_event event = { .events = events, .data.fd = fd };
  if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) == -1) die("epoll_ctl");
}

int connect_upstream() {
  int upstream_sock_fd = socket(AF_INET, SOCK_STREAM, 0);
  if (upstream_sock_fd == -1) return -1;

  struct sockaddr_in upstream_addr = {
    .sin_family = AF_INET,
    .sin_port = htons(upstream_port),
    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
  };
  if (connect(upstream_sock_fd, (struct sockaddr *)&upstream_addr, sizeof upstream_addr) == -1) {
    perror("connect");
    close(upstream_sock_fd);
    return -1;
  }
  return upstream_sock_fd;
}

void accept_connection(int listen_sock_fd) {
  int conn_sock_fd = accept(listen_sock_fd, NULL, NULL);
  if (conn_sock_fd == -1) {
    perror("accept");
    return;
  }

  int upstream_sock_fd = route_table_size < MAX_SOCKS ? connect_upstream() : -1;
  if (upstream_sock_fd == -1) {
    close(conn_sock_fd);
    return;
  }

  loop_attach(epoll_fd, conn_sock_fd, EPOLLIN);
  conn_socks[conn_socks_size] = conn_sock_fd;
  conn_socks_size += 1;

  loop_attach(epoll_fd, upstream_sock_fd, EPOLLIN);
  upstream_socks[upstream_socks_size] = upstream_sock_fd;
  upstream_socks_size += 1;

  route_table[route_table_size][0] = conn_sock_fd;
  route_table[route_table_size][1] = upstream_sock_fd;
  route_table_size += 1;
}

bool is_conn_sock(int fd) {
  for (int i = 0; i < conn_socks_size; i += 1)
    if (conn_socks[i] == fd) return true;
  return false;
}

bool is_upstream_sock(int fd) {
  for (int i = 0; i < upstream_socks_size; i += 1)
    if (upstream_socks[i] == fd) return true;
  return false;
}

int find_matching_upstream(int conn_sock_fd) {
  for (int i = 0; i < route_table_size; i += 1)
    if (route_table[i][0] == conn_sock_fd) return route_table[i][1];
  return -1;
}

int find_matching_conn(int upstream_sock_fd) {
  for (int i = 0; i < route_table_size; i += 1)
    if (route_table[i][1] == upstream_sock_fd) return route_table[i][0];
  return -1;
}

bool send_all(int sock_fd, int message_len) {
  int bytes_written = 0;
  while (bytes_written < message_len) {
    int n = send(sock_fd, buffer + bytes_written, message_len - bytes_written, MSG_NOSIGNAL);
    if (n == -1) {
      if (errno == EINTR) continue;
      return false;
    }
    bytes_written += n;
  }
  return true;
}

/* takes a number out of a list: the last one moves to its place */
static void forget(int *socks, int *size, int fd) {
  for (int i = 0; i < *size; i += 1)
    if (socks[i] == fd) {
      *size -= 1;
      socks[i] = socks[*size];
      return;
    }
}

void close_pair(int conn_sock_fd, int upstream_sock_fd) {
  forget(conn_socks, &conn_socks_size, conn_sock_fd);
  forget(upstream_socks, &upstream_socks_size, upstream_sock_fd);
  for (int i = 0; i < route_table_size; i += 1)
    if (route_table[i][0] == conn_sock_fd) {
      route_table_size -= 1;
      route_table[i][0] = route_table[route_table_size][0];
      route_table[i][1] = route_table[route_table_size][1];
      break;
    }

  close(conn_sock_fd);
  close(upstream_sock_fd);
}

void handle_client(int conn_sock_fd) {
  int upstream_sock_fd = find_matching_upstream(conn_sock_fd);
  int read_n = recv(conn_sock_fd, buffer, sizeof buffer, MSG_DONTWAIT);
  if (read_n == -1 && (errno == EAGAIN || errno == EINTR)) return;
  if (read_n <= 0 || !send_all(upstream_sock_fd, read_n)) close_pair(conn_sock_fd, upstream_sock_fd);
}

void handle_upstream(int upstream_sock_fd) {
  int conn_sock_fd = find_matching_conn(upstream_sock_fd);
  int read_n = recv(upstream_sock_fd, buffer, sizeof buffer, MSG_DONTWAIT);
  if (read_n == -1 && (errno == EAGAIN || errno == EINTR)) return;
  if (read_n <= 0 || !send_all(conn_sock_fd, read_n)) close_pair(conn_sock_fd, upstream_sock_fd);
}

void loop_run(int epoll_fd) {
  struct epoll_event events[MAX_EVENTS];
  while (1) {
    int ready_n = epoll_wait(epoll_fd, events, MAX_EVENTS, -1);
    if (ready_n == -1) {
      if (errno == EINTR) continue;
      die("epoll_wait");
    }
    for (int i = 0; i < ready_n; i += 1) {
      int fd = events[i].data.fd;
      if (fd == listen_sock_fd)
        accept_connection(fd);
      else if (is_conn_sock(fd))
        handle_client(fd);
      else if (is_upstream_sock(fd))
        handle_upstream(fd);
    }
  }
}

static int number_from(const char *variable, int fallback) {
  const char *text = getenv(variable);
  return text == NULL ? fallback : atoi(text);
}

int main() {
  port = number_from("PORT", 8080);
  upstream_port = number_from("UPSTREAM_PORT", 3000);
  listen_sock_fd = create_server();
  epoll_fd = create_loop();
  loop_attach(epoll_fd, listen_sock_fd, EPOLLIN);
  loop_run(epoll_fd);
}
