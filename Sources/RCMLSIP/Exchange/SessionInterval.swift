import RCMLBasics

/// The value of Session-Expires (RFC 4028 §4).
struct SessionInterval: Hashable, Sendable {
  enum Refresher: Hashable, Sendable { case caller, callee }

  /// Nothing below may be asked for or is taken (§4).
  static let minimum: UInt32 = 90
  /// For a peer that wants a timer and names no interval (§4).
  static let recommended: UInt32 = 1_800

  var seconds: UInt32
  /// Of the request the value belongs to: `uac` or `uas`; nil = left to the other side.
  var refresher: Refresher?

  init(seconds: UInt32, refresher: Refresher? = nil) {
    // A day is longer than any call that is still wanted, and no sum of it overflows.
    self.seconds = min(max(seconds, SessionInterval.minimum), 86_400)
    self.refresher = refresher
  }

  /// nil = the message has none, or nonsense.
  init?(of message: Message) {
    guard let seconds = message.number(of: .sessionExpires),
      let value = message.value(of: .sessionExpires)
    else { return nil }
    var refresher: Refresher?
    value.withUnsafeBytes { octets in
      let start = octets.first(UInt8(ascii: ";"), from: 0, to: octets.count) ?? octets.count
      var walk = ParameterScan(octets, from: start, to: octets.count)
      while let parameter = walk.next() {
        guard octets.equalsIgnoringCase("refresher", parameter.name) else { continue }
        if octets.equalsIgnoringCase("uac", parameter.value) { refresher = .caller }
        if octets.equalsIgnoringCase("uas", parameter.value) { refresher = .callee }
      }
    }
    self.init(seconds: seconds, refresher: refresher)
  }

  func write(_ name: StaticString, to header: inout HeaderWriter) {
    header.append(name)
    header.append(": ")
    header.append(decimal: UInt64(seconds))
    switch refresher {
    case .caller: header.append(";refresher=uac")
    case .callee: header.append(";refresher=uas")
    case nil: break
    }
    header.append("\r\n")
  }
}
