import CSystem
import RCMLAgent
import RCMLBasics
import RCMLMedia

/// Keeps the keys of sound outside of the core (spec T-18).
///
/// Whatever the core reads of a key, writes of it, journals, mirrors and shows is the key *sealed*: another one of the same
/// length, which only this process can exchange for the real one, by a secret that is drawn when the first key is seen and
/// that is written nowhere. Equal keys are equal when sealed, so a replay does the same; keys of our own are drawn by the core
/// already sealed. What travels, and what packets are made with, is opened here.
final class KeySeal {
  /// Nil: none was needed so far.
  private var secret: [UInt8]?
  /// Of connections whose last octets may belong to a key.
  private var scans: [ConnectionID: KeyScan] = [:]
  private var room: [UInt8] = []

  // MARK: what the core hears

  /// Hands on the input, its keys sealed.
  func sealed(_ input: Input, _ body: (Input) -> Void) {
    guard case .network(let network) = input else { return body(input) }
    switch network {
    case .datagram(let listener, let from, let local, let bytes):
      guard KeyScan.mayHoldKeys(bytes) else { return body(input) }
      exchange(bytes, sealedText).withUnsafeBytes {
        body(.network(.datagram(listener, from: from, local: local, bytes: $0)))
      }
    case .datagramOverdue(let listener, let from, let local, let bytes):
      guard KeyScan.mayHoldKeys(bytes) else { return body(input) }
      exchange(bytes, sealedText).withUnsafeBytes {
        body(.network(.datagramOverdue(listener, from: from, local: local, bytes: $0)))
      }
    case .streamBytes(let id, let bytes):
      sealStream(id, bytes) { body(.network(.streamBytes(id, bytes: $0))) }
    case .streamClosed(let id), .streamFailed(let id, _):
      scans[id] = nil
      body(input)
    case .listening, .listenerClosed, .listenerLeaves, .listenerShown, .datagramRefused,
      .streamAccepted, .streamSecured, .streamConnected, .routeFound:
      body(input)
    }
  }

  private func sealStream(
    _ id: ConnectionID, _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void
  ) {
    if scans[id] == nil, !KeyScan.mayHoldKeys(bytes), !KeyScan.mayBreakOff(bytes) {
      return body(bytes)
    }
    var scan = scans.removeValue(forKey: id) ?? KeyScan()
    room.removeAll(keepingCapacity: true)
    scan.pass(bytes, into: &room, exchange: sealedText)
    if !scan.isIdle { scans[id] = scan }
    // What is held back is part of a key, which its message cannot be read without.
    if !room.isEmpty { Array(room).withUnsafeBytes(body) }
  }

  /// The core has let go of it.
  func forget(_ id: ConnectionID) { scans[id] = nil }

  // MARK: what the core says

  /// A message as it travels.
  func opened(_ message: [UInt8]) -> [UInt8] {
    message.withUnsafeBytes { bytes in
      KeyScan.mayHoldKeys(bytes) ? exchange(bytes, openedText) : message
    }
  }

  func opened(_ description: StreamDescription) -> StreamDescription {
    guard let secrecy = description.sender.secrecy, let incoming = opened(secrecy.incoming),
      let outgoing = opened(secrecy.outgoing)
    else { return description }
    var description = description
    description.sender.secrecy = StreamSecrecy(incoming: incoming, outgoing: outgoing)
    return description
  }

  private func opened(_ key: SecureKey) -> SecureKey? {
    SecureKey(
      key.suite, exchanged(key.octets, opening: true), identifierLength: key.identifierLength)
  }

  // MARK: one message

  private func exchange(
    _ bytes: UnsafeRawBufferPointer, _ each: ([UInt8]) -> [UInt8]
  ) -> [UInt8] {
    var scan = KeyScan()
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    scan.pass(bytes, into: &result, exchange: each)
    scan.finish(into: &result, exchange: each)
    return result
  }

  private func sealedText(_ text: [UInt8]) -> [UInt8] { exchanged(text: text, opening: false) }
  private func openedText(_ text: [UInt8]) -> [UInt8] { exchanged(text: text, opening: true) }

  /// As long as it was. What is no Base64 is nobody's key, and is blanked.
  private func exchanged(text: [UInt8], opening: Bool) -> [UInt8] {
    guard let octets = Base64.decode(text) else {
      return [UInt8](repeating: UInt8(ascii: "A"), count: text.count)
    }
    return Array(Base64.encode(exchanged(octets, opening: opening)).prefix(text.count))
  }

  // MARK: one key

  /// A permutation of all keys of one length: four rounds of a Feistel network with HMAC-SHA-256 (Luby and Rackoff). Where
  /// there is no libcrypto, nobody could use the key either: it is blanked.
  private func exchanged(_ octets: [UInt8], opening: Bool) -> [UInt8] {
    guard let secret = secretOrDrawn() else { return [UInt8](repeating: 0, count: octets.count) }
    var left = Array(octets[..<(octets.count / 2)])
    var right = Array(octets[(octets.count / 2)...])
    for step in 0..<4 {
      let round = UInt8(opening ? 3 - step : step)
      let isRight = round % 2 == 0
      let source = isRight ? left : right
      guard let mask = mask(secret, round, source, count: isRight ? right.count : left.count)
      else { return [UInt8](repeating: 0, count: octets.count) }
      if isRight {
        for place in right.indices { right[place] ^= mask[place] }
      } else {
        for place in left.indices { left[place] ^= mask[place] }
      }
    }
    return left + right
  }

  private func mask(_ secret: [UInt8], _ round: UInt8, _ half: [UInt8], count: Int) -> [UInt8]? {
    var mask: [UInt8] = []
    while mask.count < count {
      let part = [round, UInt8(truncatingIfNeeded: mask.count / 32)] + half
      guard let more = Digest.hmac(.sha256, key: secret, part) else { return nil }
      mask += more
    }
    return mask
  }

  private func secretOrDrawn() -> [UInt8]? {
    if let secret { return secret }
    var drawn = [UInt8](repeating: 0, count: 32)
    let status = drawn.withUnsafeMutableBytes { system_random($0.baseAddress, $0.count) }
    guard status == 0 else { return nil }
    secret = drawn
    return drawn
  }
}
