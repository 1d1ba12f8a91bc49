/// How calls, their Dials and their screenings behave (spec §5 … §8).
extension Settings {
  static let callTable: [SettingEntry] = [
    .choice(
      "answer_mode", \.answerMode, "L-3",
      "When the caller is answered: once a party has accepted, or as soon as a Dial begins."),
    .choice(
      "ringing_mode", \.ringingMode, "L-2",
      "When the caller hears that it rings: as soon as a Dial begins, or once a party rings."),
    .choice(
      "screening_winner", \.screeningWinner, "F-3",
      "Who wins a Dial with screening: the first party to accept, or the first one to answer."),
    .choice(
      "screening_reject_ends", \.screeningRejectEnds, "C-13",
      "What a party ends that refuses in its screening: its own leg, or the whole call."),
    .choice(
      "screening_reject_status", \.screeningRejectStatus, "C-15",
      "The status of a leg whose party refused in its screening, or did nothing there."),
    .choice(
      "after_bridge", \.afterBridge, "L-44",
      "What happens when the party hangs up: the document continues, or the caller is hung up."),
    .choice(
      "ring_timeout_status", \.ringTimeoutStatus, "M-3",
      "The status of a Dial and its legs when nobody answered in time."),
    .choice(
      "status_480_408", \.status480And408, "M-1", "The status of a leg that ended with 480 or 408."
    ),
    .number(
      "reject_code", \.rejectCode, 400...699, like: "404", "V-17",
      "The SIP status that Reject sends for the reason \"rejected\"."),
    .choice(
      "early_media", \.earlyMedia, "U-20",
      "Whether a caller hears a party before it answers: while one alone is rung, never, or always."
    ),
    .choice(
      "gather_default_action", \.gatherDefault, "V-13",
      "Where a Gather without action sends its keys: to the document's own URL, or nowhere."),
    .choice(
      "late_offer", \.lateOffer, "L-6",
      "Whether an INVITE without SDP is accepted with an offer of ours, or refused with 488."),
    .text(
      "ring_tone", \.ringTone, "the two letters of a country whose tone is known, like us",
      like: "de", "D-10", "The country whose ringing tone an answered caller hears.",
      where: { RingTone.of($0) != nil }, mayBeEmpty: false),
    .text(
      "lost_race_prompt", \.lostRacePrompt, like: "Somebody else has taken the call.", "C-17",
      "What is said to a party whose screening is cut short because another one won."),
    .seconds(
      "cancel_wait", \.cancelWait, 1...32, like: "2.5", "L-22",
      "How long a Dial waits for the end of a leg that it has cancelled."),
    .seconds(
      "call_timeout", \.callTimeout, 1...600, like: "30", "U-65",
      "How long a call of our own may ring before it is cancelled and ends no-answer."),
    .seconds(
      "incoming_timeout", \.incomingTimeout, 1...86_400, like: "10", "Q-37",
      "How long an incoming call waits for the host to take it; then it gets 480."),
  ]

  static let limitTable: [SettingEntry] = [
    .number(
      "max_calls", \.maxCalls, 0...100_000, like: "500", "Y-9",
      "Calls that came in and may be under way at once; others get 503; 0 is no limit."),
    .number(
      "max_calls_per_source", \.maxCallsPerSource, 0...100_000, like: "50", "Y-9",
      "Of them, those from one address; 0 is no limit."),
    .number(
      "max_memory", \.maxMemory, 0...1_099_511_627_776, like: "1073741824", "Y-9",
      "Octets of memory the process may have before new calls are refused; 0 is no limit."),
    .number(
      "max_connections", \.maxConnections, 1...100_000, like: "2000", "Y-12",
      "TCP connections of SIP at once."),
    .number(
      "max_connections_per_address", \.maxConnectionsPerAddress, 0...100_000, like: "100", "Y-12",
      "Of them, those from one address; 0 is no limit."),
    .number(
      "max_targets", \.maxTargets, 1...64, like: "20", "D-23",
      "Parties that one Dial rings; further ones are ignored with a warning."),
    .number(
      "max_dials_per_call", \.maxDialsPerCall, 1...10_000, like: "100", "Y-2", "Dials of one call."
    ),
    .number(
      "max_breadth", \.maxBreadth, 1...60, like: "20", "Y-6",
      "Legs at once that come of one INVITE, however often it is forked; the others get 440."),
    .number(
      "max_returns", \.maxReturns, 0...70, like: "0", "Y-6",
      "How often a call may come back to this agent as a leg of its own; then it gets 482."),
    .seconds(
      "max_call_duration", \.maxCallDuration, 0...31_536_000, like: "7200", "Y-11",
      "How long a call may last from its first moment to its last; 0 is no limit."),
    .number(
      "max_documents_per_call", \.maxDocumentsPerCall, 0...1_000_000, like: "100", "Y-11",
      "Documents that one call runs, those of screenings too; 0 is no limit."),
    .number(
      "max_idle_documents", \.maxIdleDocuments, 1...1_000, like: "50", "G-21",
      "Documents in a row that did nothing that takes time; then the call ends."),
    .number(
      "max_document_bytes", \.maxDocumentBytes, 1_024...16_777_216, like: "262144", "G-3",
      "Octets that a document may have."),
  ]
}
