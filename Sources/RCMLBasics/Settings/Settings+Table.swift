/// Every setting by its name (spec §16, Q-35).
extension Settings {
  /// The list by subject. What the manual, the header's list and the hosts are told of settings comes from here.
  public static let table: [SettingEntry] = {
    let subjects: [(SettingEntry.Theme, [SettingEntry])] = [
      (.calls, [presetEntry] + callTable), (.limits, limitTable), (.sound, soundTable),
      (.documents, documentTable), (.web, webTable), (.callbacks, callbackTable), (.sip, sipTable),
      (.network, networkTable + secureTable), (.numbers, numberTable), (.host, hostTable),
      (.files, fileTable),
    ]
    return subjects.flatMap { theme, entries in entries.map { $0.about(theme) } }
  }()

  public static func entry(_ name: String) -> SettingEntry? { table.first { $0.name == name } }

  private static let presetEntry = SettingEntry(
    "preset", .choice, values: "one of " + presets.keys.sorted().joined(separator: ", "),
    text: "What all other settings are where they are not set: as those of another platform.",
    example: "twilio", clause: "Q-2",
    get: { $0.given.preset },
    put: { $0.choose(preset: $1) })

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
