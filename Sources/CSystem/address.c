#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "internal.h"

static uint64_t read_number(const uint8_t *octets) {
  uint64_t value = 0;
  for (int i = 0; i < 8; i++) value = value << 8 | octets[i];
  return value;
}

static void write_number(uint64_t value, uint8_t *octets) {
  for (int i = 7; i >= 0; i--, value >>= 8) octets[i] = (uint8_t)value;
}

socklen_t system_address_store(const system_address *address, struct sockaddr_storage *storage) {
  if (address->family == 4) {
    struct sockaddr_in *in = (struct sockaddr_in *)storage;
    memset(in, 0, sizeof *in);
    in->sin_family = AF_INET;
    in->sin_port = htons(address->port);
    in->sin_addr.s_addr = htonl((uint32_t)address->low);
    return sizeof *in;
  }
  struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)storage;
  memset(in6, 0, sizeof *in6);
  in6->sin6_family = AF_INET6;
  in6->sin6_port = htons(address->port);
  write_number(address->high, in6->sin6_addr.s6_addr);
  write_number(address->low, in6->sin6_addr.s6_addr + 8);
  in6->sin6_scope_id = address->scope;
  return sizeof *in6;
}

void system_address_load(system_address *address, const struct sockaddr *storage) {
  memset(address, 0, sizeof *address);
  if (storage->sa_family == AF_INET) {
    const struct sockaddr_in *in = (const struct sockaddr_in *)storage;
    address->family = 4;
    address->port = ntohs(in->sin_port);
    address->low = ntohl(in->sin_addr.s_addr);
  } else if (storage->sa_family == AF_INET6) {
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)storage;
    address->family = 6;
    address->port = ntohs(in6->sin6_port);
    address->high = read_number(in6->sin6_addr.s6_addr);
    address->low = read_number(in6->sin6_addr.s6_addr + 8);
    address->scope = in6->sin6_scope_id;
  }
}

int system_address_parse(const char *text, system_address *out) {
  uint8_t octets[16];
  memset(out, 0, sizeof *out);
  if (inet_pton(AF_INET, text, octets) == 1) {
    out->family = 4;
    out->low = (uint64_t)octets[0] << 24 | (uint64_t)octets[1] << 16 | (uint64_t)octets[2] << 8 |
               octets[3];
    return 0;
  }
  if (inet_pton(AF_INET6, text, octets) == 1) {
    out->family = 6;
    out->high = read_number(octets);
    out->low = read_number(octets + 8);
    return 0;
  }
  return -EINVAL;
}

static bool is_private_ipv4(uint32_t address) {
  static const struct {
    uint32_t prefix;
    int bits;
  } blocks[] = {
      {0x00000000, 8},  /* this network */
      {0x0A000000, 8},  /* private */
      {0x64400000, 10}, /* shared, carrier NAT */
      {0x7F000000, 8},  /* loopback */
      {0xA9FE0000, 16}, /* link-local, and the metadata service */
      {0xAC100000, 12}, /* private */
      {0xC0000000, 24}, /* protocol assignments */
      {0xC0000200, 24}, /* documentation */
      {0xC0A80000, 16}, /* private */
      {0xC6120000, 15}, /* benchmarks */
      {0xC6336400, 24}, /* documentation */
      {0xCB007100, 24}, /* documentation */
      {0xE0000000, 3},  /* multicast, reserved, broadcast */
  };
  for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
    if (((address ^ blocks[i].prefix) >> (32 - blocks[i].bits)) == 0) return true;
  return false;
}

bool system_address_is_private(const system_address *address) {
  if (address->family == 4) return is_private_ipv4((uint32_t)address->low);
  uint64_t high = address->high, low = address->low;
  if (high == 0 && low >> 32 == 0xFFFF) return is_private_ipv4((uint32_t)low); /* ::ffff:0:0/96 */
  if (high == 0 && low >> 32 == 0) return true;       /* ::, ::1, ::a.b.c.d */
  if (high == 0 && low >> 48 == 0xFFFF) return true;  /* ::ffff:0:a.b.c.d, SIIT */
  if (high == 0x0064FF9B00000000 && low >> 32 == 0)   /* 64:ff9b::/96, NAT64 */
    return is_private_ipv4((uint32_t)low);
  if (high >> 16 == 0x0064FF9B0001) return true;      /* 64:ff9b:1::/48, local NAT64 */
  if (high >> 48 == 0x2002) return is_private_ipv4((uint32_t)(high >> 16)); /* 6to4 */
  if (high >> 32 == 0x20010000) return true;          /* Teredo */
  if (high >> 32 == 0x20010DB8) return true;          /* documentation */
  /* Only 2000::/3 is the public internet: fc00::/7, fe80::/10, fec0::/10, ff00::/8 lie outside. */
  return high >> 61 != 1;
}
