/* Counters: their frozen names, what a call leaves in them, and the text for Prometheus line by line. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <dirent.h>

typedef struct frozen {
  const char *member;
  size_t offset;
  const char *name, *labels;
  int32_t kind;
} frozen;
#define FROZEN(member, name, labels, kind) {#member, offsetof(rcml_counters, member), name, labels, kind}

/* Dashboards are built on these: a line may be added at the end, and none is ever changed. */
static const frozen names[] = {
    FROZEN(uptime_ms, "rcml_uptime_seconds", "", RCML_METRIC_GAUGE),
    FROZEN(calls_active, "rcml_calls_active", "", RCML_METRIC_GAUGE),
    FROZEN(calls_incoming, "rcml_calls_started_total", "direction=\"incoming\"", RCML_METRIC_COUNTER),
    FROZEN(calls_outgoing, "rcml_calls_started_total", "direction=\"outgoing\"", RCML_METRIC_COUNTER),
    FROZEN(calls_host, "rcml_calls_started_total", "direction=\"host\"", RCML_METRIC_COUNTER),
    FROZEN(calls_completed, "rcml_calls_total", "result=\"completed\"", RCML_METRIC_COUNTER),
    FROZEN(calls_busy, "rcml_calls_total", "result=\"busy\"", RCML_METRIC_COUNTER),
    FROZEN(calls_no_answer, "rcml_calls_total", "result=\"no-answer\"", RCML_METRIC_COUNTER),
    FROZEN(calls_failed, "rcml_calls_total", "result=\"failed\"", RCML_METRIC_COUNTER),
    FROZEN(calls_canceled, "rcml_calls_total", "result=\"canceled\"", RCML_METRIC_COUNTER),
    FROZEN(legs_active, "rcml_legs_active", "", RCML_METRIC_GAUGE),
    FROZEN(legs_started, "rcml_legs_started_total", "", RCML_METRIC_COUNTER),
    FROZEN(legs_completed, "rcml_legs_total", "result=\"completed\"", RCML_METRIC_COUNTER),
    FROZEN(legs_busy, "rcml_legs_total", "result=\"busy\"", RCML_METRIC_COUNTER),
    FROZEN(legs_no_answer, "rcml_legs_total", "result=\"no-answer\"", RCML_METRIC_COUNTER),
    FROZEN(legs_failed, "rcml_legs_total", "result=\"failed\"", RCML_METRIC_COUNTER),
    FROZEN(legs_canceled, "rcml_legs_total", "result=\"canceled\"", RCML_METRIC_COUNTER),
    FROZEN(invites_received, "rcml_sip_invites_total", "direction=\"received\"", RCML_METRIC_COUNTER),
    FROZEN(invites_sent, "rcml_sip_invites_total", "direction=\"sent\"", RCML_METRIC_COUNTER),
    FROZEN(messages_received, "rcml_sip_messages_total", "direction=\"received\"", RCML_METRIC_COUNTER),
    FROZEN(messages_sent, "rcml_sip_messages_total", "direction=\"sent\"", RCML_METRIC_COUNTER),
    FROZEN(retransmissions_received, "rcml_sip_retransmissions_total", "direction=\"received\"", RCML_METRIC_COUNTER),
    FROZEN(retransmissions_sent, "rcml_sip_retransmissions_total", "direction=\"sent\"", RCML_METRIC_COUNTER),
    FROZEN(messages_refused, "rcml_sip_messages_refused_total", "", RCML_METRIC_COUNTER),
    FROZEN(responses_stray, "rcml_sip_responses_stray_total", "", RCML_METRIC_COUNTER),
    FROZEN(datagrams_dropped, "rcml_sip_datagrams_dropped_total", "", RCML_METRIC_COUNTER),
    FROZEN(connections_active, "rcml_sip_connections_active", "", RCML_METRIC_GAUGE),
    FROZEN(connections_accepted, "rcml_sip_connections_total", "direction=\"accepted\"", RCML_METRIC_COUNTER),
    FROZEN(connections_opened, "rcml_sip_connections_total", "direction=\"opened\"", RCML_METRIC_COUNTER),
    FROZEN(connections_refused, "rcml_sip_connections_dropped_total", "reason=\"descriptors\"", RCML_METRIC_COUNTER),
    FROZEN(connections_overflowed, "rcml_sip_connections_dropped_total", "reason=\"unread\"", RCML_METRIC_COUNTER),
    FROZEN(http_active, "rcml_http_requests_active", "", RCML_METRIC_GAUGE),
    FROZEN(http_2xx, "rcml_http_requests_total", "result=\"2xx\"", RCML_METRIC_COUNTER),
    FROZEN(http_3xx, "rcml_http_requests_total", "result=\"3xx\"", RCML_METRIC_COUNTER),
    FROZEN(http_4xx, "rcml_http_requests_total", "result=\"4xx\"", RCML_METRIC_COUNTER),
    FROZEN(http_5xx, "rcml_http_requests_total", "result=\"5xx\"", RCML_METRIC_COUNTER),
    FROZEN(http_unresolved, "rcml_http_requests_total", "result=\"unresolved\"", RCML_METRIC_COUNTER),
    FROZEN(http_unreachable, "rcml_http_requests_total", "result=\"unreachable\"", RCML_METRIC_COUNTER),
    FROZEN(http_timed_out, "rcml_http_requests_total", "result=\"timed-out\"", RCML_METRIC_COUNTER),
    FROZEN(http_refused, "rcml_http_requests_total", "result=\"refused\"", RCML_METRIC_COUNTER),
    FROZEN(http_aborted, "rcml_http_requests_total", "result=\"aborted\"", RCML_METRIC_COUNTER),
    FROZEN(http_failed, "rcml_http_requests_total", "result=\"failed\"", RCML_METRIC_COUNTER),
    FROZEN(callbacks_waiting, "rcml_callbacks_waiting", "", RCML_METRIC_GAUGE),
    FROZEN(callbacks_delivered, "rcml_callbacks_total", "result=\"delivered\"", RCML_METRIC_COUNTER),
    FROZEN(callbacks_given_up, "rcml_callbacks_total", "result=\"given-up\"", RCML_METRIC_COUNTER),
    FROZEN(events_waiting, "rcml_events_waiting", "", RCML_METRIC_GAUGE),
    FROZEN(events_lost, "rcml_events_lost_total", "", RCML_METRIC_COUNTER),
    FROZEN(streams_active, "rcml_rtp_streams_active", "", RCML_METRIC_GAUGE),
    FROZEN(streams_refused, "rcml_rtp_streams_refused_total", "", RCML_METRIC_COUNTER),
    FROZEN(packets_received, "rcml_rtp_packets_total", "direction=\"received\"", RCML_METRIC_COUNTER),
    FROZEN(packets_sent, "rcml_rtp_packets_total", "direction=\"sent\"", RCML_METRIC_COUNTER),
    FROZEN(packets_stranger, "rcml_rtp_packets_dropped_total", "reason=\"stranger\"", RCML_METRIC_COUNTER),
    FROZEN(packets_malformed, "rcml_rtp_packets_dropped_total", "reason=\"malformed\"", RCML_METRIC_COUNTER),
    FROZEN(packets_unwanted, "rcml_rtp_packets_dropped_total", "reason=\"unwanted\"", RCML_METRIC_COUNTER),
    FROZEN(packets_unsent, "rcml_rtp_packets_dropped_total", "reason=\"unsent\"", RCML_METRIC_COUNTER),
    FROZEN(recordings_active, "rcml_recordings_active", "", RCML_METRIC_GAUGE),
    FROZEN(recordings_completed, "rcml_recordings_total", "result=\"completed\"", RCML_METRIC_COUNTER),
    FROZEN(recordings_discarded, "rcml_recordings_total", "result=\"discarded\"", RCML_METRIC_COUNTER),
    FROZEN(recordings_failed, "rcml_recordings_total", "result=\"failed\"", RCML_METRIC_COUNTER),
    FROZEN(keys_media, "rcml_keys_total", "way=\"media\"", RCML_METRIC_COUNTER),
    FROZEN(keys_info, "rcml_keys_total", "way=\"info\"", RCML_METRIC_COUNTER),
    FROZEN(keys_host, "rcml_keys_total", "way=\"host\"", RCML_METRIC_COUNTER),
    FROZEN(journal_octets, "rcml_journal_bytes_total", "", RCML_METRIC_COUNTER),
    FROZEN(descriptors_open, "rcml_open_descriptors", "", RCML_METRIC_GAUGE),
    FROZEN(refused_max_calls, "rcml_limit_refusals_total", "limit=\"calls\"", RCML_METRIC_COUNTER),
    FROZEN(refused_max_calls_per_source, "rcml_limit_refusals_total", "limit=\"calls-per-source\"", RCML_METRIC_COUNTER),
    FROZEN(refused_max_memory, "rcml_limit_refusals_total", "limit=\"memory\"", RCML_METRIC_COUNTER),
    FROZEN(refused_overload, "rcml_limit_refusals_total", "limit=\"overload\"", RCML_METRIC_COUNTER),
    FROZEN(refused_max_connections, "rcml_limit_refusals_total", "limit=\"connections\"", RCML_METRIC_COUNTER),
    FROZEN(refused_max_connections_per_address, "rcml_limit_refusals_total", "limit=\"connections-per-address\"", RCML_METRIC_COUNTER),
    FROZEN(refused_web_turns, "rcml_limit_refusals_total", "limit=\"web-turns\"", RCML_METRIC_COUNTER),
    FROZEN(refused_max_call_duration, "rcml_limit_refusals_total", "limit=\"call-duration\"", RCML_METRIC_COUNTER),
    FROZEN(refused_max_documents_per_call, "rcml_limit_refusals_total", "limit=\"documents-per-call\"", RCML_METRIC_COUNTER),
    FROZEN(refused_max_returns, "rcml_limit_refusals_total", "limit=\"returns\"", RCML_METRIC_COUNTER),
    FROZEN(refused_max_breadth, "rcml_limit_refusals_total", "limit=\"breadth\"", RCML_METRIC_COUNTER),
};
#define COUNT (sizeof names / sizeof names[0])

