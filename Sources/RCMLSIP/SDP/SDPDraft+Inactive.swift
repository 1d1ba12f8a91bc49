import RCMLBasics

/// Descriptions for a party that nobody talks to yet: nothing flows (RFC 3264 §5.1; port 9 is the discard port).
extension SDPDraft {
  private static let discard: UInt16 = 9

  /// PCMU, PCMA and keys: all that could be agreed with us.
  public static func inactiveOffer(
    after last: SessionDescription?, address: SocketAddress, secrecy: AudioPlan.Secrecy = .open
  ) -> SDPDraft {
    let event = last?.audio?.telephoneEvent ?? 101
    var plan = AudioPlan(
      port: discard, formats: [.pcmu, .pcma, .telephoneEvent(event)], direction: .inactive)
    plan.secrecy = secrecy
    return planned(plan, .offer(after: last), address: address)
  }

  /// Takes the first audio stream that is served, with one format and keys.
  public static func inactiveAnswer(
    to offer: SessionDescription, address: SocketAddress, secrecy: AudioPlan.Secrecy = .open
  ) -> SDPDraft {
    var plan = AudioPlan(port: discard, formats: [], direction: .inactive)
    plan.secrecy = secrecy
    if let audio = offer.audio {
      let codec =
        audio.formats.first { $0.payload == 0 || $0.payload == 8 } ?? audio.formats.first
      plan.formats = [codec].compactMap { $0 }
      if let event = audio.formats.first(where: { $0.payload == audio.telephoneEvent }),
        event.payload != codec?.payload
      {
        plan.formats.append(event)
      }
    }
    return planned(plan, .answer(to: offer), address: address)
  }
}
