import RCMLBasics

/// What requests are told apart by, hashed with a key of ours: no peer can make two of them fall together.
struct RequestKeys {
  let hashKey: (UInt64, UInt64)

  /// RFC 3261 §17.2.3: branch, sent-by and method; ACK and CANCEL look for the INVITE's. A request of RFC 2543 is
  /// known by what that section lists instead; its ACK has a To tag its INVITE had not, so that is left out there.
  func transaction(of message: Message, as method: Method) -> KeyedHash.Digest {
    var hash = KeyedHash(key: hashKey)
    let via = message.topVia
    hash.combine(method.rawValue)
    if method == .other { combine(message.methodName, &hash) }
    if via.hasMagicCookie {
      combine(via.branch, &hash)
      combine(via.host, &hash)
      hash.combine(UInt64(via.port ?? 5060))
      return hash.digest()
    }
    combine(message.requestURI, &hash)
    combine(message.fromTag, &hash)
    if method != .invite { combine(message.toTag, &hash) }
    combine(message.callID, &hash)
    hash.combine(UInt64(message.cseq))
    combine(via.host, &hash)
    hash.combine(UInt64(via.port ?? 5060))
    combine(via.branch, &hash)
    return hash.digest()
  }

  /// RFC 3261 §8.2.2.2: From tag, Call-ID and CSeq.
  func merge(of message: Message) -> KeyedHash.Digest {
    var hash = KeyedHash(key: hashKey)
    combine(message.fromTag, &hash)
    combine(message.callID, &hash)
    hash.combine(UInt64(message.cseq))
    return hash.digest()
  }

  private func combine(_ octets: ArraySlice<UInt8>, _ hash: inout KeyedHash) {
    octets.withUnsafeBytes { hash.combine($0) }
    hash.combine(UInt64(octets.count))
  }
}

extension Message {
  /// RFC 3261 §18.2.2 with RFC 3581 §4: back over the stream; for a datagram to the address it came from, at the
  /// port it came from when the peer asked for that, else at sent-by's. `maddr` is not followed: it would send our
  /// answer wherever a stranger likes (failures A6).
  func responseFlow(over flow: Flow) -> Flow {
    guard case .datagram(let listener, var remote) = flow else { return flow }
    if !parts.topVia.hasRport { remote.port = parts.topVia.port ?? 5060 }
    return .datagram(listener, remote: remote)
  }
}