static const rcml_metrics_extension *list;

static uint64_t member(const rcml_counters *counters, size_t index) {
  uint64_t value;
  memcpy(&value, (const char *)counters + names[index].offset, sizeof value);
  return value;
}

static void names_are_frozen(void) {
  rcml_metric_info metric = RCML_METRIC_INFO_INIT;
  size_t i;
  for (i = 0; i < COUNT; i++) {
    CHECK(list->entry(i, &metric) == 1);
    if (strcmp(metric.member, names[i].member) || strcmp(metric.name, names[i].name) ||
        strcmp(metric.labels, names[i].labels)) {
      fprintf(stderr, "%s is now %s %s{%s}\n", names[i].member, metric.member, metric.name, metric.labels);
      exit(1);
    }
    CHECK(metric.offset == names[i].offset && metric.kind == names[i].kind);
    CHECK(*metric.help && metric.divisor == (i == 0 ? 1000u : 1u));
    /* https://prometheus.io/docs/practices/naming: prefix, base unit, _total for what only grows. */
    CHECK(strncmp(metric.name, "rcml_", 5) == 0);
    CHECK(strspn(metric.name, "abcdefghijklmnopqrstuvwxyz_") == strlen(metric.name));
    CHECK((strstr(metric.name, "_total") != NULL) == (metric.kind == RCML_METRIC_COUNTER));
    CHECK(metric.kind == RCML_METRIC_GAUGE || strcmp(metric.name + strlen(metric.name) - 6, "_total") == 0);
  }
  /* The struct holds nothing that has no name. */
  CHECK(sizeof(rcml_counters) == names[COUNT - 1].offset + sizeof(uint64_t));
  CHECK(list->entry(COUNT, &metric) == 0 && list->entry((size_t)-1, &metric) == 0);
  CHECK(list->entry(0, NULL) == RCML_E_ARGUMENT);
  metric.struct_size = 0;
  CHECK(list->entry(0, &metric) == RCML_E_ARGUMENT);
}

