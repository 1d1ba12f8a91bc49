/* A caller whom the server brings. */
#include "parts.h"

#include <stdio.h>
#include <string.h>

struct beginning {
  rcml_module *module;
  rcml_channel *channel;
  const rcml_host_call_options *options;
  const rcml_document *document; /* NULL = none */
  rcml_error *error;
  int32_t result;
};

/* On the agent's thread: from here on it holds the channel, too, until the call has ended. */
static void begin(void *context, rcml_agent *agent) {
  struct beginning *wish = context;
  rcml_module *module = wish->module;
  rcml_channel *channel = wish->channel;
  rcml_call_info info = RCML_CALL_INFO_INIT;
  struct rcml_call_entry *entry;
  if (module->max_calls && module->calls.callers >= module->max_calls) {
    wish->result =
        rcml_fail(wish->error, RCML_E_LIMIT, "max_calls is reached: %u callers are here", module->calls.callers);
    return;
  }
  wish->result = rcml_agent_host_call(agent, wish->options, &channel->call, wish->error);
  if (wish->result < 0) return;
  /* Asked before the document runs: a short one is over, and nobody knows the call any more. */
  if (rcml_call_state(agent, channel->call, &info) == RCML_OK)
    snprintf(channel->call_sid, sizeof channel->call_sid, "%s", info.sid);
  entry = rcml_calls_make(&module->calls, channel->call, channel->call_sid);
  if (!entry) wish->result = rcml_fail(wish->error, RCML_E_SYSTEM, "there is no memory for a call");
  else if (wish->document) wish->result = rcml_call_run(agent, channel->call, wish->document, wish->error);
  if (wish->result < 0) {
    rcml_call_hang_up(agent, channel->call, NULL);
    return;
  }
  entry->caller = rcml_channel_retain(channel);
  module->calls.callers++;
  rcml_frames_begin(module, channel);
}

/* The document and the settings that go with the word, and what the caller brings of its own. */
static int32_t prepare(
    const rcml_channel_options *options, rcml_configuration *configuration, rcml_host_call_options *call,
    rcml_document *document, void **memory, rcml_error *error) {
  struct rcml_memory *blocks = NULL;
  const char *section = options->document ? options->document : "";
  int32_t result = RCML_OK;
  *call = options->call;
  call->context = NULL;
  if (options->document)
    result = rcml_configuration_document(configuration, options->document, document, memory, error);
  else if (call->document)
    *document = *call->document;
  if (result != RCML_OK) return result;
  if (options->method) document->method = options->method;
  if (options->base_url) document->base_url = options->base_url;
  call->document = NULL;
  blocks = *memory;
  if (!options->document || !rcml_configuration_has(configuration, section)) return RCML_OK;
  result = rcml_configuration_settings(
      configuration, section, options->call.settings, options->call.setting_count, &blocks, &call->settings,
      &call->setting_count);
  *memory = blocks;
  document->settings = NULL;
  document->setting_count = 0;
  return result;
}

rcml_channel *rcml_channel_call(rcml_module *module, const rcml_channel_options *options, rcml_error *error) {
  rcml_configuration *configuration = rcml_module_configuration(module);
  rcml_host_call_options call;
  rcml_document document = RCML_DOCUMENT_INIT;
  struct beginning wish = {module, NULL, &call, NULL, error, RCML_OK};
  void *memory = NULL;
  if (options->call.media == RCML_HOST_SDP)
    wish.result = rcml_fail(error, RCML_E_ARGUMENT, "a channel speaks in frames, not in SDP");
  else
    wish.result = prepare(options, configuration, &call, &document, &memory, error);
  if (wish.result == RCML_OK) {
    size_t frame_size = options->call.media == RCML_HOST_LINEAR16 ? 320 : 160;
    wish.channel = rcml_channel_make(module, options->name, options->identity, frame_size);
    if (!wish.channel) wish.result = rcml_fail(error, RCML_E_SYSTEM, "there is no memory or descriptor for a channel");
  }
  if (options->document || options->call.document) wish.document = &document;
  if (wish.channel) {
    wish.channel->configuration = rcml_configuration_retain(configuration);
    wish.channel->context = options->context;
    wish.channel->targets = options->targets;
    atomic_store(&wish.channel->wakes_for_frames, options->wake_for_frames);
    if (rcml_module_run(module, begin, &wish) != RCML_OK)
      wish.result = rcml_fail(error, RCML_E_CLOSED, "the module has stopped");
  }
  rcml_module_free(memory);
  rcml_configuration_release(configuration);
  if (wish.result >= 0) return wish.channel;
  rcml_channel_release(wish.channel);
  return NULL;
}
