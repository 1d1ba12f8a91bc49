extension LegMachine {
  /// The status of a leg by the final response to its INVITE (spec M-1, `Result/StatusMapping.table.md`).
  public static func status(
    of code: UInt16, for480And408: CallStatus = .noAnswer
  ) -> CallStatus {
    switch code {
    case 200..<300: .completed
    case 486, 600, 603, 607: .busy
    case 408, 480: for480And408
    case 487: .noAnswer
    default: .failed  // numbers, not cases: every other code, known or not
    }
  }
}
