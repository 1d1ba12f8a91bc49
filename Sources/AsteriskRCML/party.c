/* party.c: sound in both directions, keys, and waiting, for a caller and for a leg alike. */

#include "app_rcml.h"

#include "asterisk/format_cache.h"
#include "asterisk/time.h"

/* What the engine takes and gives: 20 ms at 8 kHz, 16 bit. */
#define FRAME_SAMPLES 160
#define FRAME_OCTETS (FRAME_SAMPLES * 2)
/* A key lasts this long, and this long nothing is pressed behind it: phones tell shorter ones from nothing badly. */
#define KEY_MS 100
#define KEY_PAUSE_MS 60

int party_begin(struct party *party, struct ast_channel *channel, rcml_channel *line) {
  memset(party, 0, sizeof(*party));
  party->channel = channel;
  party->line = line;
  party->smoother = ast_smoother_new(FRAME_OCTETS);
  if (!party->smoother) return -1;
  ast_deactivate_generator(channel);
  ast_channel_lock(channel);
  party->read_before = ao2_bump(ast_channel_readformat(channel));
  party->write_before = ao2_bump(ast_channel_writeformat(channel));
  ast_channel_unlock(channel);
  if (ast_set_read_format(channel, ast_format_slin) || ast_set_write_format(channel, ast_format_slin)) {
    party_end(party);
    return -1;
  }
  return 0;
}

void party_end(struct party *party) {
  if (party->read_before) ast_set_read_format(party->channel, party->read_before);
  if (party->write_before) ast_set_write_format(party->channel, party->write_before);
  ao2_cleanup(party->read_before);
  ao2_cleanup(party->write_before);
  if (party->smoother) ast_smoother_free(party->smoother);
  party->read_before = party->write_before = NULL;
  party->smoother = NULL;
}

void party_send_key(struct party *party, char key) {
  const size_t waiting = strlen(party->keys);
  if (waiting + 1 < sizeof(party->keys)) party->keys[waiting] = key;
}

/* Begins and ends keys when it is time to.
 * @return milliseconds until there is more to do, -1 = nothing */
static int keys_advance(struct party *party) {
  struct timeval now;
  if (!party->keys[0]) return -1;
  now = ast_tvnow();
  if (!ast_tvzero(party->key_ends) && ast_tvcmp(now, party->key_ends) >= 0) {
    ast_senddigit_end(party->channel, party->keys[0], KEY_MS);
    memmove(party->keys, party->keys + 1, sizeof(party->keys) - 1);
    party->key_next = ast_tvadd(now, ast_samp2tv(KEY_PAUSE_MS, 1000));
    party->key_ends = ast_tv(0, 0);
    if (!party->keys[0]) return -1;
  }
  if (ast_tvzero(party->key_ends)) {
    if (ast_tvcmp(now, party->key_next) < 0) return ast_tvdiff_ms(party->key_next, now) + 1;
    ast_senddigit_begin(party->channel, party->keys[0]);
    party->key_ends = ast_tvadd(now, ast_samp2tv(KEY_MS, 1000));
  }
  return ast_tvdiff_ms(party->key_ends, now) + 1;
}

static void write_sound(struct party *party) {
  uint8_t octets[AST_FRIENDLY_OFFSET + FRAME_OCTETS];
  struct ast_frame frame = {
    .frametype = AST_FRAME_VOICE,
    .subclass.format = ast_format_slin,
    .datalen = FRAME_OCTETS,
    .samples = FRAME_SAMPLES,
    .offset = AST_FRIENDLY_OFFSET,
    .src = "RCML",
    .data.ptr = octets + AST_FRIENDLY_OFFSET,
  };
  /* A channel that cannot be written to has hung up, which reading shows. */
  while (rcml_channel_pull(party->line, octets + AST_FRIENDLY_OFFSET) == 1) ast_write(party->channel, &frame);
}

static void push_sound(struct party *party, struct ast_frame *frame) {
  struct ast_frame *piece;
  if (ast_format_cmp(frame->subclass.format, ast_format_slin) != AST_FORMAT_CMP_EQUAL) {
    /* Another channel has taken this one's place, with formats of its own. */
    ast_set_read_format(party->channel, ast_format_slin);
    ast_set_write_format(party->channel, ast_format_slin);
    return;
  }
  if (ast_smoother_feed(party->smoother, frame)) return;
  while ((piece = ast_smoother_read(party->smoother))) rcml_channel_push(party->line, piece->data.ptr);
}

/* @return the frame when it is for somebody else, NULL when it was taken */
static struct ast_frame *take_frame(struct party *party, struct ast_frame *frame) {
  if (frame->frametype == AST_FRAME_CONTROL) return frame;
  if (frame->frametype == AST_FRAME_VOICE) push_sound(party, frame);
  else if (frame->frametype == AST_FRAME_DTMF_END) rcml_channel_press(party->line, (char)frame->subclass.integer);
  ast_frfree(frame);
  return NULL;
}

bool party_wait(struct party *party, struct ast_frame **frame) {
  int descriptor = rcml_channel_descriptor(party->line);
  int ready = -1, exception = 0, wait_ms;
  struct ast_frame *read;
  *frame = NULL;
  write_sound(party);
  wait_ms = keys_advance(party);
  if (!ast_waitfor_nandfds(&party->channel, 1, &descriptor, 1, &exception, &ready, &wait_ms)) {
    /* A hang-up that was only asked for (by a command, say) is seen here. */
    return !ast_check_hangup(party->channel);
  }
  read = ast_read(party->channel);
  if (!read) return false;
  if (read->frametype == AST_FRAME_CONTROL && read->subclass.integer == AST_CONTROL_HANGUP) {
    ast_frfree(read);
    return false;
  }
  *frame = take_frame(party, read);
  return true;
}
