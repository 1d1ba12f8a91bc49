import RCMLBasics

/// Draws what a journal tells: one ladder a call, the agent in the middle of its parties.
///
///     call 1  CA0000…  sip:alice@127.0.0.1 → sip:service@127.0.0.1
///              caller                 rcml                   leg 1
///      0.000   ├─ INVITE 1 sdp ──────▶│                      │
///      0.000   │◀─ 100 Trying ────────┤                      │
public enum Ladder {
  /// More calls than this are not drawn at once: whoever looks for one names it.
  static let callLimit = 20

  /// With times since the call began. `call`: a number, a sid or its first characters, or a Call-ID; nil = all.
  public static func draw(
    _ journal: [UInt8], call wanted: String? = nil, width: Int = 100
  ) throws(JournalError) -> String {
    var options = TraceOptions()
    options.call = wanted
    options.width = width
    var text = ""
    try Trace.write(journal, options) { text += $0 }
    return text
  }

  static func draw(
    _ story: LadderStory, _ chosen: [LadderCall], _ options: TraceOptions
  ) -> String {
    let isAll = options.call == nil && options.choice == .all
    var groups: [CallNumber: [LadderEntry]] = [:]
    var outside: [LadderEntry] = []
    for entry in story.entries where !entry.isForPagesOnly {
      if let call = story.calls.call(of: entry) {
        groups[call, default: []].append(entry)
      } else {
        outside.append(entry)
      }
    }
    var text = ""
    for call in chosen.prefix(options.call == nil ? callLimit : chosen.count) {
      if !text.isEmpty { text += "\n" }
      let entries = groups[call.number] ?? []
      text += LadderCanvas(call: call, entries: entries, story: story, options).text
    }
    if isAll, !outside.isEmpty { text += outsideText(outside, isOnlyPart: !text.isEmpty, options) }
    if options.call == nil, chosen.count > callLimit {
      text +=
        "\n\(chosen.count - callLimit) more calls are not shown: rcml trace --list names them all.\n"
    }
    if text.isEmpty {
      text =
        options.choice == .failed
        ? "No call failed.\n" : "Nothing in this journal can be drawn: no call came or went.\n"
    }
    if story.isTorn {
      text += "\nThe journal ends in the middle of a record: its writer was stopped there.\n"
    }
    return text
  }

  /// What belongs to no call: strangers' requests, and what was refused.
  private static func outsideText(
    _ entries: [LadderEntry], isOnlyPart: Bool, _ options: TraceOptions
  ) -> String {
    var text = isOnlyPart ? "\noutside of calls\n" : "outside of calls\n"
    let time = TraceTime(options.time)
    let start = entries[0].instant
    for entry in entries.prefix(200) {
      let line: String
      switch entry.content {
      case .arrow(let arrow):
        line =
          (arrow.isSent ? "rcml ─▶ " : "rcml ◀─ ") + (arrow.labels.first ?? "")
          + (arrow.isRepeated ? " again" : "")
      case .note(_, let note): line = note
      }
      text += time.text(of: entry, since: start) + "  "
      text += String(line.prefix(options.width - time.width - 4)) + "\n"
    }
    if entries.count > 200 { text += "   … and \(entries.count - 200) more\n" }
    return text
  }
}
