#include <rcml.h>

#include <cstdio>

// Prints the version that runs; fails when another was compiled with.
int main() {
  int major = -1, minor = -1;
  if (std::sscanf(rcml_version(), "%d.%d", &major, &minor) != 2) return 1;
  std::puts(rcml_version());
  return major == RCML_VERSION_MAJOR && minor == RCML_VERSION_MINOR ? 0 : 1;
}
