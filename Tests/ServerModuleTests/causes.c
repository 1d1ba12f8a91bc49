/* SIP statuses as causes of Q.850, and back. */
#include "server.h"

int main(void) {
  static const int pairs[][2] = {{486, 17}, {404, 1},  {480, 19}, {603, 21}, {503, 34},
                                 {500, 38}, {484, 28}, {488, 58}, {501, 79}, {504, 102}};
  static const int one_way[][2] = {{408, 19}, {403, 21}, {410, 22}, {200, 16}, {600, 17}, {604, 1},
                                   {502, 38}, {487, 16}, {799, 127}, {0, 0},   {302, 127}};
  static const int back[][2] = {{18, 408}, {20, 480}, {27, 502}, {16, 480}, {0, 480},
                                {31, 480}, {41, 503}, {2, 404},  {999, 480}, {127, 500}};
  for (size_t at = 0; at < sizeof pairs / sizeof *pairs; at++) {
    CHECK(rcml_cause_of_sip(pairs[at][0]) == pairs[at][1]);
    CHECK(rcml_sip_of_cause(pairs[at][1]) == pairs[at][0]);
  }
  for (size_t at = 0; at < sizeof one_way / sizeof *one_way; at++)
    CHECK(rcml_cause_of_sip(one_way[at][0]) == one_way[at][1]);
  for (size_t at = 0; at < sizeof back / sizeof *back; at++) CHECK(rcml_sip_of_cause(back[at][0]) == back[at][1]);
  /* Whatever a leg says is a failure, and one of SIP. */
  for (int cause = -1; cause < 300; cause++)
    CHECK(rcml_sip_of_cause(cause) >= 400 && rcml_sip_of_cause(cause) < 700);
  return 0;
}
