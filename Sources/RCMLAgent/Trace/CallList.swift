import RCMLBasics

/// One line a call: number, start, sid, who calls whom, how long, and how it ended.
enum CallList {
  static func text(of calls: [LadderCall], _ options: TraceOptions) -> String {
    guard let first = calls.first else {
      return options.choice == .failed ? "No call failed.\n" : "There is no call.\n"
    }
    let time = TraceTime(options.time)
    var text = time.whole(first.unixMicroseconds).map { "since \($0)\n" } ?? ""
    let rows = calls.map {
      row(of: $0, time.text($0.began.instant - first.began.instant, $0.unixMicroseconds))
    }
    let widths = rows.reduce(into: [Int](repeating: 0, count: columns)) { widths, row in
      for (index, cell) in row.enumerated() { widths[index] = max(widths[index], cell.count) }
    }
    for row in rows {
      var line = ""
      for (index, cell) in row.enumerated() {
        let blanks = String(repeating: " ", count: widths[index] - cell.count)
        let isLast = index == row.count - 1
        line += isNumber(index) ? blanks + cell : isLast ? cell : cell + blanks
        if !isLast { line += "  " }
      }
      text += line + "\n"
    }
    return text
  }

  private static let columns = 6

  private static func isNumber(_ column: Int) -> Bool { column == 0 || column == 4 }

  private static func row(of call: LadderCall, _ time: String) -> [String] {
    let parties = "\(short(call.from)) → \(short(call.to))"
    return [
      "\(call.number.number)", time, call.sid?.description ?? "-",
      parties.count > 60 ? parties.prefix(59) + "…" : parties,
      call.end.map { "\($0.facts.duration) s" } ?? "", CallReason(call).ending,
    ]
  }

  /// A URI without its scheme, which all of them have.
  private static func short(_ uri: String) -> String {
    uri.isEmpty ? "-" : uri.hasPrefix("sip:") ? String(uri.dropFirst(4)) : uri
  }
}
