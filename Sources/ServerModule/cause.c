/* SIP statuses and causes of Q.850 as RFC 3398 §8.2.6.1 and §7.2.4.1 pair them, but where telephony servers agree on
 * another: then the pair they have, so that a status that goes out as a cause comes back as what it was. */
#include "server_module.h"

struct pair {
  int16_t from, to;
};

static const struct pair causes[] = {
    {400, 41},  {401, 21},  {402, 21},  {403, 21},  {404, 1},   {405, 63},  {406, 79}, {407, 21}, {408, 19},
    {410, 22},  {413, 127}, {414, 127}, {415, 79},  {416, 127}, {420, 127}, {480, 19}, {481, 41}, {482, 25},
    {483, 25},  {484, 28},  {485, 1},   {486, 17},  {487, 16},  {488, 58},  {500, 38}, {501, 79}, {502, 38},
    {503, 34},  {504, 102}, {505, 127}, {513, 127}, {600, 17},  {603, 21},  {604, 1},  {606, 58},
};

static const struct pair statuses[] = {
    {1, 404},  {2, 404},  {3, 404},  {17, 486}, {18, 408}, {19, 480}, {20, 480}, {21, 603}, {22, 410},
    {23, 410}, {25, 483}, {26, 404}, {27, 502}, {28, 484}, {29, 501}, {31, 480}, {34, 503}, {38, 500},
    {41, 503}, {42, 503}, {44, 503}, {47, 503}, {55, 403}, {57, 403}, {58, 488}, {63, 405}, {65, 488},
    {70, 488}, {79, 501}, {87, 403}, {88, 503}, {102, 504}, {111, 500}, {127, 500},
};

static int32_t paired(const struct pair *pairs, size_t count, int32_t from, int32_t otherwise) {
  for (size_t at = 0; at < count; at++)
    if (pairs[at].from == from) return pairs[at].to;
  return otherwise;
}

int32_t rcml_cause_of_sip(int32_t sip_code) {
  if (sip_code == 0) return 0;
  if (sip_code >= 200 && sip_code < 300) return 16;
  return paired(causes, sizeof causes / sizeof *causes, sip_code, 127);
}

int32_t rcml_sip_of_cause(int32_t cause) {
  return paired(statuses, sizeof statuses / sizeof *statuses, cause, 480);
}
