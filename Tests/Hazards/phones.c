#define _GNU_SOURCE
#include "phones.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <rcml.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int bound(int type, int *port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int one = socket(AF_INET, type | SOCK_CLOEXEC, 0);
  if (one < 0 || bind(one, (struct sockaddr *)&address, length) < 0) fail("bind");
  if (type == SOCK_STREAM && listen(one, 64) < 0) fail("listen");
  if (getsockname(one, (struct sockaddr *)&address, &length) < 0) fail("getsockname");
  *port = ntohs(address.sin_port);
  return one;
}

/* One request of one connection, then it is closed. */
static void *serve_one(void *argument) {
  int socket = (int)(intptr_t)argument;
  char request[8192];
  size_t used = 0;
  const char *end = NULL;
  while (used < sizeof request - 1) {
    ssize_t got = recv(socket, request + used, sizeof request - 1 - used, 0);
    if (got <= 0) break;
    request[used += (size_t)got] = 0;
    end = strstr(request, "\r\n\r\n");
    if (end == NULL) continue;
    const char *length = strcasestr(request, "Content-Length:");
    if (used >= (size_t)(end + 4 - request) + (length != NULL ? strtoul(length + 15, NULL, 10) : 0)) break;
  }
  if (end != NULL && strncmp(request, "GET /short.wav", 14) == 0) {
    unsigned char wav[SHORT_WAV];
    char head[128];
    short_wav(wav);
    int length = snprintf(
        head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nContent-Length: %d\r\nConnection: close\r\n\r\n",
        SHORT_WAV);
    send(socket, head, (size_t)length, MSG_NOSIGNAL);
    send(socket, wav, sizeof wav, MSG_NOSIGNAL);
  } else if (end != NULL) {
    static const char nothing[] = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    send(socket, nothing, sizeof nothing - 1, MSG_NOSIGNAL);
  }
  close(socket);
  return NULL;
}

static void *serve_web(void *argument) {
  int listener = (int)(intptr_t)argument;
  for (;;) {
    int one = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    pthread_t thread;
    if (one < 0) continue;
    if (pthread_create(&thread, NULL, serve_one, (void *)(intptr_t)one) != 0) close(one);
    else pthread_detach(thread);
  }
  return NULL;
}

/* Answers A with 127.0.0.1, and everything else with nothing. */
static void *serve_names(void *argument) {
  int socket = (int)(intptr_t)argument;
  for (;;) {
    unsigned char packet[1024];
    struct sockaddr_in from;
    socklen_t size = sizeof from;
    ssize_t length = recvfrom(socket, packet, 512, 0, (struct sockaddr *)&from, &size);
    if (length < 17) continue;
    ssize_t at = 12;
    while (at < length && packet[at] != 0) at += packet[at] + 1;
    if (at + 5 > length) continue;
    int is_address = packet[at + 1] == 0 && packet[at + 2] == 1;
    at += 5;
    packet[2] = 0x85;
    packet[3] = 0x80;
    packet[7] = (unsigned char)is_address;
    packet[9] = packet[11] = 0;
    static const unsigned char answer[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1};
    if (is_address) {
      memcpy(packet + at, answer, sizeof answer);
      at += (ssize_t)sizeof answer;
    }
    sendto(socket, packet, (size_t)at, 0, (struct sockaddr *)&from, size);
  }
  return NULL;
}

static void obey(rcml_agent *agent, const char *command) {
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  document.text = "<Response><Play loop=\"0\">host:/short.wav</Play></Response>";
  options.party = command;
  options.document = &document;
  (void)rcml_agent_call(agent, &options, NULL, NULL);
}

