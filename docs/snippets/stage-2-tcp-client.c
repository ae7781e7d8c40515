/*
 * Stage 2 in C: the same client as solutions/stage-2-tcp-client/client.ts, function by function.
 *
 *     cc -O2 -o my-client docs/snippets/stage-2-tcp-client.c
 *     npm run milestone 2.1 -- --command "./my-client"
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

/* what we have read from the standard input and not sent yet; one byte more, for the newline of a last line */
static char input[64 * 1024 + 1];
static int input_n = 0;
/* the line that is being sent */
static char line[sizeof input];
/* the answer to it */
static char answer[64 * 1024];
static int answer_n = 0;

void give_up(const char *sentence) {
  fprintf(stderr, "%s\n", sentence);
  exit(1);
}

void die(const char *call) {
  perror(call);
  exit(1);
}

int connect_server() {
  int sock_fd = socket(AF_INET, SOCK_STREAM, 0);
  if (sock_fd == -1) die("socket");
  // region connecting
  struct sockaddr_in address = {
    .sin_family = AF_INET,
    .sin_port = htons(port),
    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
  };
  if (connect(sock_fd, (struct sockaddr *)&address, sizeof address) == -1) die("connect");
  // endregion
  return sock_fd;
}

/* takes the first len bytes out of the input */
int take(int len) {
  memcpy(line, input, len);
  input_n -= len;
  memmove(input, input + len, input_n);
  return len;
}

/* the length of the next line, which is in `line` then; 0 at the end of the input */
int read_line() {
  while (true) {
    char *line_end = memchr(input, '\n', input_n);
    if (line_end != NULL) return take(line_end + 1 - input);
    if (input_n >= (int)sizeof input - 1) give_up("a line of the input is too long");

    // region reading
    ssize_t read_n = read(STDIN_FILENO, input + input_n, sizeof input - 1 - input_n);
    // endregion
    if (read_n == -1 && errno == EINTR) continue;
    if (read_n == -1) die("read");
    if (read_n == 0 && input_n == 0) return 0;
    if (read_n == 0) {
      input[input_n] = '\n';
      input_n += 1;
      return take(input_n);
    }
    input_n += read_n;
  }
}

bool send_all(int sock_fd, const char *message, int message_len) {
  int bytes_written = 0;
  // region sending
  while (bytes_written < message_len) {
    int n = send(sock_fd, message + bytes_written, message_len - bytes_written, MSG_NOSIGNAL);
    if (n == -1 && errno == EINTR) continue;
    if (n == -1) return false;
    bytes_written += n;
  }
  // endregion
  return true;
}

bool receive_answer(int sock_fd) {
  // region receiving
  answer_n = 0;
  while (memchr(answer, '\n', answer_n) == NULL) {
    ssize_t read_n = recv(sock_fd, answer + answer_n, sizeof answer - answer_n, 0);
    if (read_n == -1 && errno == EINTR) continue;
    if (read_n <= 0) return false;
    answer_n += read_n;
  }
  // endregion
  return true;
}

void print_answer() {
  int bytes_written = 0;
  while (bytes_written < answer_n) {
    // region printing
    ssize_t n = write(STDOUT_FILENO, answer + bytes_written, answer_n - bytes_written);
    // endregion
    if (n == -1 && errno == EINTR) continue;
    if (n == -1) die("write");
    bytes_written += n;
  }
}

int main() {
  const char *given = getenv("PORT");
  port = given ? atoi(given) : 8080;
  int sock_fd = connect_server();
  for (int line_len = read_line(); line_len > 0; line_len = read_line()) {
    if (!send_all(sock_fd, line, line_len) || !receive_answer(sock_fd)) give_up("The server ended the connection.");
    print_answer();
  }
  close(sock_fd);
}
