/// Every setting by its name (spec §16).
extension Settings {
  static let table: [SettingEntry] = callTable + mediaTable + documentTable + sipTable + webTable

  private static let callTable: [SettingEntry] = [
    .choice("answer_mode") { $0.answerMode = $1 },
    .choice("ringing_mode") { $0.ringingMode = $1 },
    .choice("screening_winner") { $0.screeningWinner = $1 },
    .choice("screening_reject_ends") { $0.screeningRejectEnds = $1 },
    .choice("screening_reject_status") { $0.screeningRejectStatus = $1 },
    .choice("after_bridge") { $0.afterBridge = $1 },
    .choice("ring_timeout_status") { $0.ringTimeoutStatus = $1 },
    .choice("status_480_408") { $0.status480And408 = $1 },
    .number("reject_code", 400...699) { $0.rejectCode = UInt16($1) },
    .choice("early_media") { $0.earlyMedia = $1 },
    .choice("gather_default_action") { $0.gatherDefault = $1 },
    .choice("late_offer") { $0.lateOffer = $1 },
    .country("ring_tone") { $0.ringTone = $1 },
    .text("lost_race_prompt") { $0.lostRacePrompt = $1 },
    .number("max_targets", 1...64) { $0.maxTargets = $1 },
    .number("max_dials_per_call", 1...10_000) { $0.maxDialsPerCall = $1 },
    .number("max_breadth", 1...60) { $0.maxBreadth = $1 },
    .number("max_returns", 0...70) { $0.maxReturns = $1 },
    .number("max_calls", 0...100_000) { $0.maxCalls = $1 },
    .number("max_calls_per_source", 0...100_000) { $0.maxCallsPerSource = $1 },
    .number("max_memory", 0...1_099_511_627_776) { $0.maxMemory = $1 },
    .seconds("cancel_wait", 1...32) { $0.cancelWait = $1 },
    .seconds("incoming_timeout", 1...86_400) { $0.incomingTimeout = $1 },
  ]

  private static let mediaTable: [SettingEntry] = [
    .choice("media") { $0.media = $1 },
    .ports("rtp_ports") { $0.rtpPorts = $1 },
    .text("speech_program") { $0.speechProgram = $1 },
    .folder("recordings") { $0.recordings = $1 },
    .text("recording_url") { $0.recordingURL = $1 },
    .folder("sounds") { $0.sounds = $1 },
    .seconds("sound_cache", 0...86_400) { $0.soundCache = $1 },
    .flag("inband_digits") { $0.inbandDigits = $1 },
    .choice("rtp_lock") { $0.rtpLock = $1 },
  ]

  private static let documentTable: [SettingEntry] = [
    .number("max_document_bytes", 1_024...16_777_216) { $0.maxDocumentBytes = $1 },
    .number("max_idle_documents", 1...1_000) { $0.maxIdleDocuments = $1 },
    .number("max_documents_per_call", 0...1_000_000) { $0.maxDocumentsPerCall = $1 },
    .seconds("max_call_duration", 0...31_536_000) { $0.maxCallDuration = $1 },
    .text("base_url") { $0.baseURL = $1 },
    .text("fallback_url") { $0.fallbackURL = $1 },
    .choice("fallback_method") { $0.fallbackMethod = $1 },
  ]

  private static let sipTable: [SettingEntry] = [
    .choice("header_prefix") { $0.headerPrefix = $1 },
    .token("id_header_prefix", mayBeEmpty: true) { $0.idHeaderPrefix = $1 },
    .list("pass_headers") { $0.passHeaders = $1 },
    .text("from_domain") { $0.fromDomain = $1 },
    .text("default_caller_id") { $0.defaultCallerID = $1 },
    .flag("trust_domain") { $0.trustDomain = $1 },
    .flag("pass_diversion") { $0.passDiversion = $1 },
    .text("outbound_proxy") { $0.outboundProxy = $1 },
    .text("public_address") { $0.publicAddress = $1 },
    .choice("rewrite_contact") { $0.rewriteContact = $1 },
    .number("keepalive", 0...3_600) { $0.keepalive = .seconds($1) },
    .flag("naptr") { $0.naptr = $1 },
    .addresses("dns_server") { $0.dnsServer = $1 },
    .number("follow_redirects", 0...10) { $0.followRedirects = $1 },
    .seconds("session_expires", 0...86_400) { $0.sessionExpires = $1 },
    .seconds("media_timeout", 0...86_400) { $0.mediaTimeout = $1 },
    .number("max_connections", 1...100_000) { $0.maxConnections = $1 },
    .number("max_connections_per_address", 0...100_000) { $0.maxConnectionsPerAddress = $1 },
    .flag("transport_log") { $0.transportLog = $1 },
    .number("journal_limit", 0...1_099_511_627_776) { $0.journalLimit = $1 },
    .flag("journal_refusals") { $0.journalRefusals = $1 },
    .number("disk_reserve", 0...1_099_511_627_776) { $0.diskReserve = $1 },
    .number("log_limit", 0...1_099_511_627_776) { $0.logLimit = $1 },
    .line("product", upTo: 128) { $0.product = $1 },
    .flag("ask_credentials") { $0.askCredentials = $1 },
    .flag("ask_speech") { $0.askSpeech = $1 },
    .flag("ask_verbs") { $0.askVerbs = $1 },
    .choice("ask_targets") { $0.askTargets = $1 },
    .template("number_uri", .number) { $0.numberURI = $1 },
    .template("client_uri", .client) { $0.clientURI = $1 },
    .text("number_username") { $0.numberUsername = $1.isEmpty ? nil : Private($1) },
    .text("number_password") { $0.numberPassword = $1.isEmpty ? nil : Private($1) },
    .credentials("require_auth") { $0.requireAuth = $1.isEmpty ? nil : Private($1) },
  ]

