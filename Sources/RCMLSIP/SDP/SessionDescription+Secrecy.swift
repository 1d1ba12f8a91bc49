import RCMLBasics

/// Which of its streams are secret, and by which keys.
extension SessionDescription {
  /// The same words, judged by what is served in the dialog: read alone, nothing but `RTP/AVP` is.
  public func serving(_ profiles: SDPProfiles) -> SessionDescription {
    guard profiles != .usual else { return self }
    var judged = streams
    for place in judged.indices {
      let isSecret = hasKeys(place)
      judged[place].isSecret = profiles.contains(.secret) && isSecret
      judged[place].hidesKeys = !judged[place].isSecret && !profiles.contains(.theirKeys)
      judged[place].isServed = isServed(judged[place], hasKeys: isSecret, profiles)
    }
    return judged == streams ? self : SessionDescription(self, judged)
  }

  private func isServed(_ stream: SDPStream, hasKeys: Bool, _ profiles: SDPProfiles) -> Bool {
    let isKind = stream.kind != .video || profiles.contains(.secretVideo)
    if stream.isSecret { return isKind }
    return stream.profile == .open && profiles.contains(.open)
  }

  /// The sound that is taken is secret.
  public var isSecret: Bool { audioPlace.map { streams[$0].isSecret } ?? false }

  /// The stream that is taken: a secret one before an open one, then the first.
  var audioPlace: Int? {
    var open: Int?
    for (place, stream) in streams.enumerated() where stream.kind == .audio && stream.isUsable {
      if stream.isSecret { return place }
      if open == nil { open = place }
    }
    return open
  }

  /// The keys of the sound that is taken, the most wanted first; empty = it is open.
  public var keys: [SDPKey] {
    guard let place = audioPlace, streams[place].isSecret else { return [] }
    return keys(of: place)
  }

  /// Keys that stand beside a stream and that we understand.
  func keys(of place: Int) -> [SDPKey] {
    let stream = streams[place]
    var keys: [SDPKey] = []
    body.withUnsafeBytes { octets in
      for line in lines.lines[stream.lines].dropFirst() where keys.count < SDPKey.limit {
        guard line.type == UInt8(ascii: "a"), let key = SDPKey(reading: line.value, of: octets)
        else { continue }
        keys.append(key)
      }
    }
    return keys
  }

  private func hasKeys(_ place: Int) -> Bool {
    let stream = streams[place]
    guard stream.isOn, stream.kind != .other, stream.profile != .foreign,
      lines.lines.indices.contains(stream.lines.lowerBound)
    else { return false }
    return hasPayloads(place) && !keys(of: place).isEmpty
  }

  /// What stands behind the profile are payload types: of a profile that is not served nobody has looked.
  private func hasPayloads(_ place: Int) -> Bool {
    guard let line = mediaLine(of: place) else { return false }
    return body.withUnsafeBytes { octets in
      var position = line.value.lowerBound
      for _ in 0..<3 { _ = octets.nextWord(&position, line.value.upperBound) }
      while let word = octets.nextWord(&position, line.value.upperBound) {
        guard octets.number(word).map({ $0 < 128 }) ?? false else { return false }
      }
      return true
    }
  }

  /// An answer takes each stream as it was offered, secret or open, and names a key that was offered (RFC 4568 §5.1.3).
  public func answersSecrecy(of offer: SessionDescription) -> Bool {
    guard let place = audioPlace, offer.streams.indices.contains(place),
      streams[place].isSecret == offer.streams[place].isSecret
    else { return false }
    guard streams[place].isSecret else { return true }
    let keys = keys(of: place)
    let offered = offer.keys(of: place)
    return keys.count == 1
      && keys.allSatisfy { key in offered.contains { $0.tag == key.tag && $0.suite == key.suite } }
  }

  /// The keys on which both agree, the other side's and ours; nil = there are none.
  public func agreedKeys(with ours: SessionDescription) -> StreamSecrecy? {
    let own = ours.keys
    for theirs in keys {
      if let one = own.first(where: { $0.tag == theirs.tag && $0.suite == theirs.suite }) {
        return StreamSecrecy(incoming: theirs.key, outgoing: one.key)
      }
    }
    return nil
  }
}
