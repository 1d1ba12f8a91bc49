import RCMLBasics

/// Draws what a journal tells: one ladder a call, the agent in the middle of its parties.
///
///     call 1  CA0000…  sip:alice@127.0.0.1 → sip:service@127.0.0.1
///              caller                 rcml                   leg 0
///      0.000   ├─ INVITE 1 sdp ──────▶│                      │
///      0.000   │◀─ 100 Trying ────────┤                      │
package enum Ladder {
  /// More calls than this are not drawn at once: whoever looks for one names it.
  static let callLimit = 20

  /// `call`: a sid, or its first characters, or a call number; nil = all.
  package static func draw(
    _ journal: [UInt8], call wanted: String? = nil, width: Int = 100
  ) throws(JournalError) -> String {
    let story = try LadderStory(journal)
    var groups: [CallNumber: [LadderEntry]] = [:]
    var outside: [LadderEntry] = []
    for entry in story.entries {
      if let call = entry.call ?? peerCall(entry, story) {
        groups[call, default: []].append(entry)
      } else {
        outside.append(entry)
      }
    }
    let chosen = story.calls.filter { isWanted($0, wanted) }
    var text = ""
    for call in chosen.prefix(wanted == nil ? callLimit : chosen.count) {
      if !text.isEmpty { text += "\n" }
      text +=
        LadderCanvas(call: call, entries: groups[call.number] ?? [], story: story, width)
        .text
    }
    if wanted == nil {
      if !outside.isEmpty { text += outsideText(outside, isOnlyPart: !text.isEmpty, width) }
      if chosen.count > callLimit {
        text += "\n\(chosen.count - callLimit) more calls are not shown: name one of them.\n"
      }
      if text.isEmpty { text = "Nothing in this journal can be drawn: no call came or went.\n" }
    } else if chosen.isEmpty {
      throw .noSuchCall(wanted ?? "", calls: story.calls.count)
    }
    if story.isTorn {
      text += "\nThe journal ends in the middle of a record: its writer was stopped there.\n"
    }
    return text
  }

  private static func peerCall(_ entry: LadderEntry, _ story: LadderStory) -> CallNumber? {
    switch entry.content {
    case .arrow(let peer, _, _, _): return story.columns[peer]?.call
    case .note: return nil
    }
  }

  static func isWanted(_ call: LadderStory.Call, _ wanted: String?) -> Bool {
    guard let wanted else { return true }
    if let number = UInt64(wanted) { return call.number.number == number }
    guard wanted.utf8.count > 2, let sid = call.sid else { return false }
    return sid.description.hasPrefix(wanted)
  }

  /// What belongs to no call: strangers' requests, and what was refused.
  private static func outsideText(
    _ entries: [LadderEntry], isOnlyPart: Bool, _ width: Int
  ) -> String {
    var text = isOnlyPart ? "\noutside of calls\n" : "outside of calls\n"
    let start = entries[0].instant
    for entry in entries.prefix(200) {
      let line: String
      switch entry.content {
      case .arrow(_, let isSent, let labels, let isRepeated):
        line =
          (isSent ? "rcml ─▶ " : "rcml ◀─ ") + (labels.first ?? "")
          + (isRepeated ? " again" : "")
      case .note(let note): line = note
      }
      text += LadderCanvas.time(entry.instant - start) + "  " + String(line.prefix(width - 12))
      text += "\n"
    }
    if entries.count > 200 { text += "   … and \(entries.count - 200) more\n" }
    return text
  }
}