  private static let webTable: [SettingEntry] = [
    .list("callback_default_events", of: ["initiated", "ringing", "answered", "completed"]) {
      $0.callbackDefaultEvents = $1
    },
    .choice("callback_call_status") { $0.callbackCallStatus = $1 },
    .choice("sequence_numbering") { $0.sequenceNumbering = $1 },
    .flag("callback_events") { $0.callbackEvents = $1 },
    .flag("http_log") { $0.httpLog = $1 },
    .number("http_log_limit", 0...1_048_576) { $0.httpLogLimit = $1 },
    .number("callback_retries", 0...10) { $0.callbackRetries = $1 },
    .seconds("callback_timeout", 1...60) { $0.callbackTimeout = $1 },
    .seconds("drain_timeout", 0...600) { $0.drainTimeout = $1 },
    .choice("sip_address_format") { $0.sipAddressFormat = $1 },
    .text("api_version") { $0.apiVersion = $1 },
    .text("account_sid") { $0.accountSid = $1 },
    .flag("twilio_aliases") { $0.twilioAliases = $1 },
    .flag("query_in_body") { $0.queryInBody = $1 },
    .flag("leg_results") { $0.legResults = $1 },
    .text("extra_params") { $0.extraParams = $1 },
    .text("signing_key") { $0.signingKey = $1.isEmpty ? nil : Private($1) },
    .token("signature_header", mayBeEmpty: false) { $0.signatureHeader = $1 },
    .choice("signature_mode") { $0.signatureMode = $1 },
    .token("idempotency_header", mayBeEmpty: false) { $0.idempotencyHeader = $1 },
    .seconds("http_timeout", 1...300) { $0.httpTimeout = $1 },
    .seconds("http_connect_timeout", 1...60) { $0.httpConnectTimeout = $1 },
    .number("http_retries", 0...5) { $0.httpRetries = $1 },
    .list("http_retry_on", of: ["ct", "rt", "4xx", "5xx", "all"]) {
      $0.httpRetryOn = $1.joined(separator: ",")
    },
    .choice("http_block_private") { $0.httpBlockPrivate = $1 },
    .choice("ask_urls") { $0.askURLs = $1 },
    .flag("tls_verify") { $0.tlsVerify = $1 },
  ]

  /// The observable deviations of §0.3, never a defect (§16).
  static let presets: [String: [(String, String)]] = [
    "restcomm": [
      ("answer_mode", "immediate"), ("screening_winner", "first-answer"),
      ("screening_reject_ends", "call"), ("after_bridge", "hangup"),
      ("ring_timeout_status", "canceled"), ("status_480_408", "failed"),
      ("callback_call_status", "event"), ("sequence_numbering", "fixed"),
      ("callback_retries", "0"), ("id_header_prefix", "X-RestComm-"),
      ("sip_address_format", "user"), ("query_in_body", "true"),
      ("gather_default_action", "next-verb"), ("early_media", "never"),
    ],
    "twilio": [
      ("answer_mode", "immediate"), ("screening_winner", "first-answer"),
      ("screening_reject_status", "completed"), ("callback_default_events", "completed"),
      ("callback_retries", "0"), ("reject_code", "404"), ("header_prefix", "drop"),
      ("id_header_prefix", "X-Twilio-"), ("api_version", "2010-04-01"),
      ("twilio_aliases", "true"), ("early_media", "never"),
      ("signature_header", "X-Twilio-Signature"),
    ],
  ]
}
