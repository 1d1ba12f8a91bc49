/// What this user agent can do, as header fields. Capabilities.table.md says in which state each word of them holds.
enum Capabilities {
  /// Methods answered other than 405. UPDATE and PRACK are served inside sessions.
  static let allowed: StaticString = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK"
  /// In an INVITE of ours that makes a dialog (RFC 3262, RFC 4028).
  static let supported: StaticString = "100rel, timer"
  /// In re-INVITE and UPDATE, whose provisional responses get no PRACK, and in an INVITE that offers nothing: the PRACK for
  /// an offer in its 18x would have to hold the answer (RFC 3262 §5).
  static let supportedInDialog: StaticString = "timer"
  static let accepted: StaticString = "application/sdp, multipart/mixed"

  /// With a 415 (RFC 3261 §21.4.13).
  static func writeAccepted(to header: inout HeaderWriter) {
    header.field("Accept", text: accepted)
    header.field("Accept-Encoding", text: "identity")
  }

  /// RFC 3261 §8.2.2.3: what a request requires and we do not do.
  static func unsupported(by message: Message) -> [ArraySlice<UInt8>] {
    guard message.value(of: .require) != nil else { return [] }
    return message.values(of: .require).filter {
      !$0.equalsIgnoringCase("timer") && !$0.equalsIgnoringCase("100rel")
    }
  }
}

extension Message {
  /// Its sender can read a session description in the answer (RFC 3261 §20.1, spec U-57): of the ranges that hold it the
  /// narrowest decides, and `q=0` refuses.
  var acceptsDescription: Bool {
    guard value(of: .accept) != nil else { return true }
    var decided = (width: Int.max, isAccepted: false)
    for value in values(of: .accept) {
      let range = MIMEValue(value)
      let width =
        range.isNamed("application/sdp")
        ? 0 : range.isNamed("application/*") ? 1 : range.isNamed("*/*") ? 2 : Int.max
      guard width < decided.width else { continue }
      decided = (width, !range.isRefused)
    }
    return decided.isAccepted
  }
}

extension MIMEValue {
  /// `q=0`, `q=0.000`.
  fileprivate var isRefused: Bool {
    guard let quality = parameter("q"), quality.first == UInt8(ascii: "0") else { return false }
    return quality.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") }
  }
}
