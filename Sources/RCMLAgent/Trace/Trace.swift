import RCMLBasics

/// What a journal, or a running agent, tells of its calls: as a ladder, a list, a reason, or objects for programs.
public enum Trace {
  /// `write` gets the text piece by piece; of objects, one at a time.
  public static func write(
    _ journal: [UInt8], _ options: TraceOptions, to write: (String) -> Void
  ) throws(JournalError) {
    try self.write(try LadderStory(journal), options, to: write)
  }

  static func write(
    _ story: LadderStory, _ options: TraceOptions, to write: (String) -> Void
  ) throws(JournalError) {
    let chosen = try calls(of: story, options)
    switch options.form {
    case .ladder: write(Ladder.draw(story, chosen, options))
    case .list: write(CallList.text(of: chosen, options))
    case .why: write(CallReason.text(of: chosen, options))
    case .objects: TraceObjects(story, options).write(chosen, to: write)
    case .calls:
      let objects = TraceObjects(story, options)
      for call in chosen { write(objects.object(of: call).text + "\n") }
    }
  }

  /// In the order in which they began.
  private static func calls(
    of story: LadderStory, _ options: TraceOptions
  ) throws(JournalError) -> [LadderCall] {
    var chosen = story.calls.all
    if let wanted = options.call {
      // A number that is a call's is no part of a name.
      let numbered = chosen.filter { "\($0.number.number)" == wanted }
      chosen = numbered.isEmpty ? chosen.filter { $0.isNamed(wanted) } : numbered
      guard !chosen.isEmpty else {
        throw .noSuchCall(wanted, calls: story.calls.all.count)
      }
    }
    switch options.choice {
    case .all: return chosen
    case .failed: return chosen.filter(\.hasFailed)
    case .last: return Array(chosen.suffix(1))
    }
  }
}