static void extensions_are_found_by_id_and_revision(void) {
  char id[32] = RCML_METRICS_EXTENSION;
  list = (const rcml_metrics_extension *)rcml_extension(id, 1);
  CHECK(list != NULL && list->struct_size == sizeof *list);
  CHECK(rcml_extension(RCML_METRICS_EXTENSION, 1) == (const void *)list);
  CHECK(rcml_extension(RCML_METRICS_EXTENSION, 0) == NULL);
  CHECK(rcml_extension(RCML_METRICS_EXTENSION, 2) == NULL);
  CHECK(rcml_extension(RCML_METRICS_EXTENSION, UINT32_MAX) == NULL);
  CHECK(rcml_extension("rcml.metric", 1) == NULL && rcml_extension("rcml.metrics/1", 1) == NULL);
  CHECK(rcml_extension("rcml.draft.metrics", 1) == NULL); /* it never was a draft */
  CHECK(rcml_extension("", 1) == NULL && rcml_extension(NULL, 1) == NULL);
}

static int open_descriptors(void) {
  DIR *folder = opendir("/proc/self/fd");
  int count = 0;
  CHECK(folder != NULL);
  while (readdir(folder)) count++;
  closedir(folder);
  return count;
}

static void refusals(rcml_agent *agent) {
  rcml_counters counters = RCML_COUNTERS_INIT;
  char text[64];
  CHECK(rcml_agent_counters(agent, NULL) == RCML_E_ARGUMENT);
  CHECK(rcml_agent_counters(NULL, &counters) == RCML_E_HANDLE);
  CHECK(rcml_agent_metrics(NULL, text, sizeof text) == RCML_E_HANDLE);
  CHECK(rcml_agent_metrics(agent, NULL, 5) == RCML_E_ARGUMENT);
  CHECK(rcml_agent_metrics(agent, NULL, 0) > 4000);
  memset(text, 'x', sizeof text);
  CHECK(rcml_agent_metrics(agent, text, 8) > 4000);
  CHECK(strcmp(text, "# HELP ") == 0 && text[8] == 'x');
  CHECK(rcml_agent_metrics(agent, text, 1) > 4000 && text[0] == 0);
  counters.struct_size = 0;
  CHECK(rcml_agent_counters(agent, &counters) == RCML_E_ARGUMENT);
  /* An older program's struct ends earlier. */
  memset(&counters, 0xEE, sizeof counters);
  counters.struct_size = offsetof(rcml_counters, calls_incoming);
  CHECK(rcml_agent_counters(agent, &counters) == RCML_OK);
  CHECK(counters.uptime_ms < 60000 && counters.calls_active == 0);
  CHECK(counters.calls_incoming == 0xEEEEEEEEEEEEEEEEull);
  CHECK(counters.struct_size == offsetof(rcml_counters, calls_incoming));
}

