/*
 * A proxy that does not touch the bytes: it connects two sockets, and a program inside the kernel
 * passes on what arrives (BPF_MAP_TYPE_SOCKHASH, bpf(2), bpf-helpers(7): bpf_sk_redirect_hash). Needs root.
 *
 * It is for measurements, not for production: docs/performance.md, "Where the floor is". It cannot know how many bytes are
 * still in flight inside the kernel, so it passes an end of a stream on a moment later, without a guarantee.
 *
 *     cc -O2 -o /tmp/sockmap checkers/race/sockmap.c
 *     npm run race -- command /tmp/sockmap only bulk-1
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOST_SOCKETS 65536
#define MOMENT_US 1000

/* Exit code: this kernel, or this user, may not do that. */
#define NOT_ALLOWED 3

static int map_fd;
/* The peer of each socket, by descriptor; -1: none. */
static int peer_of[MOST_SOCKETS];

static int bpf(enum bpf_cmd command, union bpf_attr *attributes) {
  return (int)syscall(SYS_bpf, command, attributes, sizeof *attributes);
}

static void die(const char *what, int code) {
  fprintf(stderr, "sockmap: %s: %s\n", what, strerror(errno));
  exit(code);
}

/* The map: from the cookie of each socket to its peer. */
static void create_table(void) {
  union bpf_attr attributes = {.map_type = BPF_MAP_TYPE_SOCKHASH, .key_size = 8, .value_size = 4};
  attributes.max_entries = MOST_SOCKETS;
  map_fd = bpf(BPF_MAP_CREATE, &attributes);
  if (map_fd == -1) die("no table for sockets", NOT_ALLOWED);
}

/* For each piece that arrives: cookie = bpf_get_socket_cookie(skb); return bpf_sk_redirect_hash(skb, table, &cookie, 0). */
static void load_program(void) {
  struct bpf_insn program[] = {
      {.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = 6, .src_reg = 1},
      {.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_get_socket_cookie},
      {.code = BPF_STX | BPF_MEM | BPF_DW, .dst_reg = 10, .src_reg = 0, .off = -8},
      {.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = 1, .src_reg = 6},
      {.code = BPF_LD | BPF_IMM | BPF_DW, .dst_reg = 2, .src_reg = BPF_PSEUDO_MAP_FD, .imm = map_fd},
      {.code = 0},
      {.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = 3, .src_reg = 10},
      {.code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = 3, .imm = -8},
      {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 4, .imm = 0},
      {.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_sk_redirect_hash},
      {.code = BPF_JMP | BPF_EXIT},
  };
  union bpf_attr load = {.prog_type = BPF_PROG_TYPE_SK_SKB, .expected_attach_type = BPF_SK_SKB_VERDICT};
  load.insns = (uintptr_t)program;
  load.insn_cnt = sizeof program / sizeof program[0];
  load.license = (uintptr_t) "Dual MIT/GPL";
  int program_fd = bpf(BPF_PROG_LOAD, &load);
  if (program_fd == -1) die("the kernel does not take the program", NOT_ALLOWED);

  union bpf_attr attach = {.target_fd = (uint32_t)map_fd, .attach_bpf_fd = (uint32_t)program_fd};
  attach.attach_type = BPF_SK_SKB_VERDICT;
  if (bpf(BPF_PROG_ATTACH, &attach) == -1) die("the table does not take the program", NOT_ALLOWED);
}

/* From now on the kernel forwards bytes from `from` to `to`. */
static void introduce(int from, int to) {
  uint64_t cookie;
  socklen_t size = sizeof cookie;
  if (getsockopt(from, SOL_SOCKET, SO_COOKIE, &cookie, &size) == -1) die("getsockopt", 1);
  union bpf_attr attributes = {.map_fd = (uint32_t)map_fd};
  attributes.key = (uintptr_t)&cookie;
  attributes.value = (uintptr_t)&to;
  if (bpf(BPF_MAP_UPDATE_ELEM, &attributes) == -1) die("the table does not take a socket", 1);
}

/* Forwards bytes that arrived before the sockets were in the map. */
static void pass_on(int from, int to) {
  static char buffer[1 << 20];
  ssize_t read_n = recv(from, buffer, sizeof buffer, MSG_DONTWAIT);
  if (read_n > 0 && send(to, buffer, (size_t)read_n, 0) == -1) perror("sockmap: send");
}

static void watch(int epoll_fd, int fd, uint32_t events) {
  struct epoll_event event = {.events = events, .data.fd = fd};
  if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) == -1) die("epoll_ctl", 1);
}

static struct sockaddr_in loopback(const char *variable, int usual) {
  const char *value = getenv(variable);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)(value ? atoi(value) : usual))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static void let_in(int epoll_fd, int listen_fd, struct sockaddr_in *upstream) {
  int on = 1, client = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC);
  if (client == -1) return;
  int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (server == -1 || client >= MOST_SOCKETS || server >= MOST_SOCKETS ||
      connect(server, (struct sockaddr *)upstream, sizeof *upstream) == -1) {
    if (server != -1) close(server);
    close(client);
    return;
  }
  setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  introduce(client, server);
  introduce(server, client);
  pass_on(client, server);
  pass_on(server, client);
  peer_of[client] = server;
  peer_of[server] = client;
  watch(epoll_fd, client, EPOLLRDHUP);
  watch(epoll_fd, server, EPOLLRDHUP);
}

static void end(int epoll_fd, int fd, uint32_t events) {
  int peer = peer_of[fd];
  if (peer == -1) return;
  usleep(MOMENT_US);
  if (events & (EPOLLHUP | EPOLLERR)) {
    peer_of[fd] = peer_of[peer] = -1;
    close(fd);
    close(peer);
    return;
  }
  shutdown(peer, SHUT_WR);
  struct epoll_event none = {.data.fd = fd};
  epoll_ctl(epoll_fd, EPOLL_CTL_MOD, fd, &none);
}

int main(void) {
  create_table();
  load_program();
  struct sockaddr_in here = loopback("PORT", 8080), upstream = loopback("UPSTREAM_PORT", 3000);
  int on = 1, listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  setsockopt(listen_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(listen_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (bind(listen_fd, (struct sockaddr *)&here, sizeof here) == -1) die("bind", 1);
  if (listen(listen_fd, SOMAXCONN) == -1) die("listen", 1);
  watch(epoll_fd, listen_fd, EPOLLIN);
  for (;;) {
    struct epoll_event events[64];
    int ready_n = epoll_wait(epoll_fd, events, 64, -1);
    for (int i = 0; i < ready_n; i += 1) {
      int fd = events[i].data.fd;
      if (fd == listen_fd) let_in(epoll_fd, listen_fd, &upstream);
      else end(epoll_fd, fd, events[i].events);
    }
  }
}
