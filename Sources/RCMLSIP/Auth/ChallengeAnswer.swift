import RCMLBasics

/// A challenge, who answers it, and how often that has been done (spec ).
public struct ChallengeAnswer: Sendable {
  public private(set) var challenge: Challenge
  public var credentials: Credentials
  /// 16 hex digits of 64 random bits; the same while the nonce is, because `-sess` is computed with the first.
  private var cnonce: [UInt8]
  private var count: UInt32 = 0

  public init(_ challenge: Challenge, _ credentials: Credentials, random: UInt64) {
    self.challenge = challenge
    self.credentials = credentials
    cnonce = ChallengeAnswer.hex(random)
  }

  /// A new challenge from the same place and realm: the count goes on only while the nonce is the old one.
  public mutating func renew(_ new: Challenge, random: UInt64) {
    if new.nonce != challenge.nonce {
      cnonce = ChallengeAnswer.hex(random)
      count = 0
    }
    challenge = new
  }

  /// The header line for one request; nil where there is no libcrypto. `uri` is the Request-URI exactly as it goes
  /// out.
  public mutating func line(method: [UInt8], uri: [UInt8], body: [UInt8]) -> HeaderLine? {
    count &+= 1
    var number = ByteWriter(capacity: 16)
    number.appendHex(UInt64(count))
    let digits = Array(number.finish().suffix(8))
    let algorithm = challenge.algorithm
    let computation = DigestComputation(
      algorithm: algorithm, quality: challenge.quality, realm: challenge.realm,
      nonce: challenge.nonce, cnonce: cnonce, count: digits)
    guard
      let response = computation.response(credentials, method: method, uri: uri, body: body),
      let username = username()
    else { return nil }
    var writer = ByteWriter(capacity: 320)
    writer.append("Digest username=")
    writer.append(quoted: username)
    writer.append(", realm=")
    writer.append(quoted: challenge.realm)
    writer.append(", nonce=")
    writer.append(quoted: challenge.nonce)
    writer.append(", uri=")
    writer.append(quoted: uri)
    writer.append(", response=")
    writer.append(quoted: response)
    if challenge.namesAlgorithm {
      writer.append(", algorithm=")
      writer.append(algorithm.name)
    }
    if challenge.quality != .none || algorithm.isSession {
      writer.append(", cnonce=")
      writer.append(quoted: cnonce)
    }
    if let opaque = challenge.opaque {
      writer.append(", opaque=")
      writer.append(quoted: opaque)
    }
    if challenge.quality != .none {
      writer.append(", qop=")
      writer.append(challenge.quality.name)
      writer.append(", nc=")
      writer.append(digits)
    }
    if challenge.hashesUsername { writer.append(", userhash=true") }
    switch challenge.place {
    case .origin: return HeaderLine("Authorization", writer.finish())
    case .proxy: return HeaderLine("Proxy-Authorization", writer.finish())
    }
  }

  private func username() -> [UInt8]? {
    let name = credentials.username.exposed
    guard challenge.hashesUsername else { return name }
    return DigestComputation.hashedUsername(name, realm: challenge.realm, challenge.algorithm)
  }

  private static func hex(_ random: UInt64) -> [UInt8] {
    var writer = ByteWriter(capacity: 16)
    writer.appendHex(random)
    return writer.finish()
  }
}

extension ByteWriter {
  /// A quoted-string (RFC 3261 §25.1): quotes and backslashes escaped; what cannot stand in a header is left out.
  mutating func append(quoted octets: [UInt8]) {
    append(UInt8(ascii: "\""))
    for octet in octets where octet >= 32 && octet != 127 {
      if octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "\\") {
        append(UInt8(ascii: "\\"))
      }
      append(octet)
    }
    append(UInt8(ascii: "\""))
  }
}
