/// Documents, the requests for them, and callbacks (spec §1, §9, §12).
extension Settings {
  static let documentTable: [SettingEntry] = [
    .url(
      "base_url", \.baseURL, ["http://", "https://", "host:"], like: "https://pbx.example/voice/",
      "G-18", "What relative URLs start from in a document that came without a URL."),
    .url(
      "fallback_url", \.fallbackURL, ["http://", "https://", "host:"],
      like: "https://backup.example/voice", "H-21",
      "Asked once when the first document of a call cannot be had or read."),
    .choice(
      "fallback_method", \.fallbackMethod, "H-21", "The HTTP method for fallback_url."),
    .choice(
      "sip_address_format", \.sipAddressFormat, "P-3",
      "How From and To are shown to the web: a number alone where it is one, always the URI, or "
        + "always the user part."),
    .text(
      "api_version", \.apiVersion, like: "2010-04-01", "P-6", "The parameter ApiVersion."),
    .text(
      "account_sid", \.accountSid, like: "AC0123456789abcdef0123456789abcdef", "P-2",
      "The parameter AccountSid."),
    .text(
      "extra_params", \.extraParams, "name=value pairs joined with &, or nothing",
      like: "Tenant=7&Site=north", "", "Parameters of your own, sent with every request.",
      where: { $0.split(separator: "&").allSatisfy { !$0.hasPrefix("=") } }),
    .flag(
      "twilio_aliases", \.twilioAliases, "P-13", "Caller and Called are sent, as From and To are."),
    .flag(
      "query_in_body", \.queryInBody, "H-2", "The query of a URL goes into the body of a POST."),
    .flag(
      "leg_results", \.legResults, "P-51",
      "The action of a Dial gets the outcome of every leg, not of the last one alone."),
  ]

  static let webTable: [SettingEntry] = [
    .seconds(
      "http_timeout", \.httpTimeout, 1...300, like: "5", "H-10",
      "How long one request may take from its start to the last octet of the answer."),
    .seconds(
      "http_connect_timeout", \.httpConnectTimeout, 1...60, like: "2", "H-10",
      "How long connecting to a web server may take."),
    .number(
      "http_retries", \.httpRetries, 0...5, like: "2", "H-20",
      "How often a request for a document is made again when it failed."),
    .list(
      "http_retry_on", \.httpRetryOn, of: ["ct", "rt", "4xx", "5xx", "all"], like: "ct,5xx",
      "H-20",
      "After which failures: no connection (ct), no answer in time (rt), a status, or all of them."
    ),
    .choice(
      "http_block_private", \.httpBlockPrivate, "Y-5",
      "Whether loopback and private addresses are refused: where a document of the public web asks "
        + "for one (auto), always (true), or never (false)."),
    .flag("tls_verify", \.tlsVerify, "H-7", "Certificates of https: servers are verified."),
    .flag(
      "traceparent", \.traceparent, "H-35",
      "Requests carry a W3C traceparent: the trace is the call's, the span the request's."),
  ]

  static let callbackTable: [SettingEntry] = [
    .list(
      "callback_default_events", \.callbackDefaultEvents,
      of: ["initiated", "ringing", "answered", "completed"], like: "completed", "S-9",
      "What a statusCallback is told of where the document does not say it."),
    .choice(
      "callback_call_status", \.callbackCallStatus, "K-6",
      "What CallStatus of a callback holds: the state of the leg, or the name of the event."),
    .choice(
      "sequence_numbering", \.sequenceNumbering, "K-8",
      "Whether SequenceNumber counts the callbacks sent, or is fixed for each event."),
    .number(
      "callback_retries", \.callbackRetries, 0...10, like: "5", "K-12",
      "How often a callback that failed is sent again."),
    .seconds(
      "callback_timeout", \.callbackTimeout, 1...60, like: "3", "K-13",
      "How long one attempt of a callback may take."),
    .seconds(
      "drain_timeout", \.drainTimeout, 0...600, like: "30", "K-13",
      "How long callbacks and last messages may take after the last call has ended."),
    .token(
      "idempotency_header", \.idempotencyHeader, mayBeEmpty: false,
      like: "I-Twilio-Idempotency-Token", "H-24",
      "The header that is the same in each repetition of one request."),
    .secret(
      "signing_key", \.signingKey, like: "secret", "H-22",
      "The key that requests are signed with; without it they are not."),
    .token(
      "signature_header", \.signatureHeader, mayBeEmpty: false, like: "X-Twilio-Signature", "H-22",
      "The header that holds the signature."),
    .choice(
      "signature_mode", \.signatureMode, "H-22", "The digest of the signature."),
  ]
}