static void happened(rcml_agent *agent, const rcml_event *event) {
  rcml_document document = RCML_DOCUMENT_INIT;
  if (event->kind == RCML_EVENT_REQUEST) {
    unsigned char wav[SHORT_WAV];
    short_wav(wav);
    rcml_agent_answer_request(agent, event->request, 200, "audio/wav", (const char *)wav, sizeof wav, NULL);
  } else if (event->kind == RCML_EVENT_INCOMING && strstr(event->to, "alice") != NULL) {
    document.text = "<Response><Play>host:/short.wav</Play><Hangup/></Response>";
    rcml_call_ring(agent, event->call, 180, NULL);
    rcml_call_run(agent, event->call, &document, NULL);
  } else if (event->kind == RCML_EVENT_INCOMING) {
    rcml_call_ring(agent, event->call, 180, NULL);
  }
}

static void turn(rcml_agent *agent, int commands) {
  char line[512];
  size_t used = 0;
  for (;;) {
    rcml_event event = RCML_EVENT_INIT;
    struct pollfd watched[2] = {
        {.fd = rcml_agent_fd(agent), .events = POLLIN}, {.fd = commands, .events = POLLIN}};
    int64_t sleep = rcml_agent_deadline_ms(agent);
    poll(watched, 2, sleep < 0 || sleep > 1000 ? 1000 : (int)sleep);
    if (watched[1].revents != 0) {
      ssize_t got = read(commands, line + used, sizeof line - used);
      if (got <= 0) return;
      used += (size_t)got;
      for (char *end; (end = memchr(line, '\n', used)) != NULL;) {
        *end = 0;
        obey(agent, line);
        used -= (size_t)(end + 1 - line);
        memmove(line, end + 1, used);
      }
    }
    rcml_agent_process(agent);
    while (rcml_agent_next_event(agent, &event) > 0) happened(agent, &event);
  }
}

static void run(int commands, int report) {
  phones all = {0};
  pthread_t thread;
  rcml_agent *agent = rcml_agent_create(NULL);
  char udp[128], tcp[128];
  int web = bound(SOCK_STREAM, &all.web), names = bound(SOCK_DGRAM, &all.names);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGPIPE, SIG_IGN);
  if (agent == NULL || rcml_agent_listen(agent, "udp:127.0.0.1:0", NULL) < 0 ||
      rcml_agent_listen(agent, "tcp:127.0.0.1:0", NULL) < 0)
    _exit(1);
  rcml_agent_listener(agent, 0, udp, sizeof udp);
  rcml_agent_listener(agent, 1, tcp, sizeof tcp);
  snprintf(all.alice, sizeof all.alice, "sip:alice@%.100s", udp + 4);
  snprintf(all.bob, sizeof all.bob, "sip:bob@%.100s", tcp + 4);
  if (pthread_create(&thread, NULL, serve_web, (void *)(intptr_t)web) != 0 ||
      pthread_create(&thread, NULL, serve_names, (void *)(intptr_t)names) != 0 ||
      write(report, &all, sizeof all) != sizeof all)
    _exit(1);
  close(report);
  turn(agent, commands);
  _exit(0);
}

void phones_start(phones *all) {
  int commands[2], report[2];
  if (pipe2(commands, O_CLOEXEC) < 0 || pipe2(report, O_CLOEXEC) < 0) fail("pipe");
  pid_t process = fork();
  if (process < 0) fail("fork");
  if (process == 0) {
    close(commands[1]);
    close(report[0]);
    run(commands[0], report[1]);
  }
  close(commands[0]);
  close(report[1]);
  if (read(report[0], all, sizeof *all) != sizeof *all) fail("the phones did not start");
  close(report[0]);
  all->process = process;
  all->commands = commands[1];
}

void phones_call(const phones *all, const char *user, const char *uri) {
  char line[256];
  int length = snprintf(line, sizeof line, "sip:%s@%s\n", user, uri + 4);
  if (write(all->commands, line, (size_t)length) != length) fail("the phones are gone");
}

void phones_end(phones *all) {
  close(all->commands);
  kill(all->process, SIGKILL);
  waitpid(all->process, NULL, 0);
}
