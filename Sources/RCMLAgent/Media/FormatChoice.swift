import RCMLSIP

/// Which formats are offered and taken when media comes by here (RFC 3264 §5, §6).
enum FormatChoice {
  private static let firstDynamic: UInt8 = 96
  private static let usualEvent: UInt8 = 101

  /// What we can hear and speak, and keys.
  static let spoken = [
    AudioFormat.pcmu, AudioFormat.pcma, AudioFormat.telephoneEvent(usualEvent),
  ]

  /// For a leg, by what the caller can do; `caller` empty = nothing is known. `isSpoken`: something will be played or
  /// heard here, so only what we speak ourselves is offered, as long as the caller can do it, too.
  static func offer(to caller: [AudioFormat], isSpoken: Bool) -> [AudioFormat] {
    let canSpeak = caller.contains { $0.isSpoken }
    guard !caller.isEmpty, canSpeak || !isSpoken else {
      return caller.isEmpty ? spoken : audio(of: caller) + [event(beside: caller)]
    }
    var formats = audio(of: caller)
    if isSpoken { formats.removeAll { !$0.isSpoken } }
    // PCMU and PCMA are turned into each other.
    if canSpeak {
      for format in [AudioFormat.pcmu, .pcma] where !formats.contains(where: format.names) {
        formats.append(format)
      }
    }
    return formats + [event(beside: caller)]
  }

  /// For a party that asks for an offer: all that could be agreed (spec U-52). `known`: what either side named in this
  /// dialog, whose numbers stay what they are (RFC 3264 §8.3.2). `partner`: as for `answer`.
  static func offer(again known: [AudioFormat], partner: [AudioFormat]?) -> [AudioFormat] {
    let canSpeak = partner?.contains { $0.isSpoken } ?? true
    var formats: [AudioFormat] = []
    func add(_ format: AudioFormat) {
      guard !formats.contains(where: format.names) else { return }
      var format = known.first(where: format.names) ?? format
      let isTaken = { (payload: UInt8) in
        (known + formats).contains { $0.payload == payload && !$0.names(format) }
      }
      if isTaken(format.payload) {
        guard let free = (firstDynamic...127).first(where: { !isTaken($0) }) else { return }
        format.payload = free
      }
      formats.append(format)
    }
    for format in audio(of: known) {
      if format.isSpoken ? canSpeak : partner?.contains(where: format.names) ?? false {
        add(format)
      }
    }
    for format in audio(of: partner ?? []) where !format.isSpoken { add(format) }
    if canSpeak { for format in [AudioFormat.pcmu, .pcma] { add(format) } }
    return formats + [event(beside: known + formats)]
  }

  /// Of an offer, what is taken. `partner`: what the other side of the bridge agreed to; nil = nobody is there, and we
  /// speak ourselves. Empty = there is nothing both can do.
  static func answer(to offer: [AudioFormat], partner: [AudioFormat]?) -> [AudioFormat] {
    let events = offer.filter { $0.isTelephoneEvent }
    let spoken = offer.filter { $0.isSpoken }
    guard let partner else { return spoken.isEmpty ? [] : spoken + events }
    let common = audio(of: offer).filter { format in partner.contains { $0.names(format) } }
    if common.contains(where: { $0.isSpoken }) { return common + events }
    // Behind what passes untouched stands what we speak: a prompt may come later.
    let isTurned = partner.contains { $0.isSpoken }
    guard !common.isEmpty || (isTurned && !spoken.isEmpty) else { return [] }
    return common + spoken + events
  }

  private static func audio(of formats: [AudioFormat]) -> [AudioFormat] {
    formats.filter { !$0.isTelephoneEvent && !$0.encoding.isEmpty }
  }

  private static func event(beside formats: [AudioFormat]) -> AudioFormat {
    if let known = formats.first(where: { $0.encoding == AudioFormat.telephoneEvent(0).encoding }) {
      return known
    }
    let taken = formats.map(\.payload)
    let free = (firstDynamic...127).first { !taken.contains($0) } ?? usualEvent
    return .telephoneEvent(taken.contains(usualEvent) ? free : usualEvent)
  }
}
