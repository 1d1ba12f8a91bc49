/* The program that speaks (setting speech_program): reads its text and says 60 ms of a tone. */
#include "phones.h"

#include <stdio.h>

int main(void) {
  unsigned char wav[SHORT_WAV];
  while (getchar() != EOF) {
  }
  short_wav(wav);
  return fwrite(wav, sizeof wav, 1, stdout) == 1 ? 0 : 1;
}
