#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <linux/errqueue.h> /* needs struct timespec */

#include "internal.h"

enum {
  OUTBOX_ROOM = 262144,
  CONTROL_ROOM = 128,
  SOCKET_BUFFER = 4 * 1024 * 1024,
  MEDIA_BUFFER = 64 * 1024, /* some seconds of one party's packets */
  EXPEDITED = 0xB8          /* RFC 4594 section 4.1: telephony is marked EF */
};

struct system_inbox {
  struct mmsghdr headers[SYSTEM_BATCH];
  struct iovec vectors[SYSTEM_BATCH];
  struct sockaddr_storage peers[SYSTEM_BATCH];
  _Alignas(struct cmsghdr) uint8_t controls[SYSTEM_BATCH][CONTROL_ROOM];
  system_datagram datagrams[SYSTEM_BATCH];
  uint8_t *room;
};

struct system_outbox {
  struct mmsghdr headers[SYSTEM_BATCH];
  struct iovec vectors[SYSTEM_BATCH];
  struct sockaddr_storage peers[SYSTEM_BATCH];
  size_t count, used;
  uint8_t *room;
};

static void set_option(int descriptor, int level, int option, int value) {
  (void)setsockopt(descriptor, level, option, &value, sizeof value);
}

int system_udp_bind(system_address *address) {
  struct sockaddr_storage storage;
  socklen_t length = system_address_store(address, &storage);
  int descriptor = socket(storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return -errno;
  if (address->family == 4) {
    set_option(descriptor, IPPROTO_IP, IP_PKTINFO, 1);
    set_option(descriptor, IPPROTO_IP, IP_RECVERR, 1);
    /* A SIP message larger than a path is cut into fragments, not refused (RFC 3261 s. 18.1.1). */
    set_option(descriptor, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
  } else {
    set_option(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    set_option(descriptor, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
    set_option(descriptor, IPPROTO_IPV6, IPV6_RECVERR, 1);
    set_option(descriptor, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DONT);
  }
  set_option(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, 1);
  set_option(descriptor, SOL_SOCKET, SO_RCVBUF, SOCKET_BUFFER);
  set_option(descriptor, SOL_SOCKET, SO_SNDBUF, SOCKET_BUFFER);
  if (bind(descriptor, (struct sockaddr *)&storage, length) < 0) {
    int error = -errno;
    close(descriptor);
    return error;
  }
  length = sizeof storage;
  if (getsockname(descriptor, (struct sockaddr *)&storage, &length) == 0)
    system_address_load(address, (struct sockaddr *)&storage);
  return descriptor;
}

/* Without IP_RECVERR: an ICMP error for a packet of an unconnected socket is then told to nobody, so a party that
 * is not there costs nothing. */
int system_media_bind(const system_address *address) {
  struct sockaddr_storage storage;
  socklen_t length = system_address_store(address, &storage);
  int descriptor = socket(storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return -errno;
  if (address->family == 6) {
    set_option(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    set_option(descriptor, IPPROTO_IPV6, IPV6_TCLASS, EXPEDITED);
  }
  set_option(descriptor, IPPROTO_IP, IP_TOS, EXPEDITED);
  set_option(descriptor, SOL_SOCKET, SO_RCVBUF, MEDIA_BUFFER);
  set_option(descriptor, SOL_SOCKET, SO_SNDBUF, MEDIA_BUFFER);
  if (bind(descriptor, (struct sockaddr *)&storage, length) < 0) {
    int error = -errno;
    close(descriptor);
    return error;
  }
  return descriptor;
}

system_inbox *system_inbox_create(void) {
  system_inbox *inbox = calloc(1, sizeof *inbox);
  if (inbox == NULL) return NULL;
  inbox->room = malloc((size_t)SYSTEM_BATCH * SYSTEM_DATAGRAM_ROOM);
  if (inbox->room == NULL) {
    free(inbox);
    return NULL;
  }
  for (int i = 0; i < SYSTEM_BATCH; i++) {
    inbox->vectors[i].iov_base = inbox->room + (size_t)i * SYSTEM_DATAGRAM_ROOM;
    inbox->vectors[i].iov_len = SYSTEM_DATAGRAM_ROOM;
    struct msghdr *header = &inbox->headers[i].msg_hdr;
    header->msg_iov = &inbox->vectors[i];
    header->msg_iovlen = 1;
    header->msg_name = &inbox->peers[i];
    header->msg_control = inbox->controls[i];
    header->msg_namelen = sizeof inbox->peers[i];
    header->msg_controllen = CONTROL_ROOM;
  }
  return inbox;
}

void system_inbox_destroy(system_inbox *inbox) {
  if (inbox == NULL) return;
  free(inbox->room);
  free(inbox);
}

/* How far the calendar is ahead of the monotonic clock: the kernel stamps what arrives by the calendar. */
static uint64_t calendar_lead(void) {
  struct timespec now;
  uint64_t monotonic = system_monotonic();
  if (clock_gettime(CLOCK_REALTIME, &now) < 0) return 0;
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec - monotonic;
}

static void read_control(struct msghdr *header, uint64_t lead, system_datagram *datagram) {
  system_address *local = &datagram->local;
  datagram->arrived = 0;
  for (struct cmsghdr *control = CMSG_FIRSTHDR(header); control != NULL;
       control = CMSG_NXTHDR(header, control)) {
    if (control->cmsg_level == SOL_SOCKET && control->cmsg_type == SO_TIMESTAMPNS) {
      struct timespec stamp;
      memcpy(&stamp, CMSG_DATA(control), sizeof stamp);
      datagram->arrived = (uint64_t)stamp.tv_sec * 1000000000u + (uint64_t)stamp.tv_nsec - lead;
      continue;
    }
    if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
      struct in_pktinfo info;
      memcpy(&info, CMSG_DATA(control), sizeof info);
      local->low = ntohl(info.ipi_spec_dst.s_addr);
      continue;
    }
    if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
      struct in6_pktinfo info;
      memcpy(&info, CMSG_DATA(control), sizeof info);
      struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_addr = info.ipi6_addr};
      uint16_t port = local->port;
      system_address_load(local, (struct sockaddr *)&in6);
      local->port = port;
    }
  }
}

int system_inbox_read(system_inbox *inbox, int descriptor, const system_address *bound, int limit) {
  if (limit < 1 || limit > SYSTEM_BATCH) limit = SYSTEM_BATCH;
  int count = recvmmsg(descriptor, inbox->headers, (unsigned)limit, MSG_DONTWAIT, NULL);
  if (count < 0) return errno == EAGAIN || errno == EINTR ? 0 : -errno;
  /* Asked once a batch, and only where there are stamps. */
  uint64_t lead = count > 0 && inbox->headers[0].msg_hdr.msg_controllen > 0 ? calendar_lead() : 0;
  for (int i = 0; i < count; i++) {
    struct msghdr *header = &inbox->headers[i].msg_hdr;
    system_datagram *datagram = &inbox->datagrams[i];
    system_address_load(&datagram->from, (struct sockaddr *)&inbox->peers[i]);
    datagram->local = *bound;
    read_control(header, lead, datagram);
    datagram->bytes = inbox->vectors[i].iov_base;
    datagram->length = inbox->headers[i].msg_len;
    header->msg_namelen = sizeof inbox->peers[i];
    header->msg_controllen = CONTROL_ROOM;
    header->msg_flags = 0;
  }
  return count;
}

const system_datagram *system_inbox_datagrams(const system_inbox *inbox) {
  return inbox->datagrams;
}

int system_udp_next_error(int descriptor, system_address *destination) {
  for (;;) {
    struct sockaddr_storage peer;
    uint8_t octet;
    struct iovec vector = {.iov_base = &octet, .iov_len = 1};
    _Alignas(struct cmsghdr) uint8_t control_room[512];
    struct msghdr header = {
        .msg_name = &peer, .msg_namelen = sizeof peer, .msg_iov = &vector, .msg_iovlen = 1,
        .msg_control = control_room, .msg_controllen = sizeof control_room};
    if (recvmsg(descriptor, &header, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) {
      if (errno == EINTR) continue;
      return 0;
    }
    for (struct cmsghdr *control = CMSG_FIRSTHDR(&header); control != NULL;
         control = CMSG_NXTHDR(&header, control)) {
      bool is_error =
          (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_RECVERR) ||
          (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_RECVERR);
      if (!is_error) continue;
      struct sock_extended_err error;
      memcpy(&error, CMSG_DATA(control), sizeof error);
      bool from_network =
          error.ee_origin == SO_EE_ORIGIN_ICMP || error.ee_origin == SO_EE_ORIGIN_ICMP6;
      /* "Too big" is the path's matter and a TTL that ran out may heal: neither means nobody is there. */
      if (!from_network || error.ee_errno == EMSGSIZE || error.ee_errno == EPROTO) continue;
      if (header.msg_namelen == 0) continue;
      system_address_load(destination, (struct sockaddr *)&peer);
      return error.ee_errno == 0 ? EPROTO : (int)error.ee_errno;
    }
  }
}

system_outbox *system_outbox_create(void) {
  system_outbox *outbox = calloc(1, sizeof *outbox);
  if (outbox == NULL) return NULL;
  outbox->room = malloc(OUTBOX_ROOM);
  if (outbox->room == NULL) {
    free(outbox);
    return NULL;
  }
  for (int i = 0; i < SYSTEM_BATCH; i++) {
    outbox->headers[i].msg_hdr.msg_iov = &outbox->vectors[i];
    outbox->headers[i].msg_hdr.msg_iovlen = 1;
    outbox->headers[i].msg_hdr.msg_name = &outbox->peers[i];
  }
  return outbox;
}

void system_outbox_destroy(system_outbox *outbox) {
  if (outbox == NULL) return;
  free(outbox->room);
  free(outbox);
}

/* CMSG_LEN and not CMSG_SPACE: up to 36 octets the kernel copies to its stack, more than that to memory it allocates. */
void system_source_set(system_source *source, const system_address *address) {
  struct msghdr header = {.msg_control = source->control, .msg_controllen = sizeof source->control};
  struct cmsghdr *control = CMSG_FIRSTHDR(&header);
  struct sockaddr_storage storage;
  (void)system_address_store(address, &storage);
  memset(source, 0, sizeof *source);
  if (address->family == 4) {
    struct in_pktinfo info = {.ipi_spec_dst = ((struct sockaddr_in *)&storage)->sin_addr};
    control->cmsg_level = IPPROTO_IP;
    control->cmsg_type = IP_PKTINFO;
    control->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(control), &info, sizeof info);
  } else {
    struct in6_pktinfo info = {.ipi6_addr = ((struct sockaddr_in6 *)&storage)->sin6_addr};
    control->cmsg_level = IPPROTO_IPV6;
    control->cmsg_type = IPV6_PKTINFO;
    control->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(control), &info, sizeof info);
  }
  source->length = (uint32_t)control->cmsg_len;
}

bool system_outbox_add(
    system_outbox *outbox, const void *bytes, size_t length, const system_address *to,
    system_source *from) {
  if (outbox->count == SYSTEM_BATCH || length > OUTBOX_ROOM - outbox->used) return false;
  size_t index = outbox->count++;
  uint8_t *place = outbox->room + outbox->used;
  if (length > 0) memcpy(place, bytes, length);
  outbox->used += length;
  outbox->vectors[index].iov_base = place;
  outbox->vectors[index].iov_len = length;
  struct msghdr *header = &outbox->headers[index].msg_hdr;
  header->msg_namelen = system_address_store(to, &outbox->peers[index]);
  header->msg_control = from;
  header->msg_controllen = from != NULL ? from->length : 0;
  return true;
}

size_t system_outbox_count(const system_outbox *outbox) { return outbox->count; }

/* How many were sent, or -1. One datagram costs less by itself. */
static int send_from(const system_outbox *outbox, int descriptor, size_t sent) {
  size_t count = outbox->count - sent;
  const struct msghdr *header = &outbox->headers[sent].msg_hdr;
  if (count == 1)
    return sendmsg(descriptor, header, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -1 : 1;
  return sendmmsg(
      descriptor, (struct mmsghdr *)outbox->headers + sent, (unsigned)count,
      MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* What the kernel says of a source that is not, or no more, an address of this machine, or that leads nowhere: one of
 * 127.0.0.0/8, say, when the destination lies outside. */
static bool may_be_source(int error) {
  return error == EINVAL || error == EADDRNOTAVAIL || error == ENODEV || error == ENETUNREACH ||
         error == EHOSTUNREACH;
}

/* Sends the datagram as if it had no source. True: it was the source that was refused, and nothing has it any more. */
static bool leaves_without_source(system_outbox *outbox, int descriptor, size_t index) {
  struct msghdr *header = &outbox->headers[index].msg_hdr;
  system_source *source = header->msg_control;
  header->msg_controllen = 0;
  if (sendmsg(descriptor, header, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) return false;
  source->length = 0;
  for (size_t i = index + 1; i < outbox->count; i++)
    if (outbox->headers[i].msg_hdr.msg_control == source)
      outbox->headers[i].msg_hdr.msg_controllen = 0;
  return true;
}

int system_outbox_send(
    system_outbox *outbox, int descriptor, system_refusal *refused, int refused_count,
    uint64_t *dropped) {
  size_t sent = 0;
  int reported = 0, retries = 0;
  while (sent < outbox->count) {
    int now = send_from(outbox, descriptor, sent);
    if (now > 0) {
      sent += (size_t)now;
      retries = 0;
      continue;
    }
    int error = errno;
    if (error == EINTR) continue;
    if (outbox->headers[sent].msg_hdr.msg_controllen > 0 && may_be_source(error)) {
      if (leaves_without_source(outbox, descriptor, sent)) sent += 1;
      continue;
    }
    /* An ICMP error for an earlier datagram is told at the next send; that one has not been sent yet. */
    bool is_old = error == ECONNREFUSED || error == EHOSTUNREACH || error == ENETUNREACH ||
                  error == EHOSTDOWN || error == ENETDOWN || error == ENOPROTOOPT ||
                  error == EPROTO || error == EACCES;
    if (is_old && retries++ < 4) continue;
    if (error == EAGAIN || error == ENOBUFS || error == ENOMEM) {
      *dropped += 1;
    } else if (reported < refused_count) {
      refused[reported].error = error;
      system_address_load(&refused[reported++].address, (struct sockaddr *)&outbox->peers[sent]);
    }
    sent += 1;
    retries = 0;
  }
  outbox->count = 0;
  outbox->used = 0;
  return reported;
}

int system_udp_connect(const system_address *to) {
  struct sockaddr_storage storage;
  socklen_t length = system_address_store(to, &storage);
  int descriptor = socket(storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return -errno;
  if (connect(descriptor, (struct sockaddr *)&storage, length) == 0) return descriptor;
  int error = -errno;
  close(descriptor);
  return error;
}

int system_udp_send(int descriptor, const void *bytes, size_t length) {
  for (int retries = 0;; retries++) {
    if (send(descriptor, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return 0;
    if (errno != EINTR && errno != ECONNREFUSED) return -errno;
    if (retries >= 4) return -errno;
  }
}

/* The way to an address of this machine begins at that address, but for 127.0.0.0/8: that one begins at 127.0.0.1. */
bool system_address_is_local(const system_address *address) {
  system_address local;
  if (address->family == 4 && address->low >> 24 == 127) return true;
  return system_route(address, &local) == 0 && local.family == address->family &&
         local.high == address->high && local.low == address->low;
}

int system_route(const system_address *to, system_address *local) {
  struct sockaddr_storage storage;
  system_address target = *to;
  if (target.port == 0) target.port = 5060;
  socklen_t length = system_address_store(&target, &storage);
  int descriptor = socket(storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -errno;
  int result = 0;
  if (connect(descriptor, (struct sockaddr *)&storage, length) < 0) {
    result = -errno;
  } else {
    length = sizeof storage;
    if (getsockname(descriptor, (struct sockaddr *)&storage, &length) < 0) {
      result = -errno;
    } else {
      system_address_load(local, (struct sockaddr *)&storage);
      local->port = 0;
    }
  }
  close(descriptor);
  return result;
}
