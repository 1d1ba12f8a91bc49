/// What this user agent can do, as header fields.
enum Capabilities {
  /// Methods answered other than 405. UPDATE and PRACK are served inside sessions.
  static let allowed: StaticString = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK"
  /// In our INVITEs and refreshes (RFC 3262, RFC 4028).
  static let supported: StaticString = "100rel, timer"
  static let accepted: StaticString = "application/sdp"

  /// RFC 3261 §8.2.2.3: what a request requires and we do not do.
  static func unsupported(by message: Message) -> [ArraySlice<UInt8>] {
    guard message.value(of: .require) != nil else { return [] }
    return message.values(of: .require).filter {
      !$0.equalsIgnoringCase("timer") && !$0.equalsIgnoringCase("100rel")
    }
  }
}
