/// The counters of rcml.h in the order of its struct. The names are what operators build
/// upon: they stay as they are, and others are added at the end.
enum MetricEntries {
  static let all: [Metric] = [
    gauge(
      "uptime_ms", "rcml_uptime_seconds",
      "Seconds since the agent was made.", divisor: 1000),
    gauge(
      "calls_active", "rcml_calls_active",
      "Calls now."),
    counter(
      "calls_incoming", "rcml_calls_started_total", "direction=\"incoming\"",
      "Calls that began."),
    counter(
      "calls_outgoing", "rcml_calls_started_total", "direction=\"outgoing\"",
      "Calls that began."),
    counter(
      "calls_host", "rcml_calls_started_total", "direction=\"host\"",
      "Calls that began."),
    counter(
      "calls_completed", "rcml_calls_total", "result=\"completed\"",
      "Calls that ended, by their status."),
    counter(
      "calls_busy", "rcml_calls_total", "result=\"busy\"",
      "Calls that ended, by their status."),
    counter(
      "calls_no_answer", "rcml_calls_total", "result=\"no-answer\"",
      "Calls that ended, by their status."),
    counter(
      "calls_failed", "rcml_calls_total", "result=\"failed\"",
      "Calls that ended, by their status."),
    counter(
      "calls_canceled", "rcml_calls_total", "result=\"canceled\"",
      "Calls that ended, by their status."),
    gauge(
      "legs_active", "rcml_legs_active",
      "Parties of Dials that are being rung or talk now."),
    counter(
      "legs_started", "rcml_legs_started_total",
      "Parties rung by Dials."),
    counter(
      "legs_completed", "rcml_legs_total", "result=\"completed\"",
      "Legs that ended, by their final status."),
    counter(
      "legs_busy", "rcml_legs_total", "result=\"busy\"",
      "Legs that ended, by their final status."),
    counter(
      "legs_no_answer", "rcml_legs_total", "result=\"no-answer\"",
      "Legs that ended, by their final status."),
    counter(
      "legs_failed", "rcml_legs_total", "result=\"failed\"",
      "Legs that ended, by their final status."),
    counter(
      "legs_canceled", "rcml_legs_total", "result=\"canceled\"",
      "Legs that ended, by their final status."),
    counter(
      "invites_received", "rcml_sip_invites_total", "direction=\"received\"",
      "INVITEs outside of dialogs, without repetitions."),
    counter(
      "invites_sent", "rcml_sip_invites_total", "direction=\"sent\"",
      "INVITEs outside of dialogs, without repetitions."),
    counter(
      "messages_received", "rcml_sip_messages_total", "direction=\"received\"",
      "SIP messages, with repetitions."),
    counter(
      "messages_sent", "rcml_sip_messages_total", "direction=\"sent\"",
      "SIP messages, with repetitions."),
    counter(
      "retransmissions_received", "rcml_sip_retransmissions_total", "direction=\"received\"",
      "SIP messages that were repeated."),
    counter(
      "retransmissions_sent", "rcml_sip_retransmissions_total", "direction=\"sent\"",
      "SIP messages that were repeated."),
    counter(
      "messages_refused", "rcml_sip_messages_refused_total",
      "SIP messages that were refused or dropped."),
    counter(
      "responses_stray", "rcml_sip_responses_stray_total",
      "SIP responses that belong to nothing under way."),
    counter(
      "datagrams_dropped", "rcml_sip_datagrams_dropped_total",
      "SIP datagrams of ours that found the socket's buffer full."),
    gauge(
      "connections_active", "rcml_sip_connections_active",
      "SIP connections now."),
    counter(
      "connections_accepted", "rcml_sip_connections_total", "direction=\"accepted\"",
      "SIP connections that were made."),
    counter(
      "connections_opened", "rcml_sip_connections_total", "direction=\"opened\"",
      "SIP connections that were made."),
    counter(
      "connections_refused", "rcml_sip_connections_dropped_total", "reason=\"descriptors\"",
      "SIP connections closed by want of descriptors, or because the peer did not read."),
    counter(
      "connections_overflowed", "rcml_sip_connections_dropped_total", "reason=\"unread\"",
      "SIP connections closed by want of descriptors, or because the peer did not read."),
    gauge(
      "http_active", "rcml_http_requests_active",
      "HTTP requests under way now."),
    counter(
      "http_2xx", "rcml_http_requests_total", "result=\"2xx\"",
      "HTTP requests that ended, by what they came to."),
    counter(
      "http_3xx", "rcml_http_requests_total", "result=\"3xx\"",
      "HTTP requests that ended, by what they came to."),
    counter(
      "http_4xx", "rcml_http_requests_total", "result=\"4xx\"",
      "HTTP requests that ended, by what they came to."),
    counter(
      "http_5xx", "rcml_http_requests_total", "result=\"5xx\"",
      "HTTP requests that ended, by what they came to."),
    counter(
      "http_unresolved", "rcml_http_requests_total", "result=\"unresolved\"",
      "HTTP requests that ended, by what they came to."),
    counter(
      "http_unreachable", "rcml_http_requests_total", "result=\"unreachable\"",
      "HTTP requests that ended, by what they came to."),
    counter(
      "http_timed_out", "rcml_http_requests_total", "result=\"timed-out\"",
      "HTTP requests that ended, by what they came to."),
    counter(
      "http_refused", "rcml_http_requests_total", "result=\"refused\"",
      "HTTP requests that ended, by what they came to."),
    counter(
      "http_aborted", "rcml_http_requests_total", "result=\"aborted\"",
      "HTTP requests that ended, by what they came to."),
    counter(
      "http_failed", "rcml_http_requests_total", "result=\"failed\"",
      "HTTP requests that ended, by what they came to."),
    gauge(
      "callbacks_waiting", "rcml_callbacks_waiting",
      "Status and recording callbacks under way or waiting now."),
    counter(
      "callbacks_delivered", "rcml_callbacks_total", "result=\"delivered\"",
      "Status and recording callbacks that ended."),
    counter(
      "callbacks_given_up", "rcml_callbacks_total", "result=\"given-up\"",
      "Status and recording callbacks that ended."),
    gauge(
      "events_waiting", "rcml_events_waiting",
      "Events the host has not pulled."),
    counter(
      "events_lost", "rcml_events_lost_total",
      "Events lost because the queue was full."),
    gauge(
      "streams_active", "rcml_rtp_streams_active",
      "RTP streams now."),
    counter(
      "streams_refused", "rcml_rtp_streams_refused_total",
      "RTP streams for which there was no port or descriptor."),
    counter(
      "packets_received", "rcml_rtp_packets_total", "direction=\"received\"",
      "RTP packets; those sent with reports."),
    counter(
      "packets_sent", "rcml_rtp_packets_total", "direction=\"sent\"",
      "RTP packets; those sent with reports."),
    counter(
      "packets_stranger", "rcml_rtp_packets_dropped_total", "reason=\"stranger\"",
      "RTP packets that were dropped."),
    counter(
      "packets_malformed", "rcml_rtp_packets_dropped_total", "reason=\"malformed\"",
      "RTP packets that were dropped."),
    counter(
      "packets_unwanted", "rcml_rtp_packets_dropped_total", "reason=\"unwanted\"",
      "RTP packets that were dropped."),
    counter(
      "packets_unsent", "rcml_rtp_packets_dropped_total", "reason=\"unsent\"",
      "RTP packets that were dropped."),
    gauge(
      "recordings_active", "rcml_recordings_active",
      "Recordings being written now."),
    counter(
      "recordings_completed", "rcml_recordings_total", "result=\"completed\"",
      "Recordings that ended."),
    counter(
      "recordings_discarded", "rcml_recordings_total", "result=\"discarded\"",
      "Recordings that ended."),
    counter(
      "recordings_failed", "rcml_recordings_total", "result=\"failed\"",
      "Recordings that ended."),
    counter(
      "keys_media", "rcml_keys_total", "way=\"media\"",
      "Keys that were pressed, by the way they came."),
    counter(
      "keys_info", "rcml_keys_total", "way=\"info\"",
      "Keys that were pressed, by the way they came."),
    counter(
      "keys_host", "rcml_keys_total", "way=\"host\"",
      "Keys that were pressed, by the way they came."),
    counter(
      "journal_octets", "rcml_journal_bytes_total",
      "Octets written into the journal."),
    gauge(
      "descriptors_open", "rcml_open_descriptors",
      "Descriptors of the agent now, without those of libcurl and c-ares."),
    counter(
      "refused_max_calls", "rcml_limit_refusals_total", "limit=\"calls\"",
      "What was refused, by the limit that refused it."),
    counter(
      "refused_max_calls_per_source", "rcml_limit_refusals_total", "limit=\"calls-per-source\"",
      "What was refused, by the limit that refused it."),
    counter(
      "refused_max_memory", "rcml_limit_refusals_total", "limit=\"memory\"",
      "What was refused, by the limit that refused it."),
    counter(
      "refused_overload", "rcml_limit_refusals_total", "limit=\"overload\"",
      "What was refused, by the limit that refused it."),
    counter(
      "refused_max_connections", "rcml_limit_refusals_total", "limit=\"connections\"",
      "What was refused, by the limit that refused it."),
    counter(
      "refused_max_connections_per_address", "rcml_limit_refusals_total",
      "limit=\"connections-per-address\"",
      "What was refused, by the limit that refused it."),
    counter(
      "refused_web_turns", "rcml_limit_refusals_total", "limit=\"web-turns\"",
      "What was refused, by the limit that refused it."),
    counter(
      "refused_max_call_duration", "rcml_limit_refusals_total", "limit=\"call-duration\"",
      "What was refused, by the limit that refused it."),
    counter(
      "refused_max_documents_per_call", "rcml_limit_refusals_total",
      "limit=\"documents-per-call\"", "What was refused, by the limit that refused it."),
    counter(
      "refused_max_returns", "rcml_limit_refusals_total", "limit=\"returns\"",
      "What was refused, by the limit that refused it."),
    counter(
      "refused_max_breadth", "rcml_limit_refusals_total", "limit=\"breadth\"",
      "What was refused, by the limit that refused it."),
  ]

  private static func counter(
    _ member: StaticString, _ name: StaticString, _ help: StaticString
  ) -> Metric {
    Metric(member: member, name: name, labels: "", kind: .counter, help: help)
  }

  private static func counter(
    _ member: StaticString, _ name: StaticString, _ labels: StaticString, _ help: StaticString
  ) -> Metric {
    Metric(member: member, name: name, labels: labels, kind: .counter, help: help)
  }

  private static func gauge(
    _ member: StaticString, _ name: StaticString, _ help: StaticString, divisor: UInt64 = 1
  ) -> Metric {
    Metric(member: member, name: name, labels: "", kind: .gauge, help: help, divisor: divisor)
  }
}
