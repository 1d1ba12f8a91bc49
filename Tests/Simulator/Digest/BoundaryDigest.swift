import RCMLBasics

/// Everything that leaves the agent in one world, with its instant, as one number; in full where it is asked for.
///
/// What travels by different ways is counted apart: of two things at one instant, one to a phone and one to the host,
/// nobody outside can tell which was first. Numbers that only name something between core and reactor (streams,
/// exchanges, lookups) are not in it, nor sentences for people (findings, refusals): their codes are.
package struct BoundaryDigest: Sendable {
  enum Way: Int, CaseIterable {
    /// SIP messages, connections and lookups.
    case network
    /// RTP and RTCP.
    case sound
    case web
    case host
    case files
  }

  enum Field {
    case number(Int)
    case text(String)
    case octets([UInt8])
    case address(SocketAddress?)

    static func number(_ value: Int?) -> Field { .number(value ?? -1) }
  }

  /// Keeps lines, and not only their digest.
  var isFull = false
  package private(set) var lines: [String] = []
  private var hashes = Way.allCases.map { KeyedHash(key: (UInt64($0.rawValue), 0), wide: false) }

  package var value: UInt64 {
    var whole = KeyedHash(key: (0, 1), wide: false)
    for hash in hashes { whole.combine(hash.value()) }
    return whole.value()
  }

  mutating func note(_ way: Way, _ what: String, at instant: Instant, _ fields: [Field]) {
    let place = way.rawValue
    hashes[place].combine(instant.nanoseconds)
    mix(Array(what.utf8), place)
    for field in fields {
      switch field {
      case .number(let number): hashes[place].combine(UInt64(bitPattern: Int64(number)))
      case .text(let text): mix(Array(text.utf8), place)
      case .octets(let octets): mix(octets, place)
      case .address(let address):
        hashes[place].combine(address?.high ?? 0)
        hashes[place].combine(address?.low ?? 0)
        hashes[place].combine(UInt64(address?.port ?? 0))
      }
    }
    if isFull { lines.append(line(way, what, at: instant, fields)) }
  }

  /// What comes in is no part of it, and helps whoever reads it in full.
  mutating func comment(_ what: String, at instant: Instant, _ octets: [UInt8]) {
    guard isFull else { return }
    lines.append("(" + line(.network, what, at: instant, [.octets(octets)]) + ")")
  }

  /// With its length, so that neighbours cannot run into each other.
  private mutating func mix(_ octets: [UInt8], _ place: Int) {
    hashes[place].combine(UInt64(octets.count))
    hashes[place].combine(octets)
  }

  private func line(_ way: Way, _ what: String, at instant: Instant, _ fields: [Field]) -> String {
    var line = "\(instant.nanoseconds) \(way) \(what)"
    for field in fields {
      switch field {
      case .number(let number): line += " \(number)"
      case .text(let text): line += " \(text)"
      case .address(let address): line += " " + (address.map(text) ?? "nowhere")
      case .octets(let octets) where way == .sound || way == .files:
        var hash = KeyedHash(key: (0, 2), wide: false)
        hash.combine(octets)
        line += " \(octets.count) octets \(DigestTable.hexadecimal(hash.value(), digits: 16))"
      case .octets(let octets):
        let text = String(decoding: octets, as: UTF8.self)
        line += "\n    " + text.split(separator: "\r\n").joined(separator: "\n    ")
      }
    }
    return line
  }

  private func text(_ address: SocketAddress) -> String {
    let parts = [24, 16, 8, 0].map { "\(address.low >> UInt64($0) & 255)" }
    return parts.joined(separator: ".") + ":\(address.port)"
  }
}
