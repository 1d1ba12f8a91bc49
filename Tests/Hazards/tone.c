#include "phones.h"

#include <stdint.h>
#include <string.h>

static void put32(unsigned char *place, uint32_t value) {
  for (int i = 0; i < 4; i++) place[i] = (unsigned char)(value >> (8 * i));
}

void short_wav(unsigned char octets[SHORT_WAV]) {
  static const unsigned char head[44] = "RIFF....WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data";
  memcpy(octets, head, sizeof head);
  put32(octets + 4, SHORT_WAV - 8);
  put32(octets + 40, SHORT_WAV - 44);
  for (int i = 0; i < (SHORT_WAV - 44) / 2; i++) {
    octets[44 + 2 * i] = 0;
    octets[45 + 2 * i] = i % 16 < 8 ? 0x10 : 0xf0;
  }
}