/* Every sample stands below the help and type of its family, each family once, and says what the struct says. */
static void the_text_says_what_the_struct_says(rcml_agent *agent) {
  rcml_counters counters = RCML_COUNTERS_INIT;
  char text[16384], family[128] = "", key[256], expected[64];
  char *line, *end;
  bool seen[COUNT];
  size_t i, samples = 0;
  memset(seen, 0, sizeof seen);
  CHECK(rcml_agent_counters(agent, &counters) == RCML_OK);
  CHECK((size_t)rcml_agent_metrics(agent, text, sizeof text) == strlen(text));
  for (line = text; *line; line = end + 1) {
    end = strchr(line, '\n');
    CHECK(end != NULL);
    *end = 0;
    if (strncmp(line, "# HELP ", 7) == 0) {
      CHECK(sscanf(line + 7, "%127s", family) == 1);
      for (i = 0; i < COUNT; i++) CHECK(!seen[i] || strcmp(names[i].name, family) != 0);
      continue;
    }
    if (strncmp(line, "# TYPE ", 7) == 0) {
      CHECK(strncmp(line + 7, family, strlen(family)) == 0);
      CHECK(strcmp(line + 7 + strlen(family), " counter") == 0 || strcmp(line + 7 + strlen(family), " gauge") == 0);
      continue;
    }
    for (i = 0; i < COUNT; i++) {
      snprintf(key, sizeof key, *names[i].labels ? "%s{%s} " : "%s%s ", names[i].name, names[i].labels);
      if (strncmp(line, key, strlen(key)) == 0) break;
    }
    CHECK(i < COUNT && !seen[i] && strcmp(names[i].name, family) == 0);
    seen[i] = true;
    samples++;
    if (i == 0) continue; /* time has passed */
    snprintf(expected, sizeof expected, "%llu", (unsigned long long)member(&counters, i));
    CHECK(strcmp(line + strlen(key), expected) == 0);
  }
  CHECK(samples == COUNT);
}

