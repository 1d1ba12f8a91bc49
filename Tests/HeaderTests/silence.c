/* The library prints nothing, whatever it is given (failures H8): standard output and error go to a file meanwhile. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const noise[] = {
    "",
    "\r\n\r\n",
    "hello",
    "INVITE sip:a@b SIP/2.0\r\n\r\n",
    "INVITE sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKx\r\nFrom: <sip:%%%@x>;tag=1\r\n"
    "To: <sip:a@b\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContact: <<<>>>\r\nContent-Length: 99999\r\n\r\nv=0",
    "SIP/2.0 200 OK\r\nVia: nonsense\r\n\r\n",
    "OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKy\r\nMax-Forwards: x\r\n\r\n"};

int main(void) {
  char uri[128], path[] = "silence-XXXXXX";
  rcml_event event = RCML_EVENT_INIT;
  rcml_agent *agent;
  struct sockaddr_in to;
  struct stat written;
  size_t i, length;
  int file = mkstemp(path), out = dup(1), err = dup(2), sender = socket(AF_INET, SOCK_DGRAM, 0);
  CHECK(file >= 0 && sender >= 0);
  unlink(path);
  fflush(stdout);
  dup2(file, 1);
  dup2(file, 2);

  agent = make_listening(uri, sizeof uri);
  rcml_agent_set(agent, "transport_log", "true", NULL);
  memset(&to, 0, sizeof to);
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons((uint16_t)atoi(strchr(uri + 4, ':') + 1));
  for (i = 0; i < sizeof noise / sizeof noise[0]; i++) {
    length = strlen(noise[i]);
    sendto(sender, noise[i], length, 0, (struct sockaddr *)&to, sizeof to);
  }
  for (i = 0; i < 50; i++) rcml_agent_wait(agent, 5, &event);
  rcml_document_check("<!DOCTYPE x [<!ENTITY a 'b'>]><Response>&a;", 0, NULL, NULL, NULL);
  rcml_document_check("<Response><Dail tiemout='x'/><Dial><Sip>not a uri</Sip></Dial>", 0, NULL, NULL, NULL);
  rcml_agent_listen(agent, "udp:300.300.300.300:1", NULL);
  rcml_agent_set(agent, "no_such_setting", "", NULL);
  rcml_agent_process(NULL);
  finish(agent);

  dup2(out, 1);
  dup2(err, 2);
  CHECK(fstat(file, &written) == 0);
  CHECK(written.st_size == 0);
  close(file);
  close(sender);
  return 0;
}
