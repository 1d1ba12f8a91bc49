import RCMLBasics

/// Where the packets of a voice come from, beside what its phone says of that (spec U-67).
package struct SourceScript: Sendable {
  package enum Origin: Sendable {
    /// Where it says that it listens.
    case named
    /// Another port of the host it names.
    case otherPort
    /// A NAT, which its signalling goes through as well; what it names is an address of an inner network.
    case behindNAT
    /// The same, with a proxy between: its signalling comes from elsewhere.
    case behindProxy
  }

  package var origin = Origin.named
  /// Milliseconds for which it goes on from its old port after it named another one.
  package var lingers = 0
  /// Its 200 names another port than its 183 did.
  package var movesWithAnswer = false
  /// Milliseconds from the beginning of its script until its NAT gives it another port.
  package var rebinds: Int?

  var namesInner: Bool { origin == .behindNAT || origin == .behindProxy }

  /// Where it is heard from; nil = where it says. Each voice, and each port that its NAT gives it, is told apart.
  func sender(of voice: Int, at phone: SocketAddress, round: Int) -> SocketAddress? {
    let port = 60_000 + UInt16(voice % 250) * 8 + UInt16(round % 4) * 2
    switch origin {
    case .named: return nil
    case .otherPort, .behindNAT:
      var sender = phone
      sender.port = port
      return sender
    case .behindProxy: return SocketAddress(ipv4: 0x0a00_0800, port: port)
    }
  }
}