int main(void) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_event event = RCML_EVENT_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  rcml_counters counters = RCML_COUNTERS_INIT, phone = RCML_COUNTERS_INIT;
  rcml_agent *agent, *phones;
  char uri[128], place[128], text[512], party[128];
  rcml_call_id call = 0;
  int before = open_descriptors(), turns;

  extensions_are_found_by_id_and_revision();
  names_are_frozen();

  agent = make_listening(uri, sizeof uri);
  CHECK(rcml_agent_listen(agent, "tcp:127.0.0.1:0", &error) == 1);
  CHECK(rcml_agent_counters(agent, &counters) == RCML_OK);
  CHECK(counters.descriptors_open == (uint64_t)(open_descriptors() - before));
  CHECK(counters.calls_incoming + counters.calls_outgoing + counters.messages_sent == 0);
  refusals(agent);

  phones = make_listening(place, sizeof place);
  snprintf(text, sizeof text,
           "<Response><Dial><Sip>sip:busy@%s</Sip></Dial><Dial><Sip>sip:talks@%s</Sip></Dial></Response>",
           place + 4, place + 4);
  snprintf(party, sizeof party, "sip:caller@%s", place + 4);
  document.text = text;
  options.party = party;
  options.document = &document;
  CHECK(rcml_agent_call(agent, &options, &call, &error) == RCML_OK);
  for (turns = 0; turns < 2000; turns++) {
    if (rcml_agent_wait(phones, 2, &event) > 0 && event.kind == RCML_EVENT_INCOMING) {
      if (strstr(event.to, "busy")) CHECK(rcml_call_reject(phones, event.call, 486, NULL, NULL) == RCML_OK);
      else CHECK(rcml_call_answer(phones, event.call, NULL) == RCML_OK);
    }
    if (rcml_agent_wait(agent, 2, &event) <= 0) continue;
    if (event.kind == RCML_EVENT_STATUS && strcmp(event.name, "answered") == 0) {
      CHECK(rcml_agent_counters(agent, &counters) == RCML_OK);
      CHECK(counters.calls_active == 1 && counters.legs_active == 1 && counters.calls_completed == 0);
      CHECK(rcml_call_press_digit(agent, call, '5', &error) == RCML_OK);
      CHECK(rcml_call_hang_up(agent, call, NULL) == RCML_OK);
    }
    if (event.kind == RCML_EVENT_ENDED) break;
  }
  CHECK(turns < 2000);
  CHECK(rcml_agent_stop(agent) == RCML_OK);
  for (turns = 0; turns < 2000 && event.kind != RCML_EVENT_DRAINED; turns++) {
    rcml_event other = RCML_EVENT_INIT;
    rcml_agent_wait(phones, 2, &other);
    rcml_agent_wait(agent, 2, &event);
  }
  CHECK(rcml_agent_counters(agent, &counters) == RCML_OK);
  CHECK(counters.calls_active == 0 && counters.calls_outgoing == 1 && counters.calls_incoming == 0);
  CHECK(counters.calls_completed == 1 && counters.calls_failed == 0);
  CHECK(counters.legs_started == 2 && counters.legs_busy == 1 && counters.legs_completed == 1);
  CHECK(counters.legs_active == 0 && counters.keys_host == 1);
  CHECK(counters.invites_sent == 3 && counters.invites_received == 0);
  /* 3 INVITE, 3 ACK, 2 BYE, and what a machine under load had to repeat. */
  CHECK(counters.messages_sent - counters.retransmissions_sent == 8);
  CHECK(rcml_agent_counters(phones, &phone) == RCML_OK);
  CHECK(phone.invites_received == 3 && phone.calls_incoming == 3 && phone.calls_busy == 1);
  CHECK(phone.messages_received == counters.messages_sent);
  CHECK(phone.messages_sent == counters.messages_received);
  CHECK(counters.streams_active == 0 && counters.uptime_ms < 60000);
  the_text_says_what_the_struct_says(agent);
  the_text_says_what_the_struct_says(phones);
  CHECK(rcml_agent_destroy(agent) == RCML_OK);
  CHECK(rcml_agent_counters(agent, &counters) == RCML_E_HANDLE);
  finish(phones);
  CHECK(open_descriptors() == before);
  return 0;
}
