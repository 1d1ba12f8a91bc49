import RCMLBasics

/// A world in which phones that speak over streams speak TLS, and some of them are not who they were called for.
extension World {
  /// What a phone, or a web server, says in such a world; as long as it was.
  func secured(_ bytes: [UInt8]) -> [UInt8] {
    guard isSecured else { return bytes }
    var bytes = bytes
    for (plain, secured) in [(";transport=tcp", ";transport=tls"), ("SIP/2.0/TCP", "SIP/2.0/TLS")] {
      let (old, new) = (Array(plain.utf8), Array(secured.utf8))
      var index = 0
      while index + old.count <= bytes.count {
        if bytes[index] == old[0], bytes[index..<index + old.count].elementsEqual(old) {
          bytes.replaceSubrange(index..<index + old.count, with: new)
          index += old.count
        } else {
          index += 1
        }
      }
    }
    return bytes
  }

  /// Whoever is there proves to be `domain`, or somebody else.
  func openSecured(_ id: ConnectionID, to destination: SocketAddress, _ domain: [UInt8]) {
    if !isCalm, network.chance(5) {
      watch.streamsFailed = true
      securedRefusals += 1
      return hand(.network(.streamFailed(id, .certificateName)))
    }
    securedConnections += 1
    hand(.network(.streamSecured(id, peer: domain)))
    openStream(id, to: destination)
    streams[id]?.isSecured = true
  }

  /// T-7: what is asked of a target over TLS goes by no other way, whatever fails.
  func checkSecured(_ bytes: [UInt8], _ isSecured: Bool) {
    guard self.isSecured, !isSecured else { return }
    let octets = bytes.prefix { $0 != 13 }
    let line = String(decoding: octets, as: UTF8.self)
    let wants = ["transport=tls", " sips:"].contains { word in
      octets.indices.contains { octets[$0...].starts(with: word.utf8) }
    }
    guard wants, !line.hasPrefix("SIP/") else { return }
    watch.fail(.downgrade, "sent without TLS: \(line)")
  }
}
