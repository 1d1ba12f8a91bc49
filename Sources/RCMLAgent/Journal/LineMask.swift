/// Takes the values of `Authorization` and `Proxy-Authorization` out of SIP octets, wherever they are cut in two and
/// however their lines are folded (RFC 3261 §7.3.1): every octet above a blank becomes `*`.
struct LineMask {
  private enum State {
    /// At the beginning of a line; the line before was a secret one, which a blank continues.
    case start(afterSecret: Bool)
    case name
    case secret
    case other
  }

  private var state = State.start(afterSecret: false)
  /// What has been read of a name that may be one of ours.
  private var name: [UInt8] = []
  private static let nameLimit = 32

  /// Masks what stands behind `start`.
  mutating func mask(_ bytes: inout [UInt8], from start: Int = 0) {
    for index in start..<bytes.count {
      let octet = bytes[index]
      switch state {
      case .other:
        if octet == UInt8(ascii: "\n") { state = .start(afterSecret: false) }
      case .start(let afterSecret):
        begin(octet, afterSecret)
      case .name:
        read(octet)
      case .secret:
        if octet == UInt8(ascii: "\n") {
          state = .start(afterSecret: true)
        } else if octet > 0x20 {
          bytes[index] = UInt8(ascii: "*")
        }
      }
    }
  }

  private mutating func begin(_ octet: UInt8, _ afterSecret: Bool) {
    switch octet {
    case UInt8(ascii: "\n"): state = .start(afterSecret: false)
    case 0x20, 0x09: state = afterSecret ? .secret : .other
    case UInt8(ascii: "A"), UInt8(ascii: "a"), UInt8(ascii: "P"), UInt8(ascii: "p"):
      // Only these letters begin a header that is masked: all other lines cost a comparison an octet.
      state = .name
      name = [octet]
    default: state = .other
    }
  }

  private mutating func read(_ octet: UInt8) {
    if octet == UInt8(ascii: ":") {
      state = SecretMask.isSecret(name: name[...]) ? .secret : .other
    } else if octet == UInt8(ascii: "\n") {
      state = .start(afterSecret: false)
    } else if name.count < LineMask.nameLimit {
      name.append(octet)
    } else {
      state = .other
    }
  }
}
