import RCMLBasics

/// One call's ladder: columns, arrows between them, notes beside the agent.
struct LadderCanvas {
  private(set) var text = ""
  private let titles: [String]
  private let places: [LadderCalls.Column?: Int]
  private let time: TraceTime
  private let margin: Int
  private let gap: Int
  private let width: Int

  init(call: LadderCall, entries: [LadderEntry], story: LadderStory, _ options: TraceOptions) {
    time = TraceTime(options.time)
    margin = time.width + 2
    width = options.width
    var found: Set<LadderCalls.Column> = []
    for entry in entries {
      guard case .arrow(let arrow) = entry.content else { continue }
      if let column = story.calls.columns[arrow.peer]?.column { found.insert(column) }
    }
    let legs = found.compactMap { column -> LegNumber? in
      guard case .leg(let leg) = column else { return nil }
      return leg
    }.sorted()
    // The agent is the column without a name.
    var order: [LadderCalls.Column?] = [.caller, nil]
    order += legs.map { .leg($0) }
    if found.contains(.web) { order.append(.web) }

    titles = order.map { column in
      switch column {
      case nil: return "rcml"
      case .caller: return "caller"
      case .leg(let leg):
        let target = call.legs[leg]?.target ?? ""
        return target.isEmpty ? leg.name : LadderCanvas.short(target)
      case .web: return "web"
      }
    }
    places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    gap = min(30, max(15, (width - margin - 12) / max(1, order.count - 1)))

    heading(call, order)
    guard let start = entries.first?.instant else { return }
    for entry in entries { draw(entry, time.text(of: entry, since: start), story) }
    ending(call)
  }

  /// `alice@127.0.0.1:5080` of `sip:alice@127.0.0.1:5080;transport=tcp`.
  private static func short(_ uri: String) -> String {
    var rest = uri[...]
    if let colon = rest.firstIndex(of: ":") { rest = rest[rest.index(after: colon)...] }
    return String(rest.prefix { $0 != ";" && $0 != "?" })
  }

  private mutating func heading(_ call: LadderCall, _ order: [LadderCalls.Column?]) {
    var head = "call \(call.number.number)"
    if let sid = call.sid { head += "  \(sid)" }
    if !call.from.isEmpty || !call.to.isEmpty {
      head += "  \(call.from.isEmpty ? "-" : call.from) → \(call.to)"
    }
    text += clip(head) + "\n"
    if let start = time.whole(call.unixMicroseconds) { text += "began \(start)\n" }
    var line = String(repeating: " ", count: margin)
    for (index, title) in titles.enumerated() {
      let room = index == titles.count - 1 ? max(gap, width - margin - index * gap) : gap
      let user = String(title.prefix { $0 != "@" })
      let shown = clip(title.count <= room - 2 ? title : user, to: room - 2)
      line += shown
      if index < titles.count - 1 {
        line += String(repeating: " ", count: room - shown.count)
      }
    }
    text += line + "\n"
  }

  private mutating func ending(_ call: LadderCall) {
    guard let end = call.end?.facts else { return }
    var line = "ended: \(end.status.rawValue), by \(end.hangupBy.rawValue)"
    if let code = end.sipCode { line += ", with \(code)" }
    if end.duration > 0 { line += ", after \(end.duration) s" }
    text += String(repeating: " ", count: margin) + line + "\n"
    text += String(repeating: " ", count: margin) + JournalWords.words(of: end.reason) + "\n"
  }

  private mutating func draw(_ entry: LadderEntry, _ time: String, _ story: LadderStory) {
    var row = Array(repeating: Character(" "), count: margin + gap * (titles.count - 1) + 1)
    for index in titles.indices { row[margin + index * gap] = "│" }
    switch entry.content {
    case .note(_, let note): place(note, beside: 1, in: &row)
    case .arrow(let content):
      guard let column = story.calls.columns[content.peer]?.column, let place = places[column]
      else { return }
      let (from, to) = content.isSent ? (1, place) : (place, 1)
      arrow(from: from, to: to, content.labels, content.isRepeated, in: &row)
    }
    let line = time + String(row[time.count...])
    text += trimmed(line) + "\n"
  }

  private func arrow(
    from: Int, to: Int, _ labels: [String], _ isRepeated: Bool, in row: inout [Character]
  ) {
    let left = margin + min(from, to) * gap
    let right = margin + max(from, to) * gap
    for position in (left + 1)..<right { row[position] = row[position] == "│" ? "┼" : "─" }
    if from < to {
      row[left] = "├"
      row[right - 1] = "▶"
    } else {
      row[right] = "┤"
      row[left + 1] = "◀"
    }
    // The label stands beside the agent when the arrow is long, so that it is read where the eye is.
    let room = min(right - left, max(gap, 30)) - 6
    let marked = isRepeated ? labels.map { $0 + " again" } + labels : labels
    let label = marked.first { $0.count <= room } ?? clip(labels.last ?? "", to: room)
    let start = left + 3
    for (offset, character) in (" " + label + " ").enumerated() where start + offset < right - 1 {
      row[start + offset - 1 + (from < to ? 0 : 1)] = character
    }
  }

  private func place(_ note: String, beside column: Int, in row: inout [Character]) {
    let start = margin + column * gap + 2
    let room = width - start
    let shown = Array(clip(note, to: max(10, room)))
    while row.count < start + shown.count { row.append(" ") }
    for (offset, character) in shown.enumerated() { row[start + offset] = character }
  }

  private func clip(_ text: String, to limit: Int? = nil) -> String {
    let limit = limit ?? width
    return text.count <= limit ? text : String(text.prefix(max(0, limit - 1))) + "…"
  }

  private func trimmed(_ line: String) -> String {
    var line = line
    while line.hasSuffix(" ") { line.removeLast() }
    return line
  }
}
