/* A wrong proxy with one poll loop and a queue for each side: with -DRIGHT a correct one. One mistake for each build:
   -DRESET_ALONE: closes only the side that was reset, and leaves the other one open.
   -DDROPS_QUEUE: closes both sides at the end of one, and drops the bytes that still wait for the other one.
   -DHALF: passes an end on, as stage 6 asks for, but without MSG_NOSIGNAL: a send to a side that has gone ends the program. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 4096
#define ROOM (256 * 1024)

struct side {
  int peer;
  int ended;   /* its end was read */
  int told;    /* it was told the end of the other */
  size_t have; /* bytes that wait for it */
  char *queue;
};
static struct side sides[MOST];
static struct pollfd watched[MOST];
static int watchedN;

static int flags(void) {
#if defined(RIGHT) || !defined(HALF)
  return MSG_NOSIGNAL;
#else
  return 0;
#endif
}

static int port(const char *name, int otherwise) { return getenv(name) ? atoi(getenv(name)) : otherwise; }

static struct sockaddr_in address(int at) {
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(at)};
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return a;
}

static void forget(int fd) {
  for (int i = 1; i < watchedN; i += 1)
    if (watched[i].fd == fd) watched[i] = watched[--watchedN];
  free(sides[fd].queue);
  memset(&sides[fd], 0, sizeof sides[fd]);
  close(fd);
}

static void end_pair(int fd, int broke) {
  int peer = sides[fd].peer;
#ifdef HALF
  struct linger now = {1, 0};
  if (broke) setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  if (broke) setsockopt(peer, SOL_SOCKET, SO_LINGER, &now, sizeof now);
#endif
#if defined(RESET_ALONE) && !defined(RIGHT)
  if (broke) {
    forget(fd);
    return;
  }
#endif
  (void)broke;
  forget(fd);
  if (peer > 0 && sides[peer].queue) forget(peer);
}

static void watch(int fd, int peer) {
  sides[fd].peer = peer;
  sides[fd].queue = malloc(2 * ROOM);
  fcntl(fd, F_SETFL, O_NONBLOCK);
  watched[watchedN++] = (struct pollfd){fd, POLLIN, 0};
}

static void let_in(int listener) {
  int client = accept(listener, 0, 0);
  if (client < 0) return;
  int upstream = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in there = address(port("UPSTREAM_PORT", 3000));
  if (connect(upstream, (void *)&there, sizeof there)) {
    close(upstream);
    close(client);
    return;
  }
  watch(client, upstream);
  watch(upstream, client);
}

/* Sends what waits for a side; 0: the connection is gone, and so is its pair. */
static int flush(int fd) {
  struct side *to = &sides[fd];
  while (to->have > 0) {
    ssize_t n = send(fd, to->queue, to->have, flags());
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return 1;
    if (n < 0) {
      int peer = to->peer;
      end_pair(fd, 1);
      // Even with RESET_ALONE: only a reset that recv() reports is its mistake.
      if (peer > 0 && sides[peer].queue) forget(peer);
      return 0;
    }
    memmove(to->queue, to->queue + n, to->have - n);
    to->have -= n;
  }
  int from = to->peer;
  if (!sides[from].ended || to->told) return 1;
#ifdef HALF
  to->told = 1;
  shutdown(fd, SHUT_WR);
  if (!sides[from].told) return 1;
#endif
  return end_pair(fd, 0), 0;
}

static void take(int fd) {
  struct side *to = &sides[sides[fd].peer];
  if (to->queue == NULL) {
    /* Its peer has gone: there is no side to send it to. */
    static char nowhere[65536];
    if (read(fd, nowhere, sizeof nowhere) == 0) forget(fd);
    return;
  }
  ssize_t n = read(fd, to->queue + to->have, ROOM);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n < 0) return end_pair(fd, 1);
#if defined(DROPS_QUEUE) && !defined(RIGHT)
  if (n == 0) return end_pair(fd, 0);
#endif
  if (n == 0) sides[fd].ended = 1;
  to->have += n > 0 ? n : 0;
  flush(sides[fd].peer);
}

int main(void) {
  int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in here = address(port("PORT", 8080));
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (void *)&here, sizeof here) || listen(listener, 1024)) return 1;
  watched[watchedN++] = (struct pollfd){listener, POLLIN, 0};
  for (;;) {
    for (int i = 1; i < watchedN; i += 1) {
      struct side *it = &sides[watched[i].fd], *to = &sides[it->peer];
      watched[i].events = (!it->ended && to->have < ROOM ? POLLIN : 0) | (it->have > 0 ? POLLOUT : 0);
    }
    /* poll() would report POLLHUP of an idle side again and again. */
    static struct pollfd asked[MOST];
    for (int i = 0; i < watchedN; i += 1) {
      asked[i] = watched[i];
      if (i > 0 && watched[i].events == 0) asked[i].fd = -1;
    }
    if (poll(asked, watchedN, -1) < 0) continue;
    for (int i = 0; i < watchedN; i += 1) watched[i].revents = asked[i].fd < 0 ? 0 : asked[i].revents;
    if (watched[0].revents) let_in(listener);
    int ready[MOST], events[MOST], n = 0;
    for (int i = 1; i < watchedN; i += 1)
      if (watched[i].revents) ready[n] = watched[i].fd, events[n++] = watched[i].revents;
    for (int i = 0; i < n; i += 1) {
      int fd = ready[i];
      if (sides[fd].queue == NULL) continue;
      if (events[i] & POLLOUT && !flush(fd)) continue;
      if (events[i] & POLLIN) take(fd);
      else if (events[i] & POLLERR) end_pair(fd, 1);
    }
  }
}
