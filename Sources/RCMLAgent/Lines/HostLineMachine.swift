import RCMLBasics

/// The life of one line of the host's (HostLineMachine.table.md).
struct HostLineMachine {
  enum State: String, Hashable, CaseIterable {
    /// A caller whom nobody has answered.
    case waiting
    /// A leg the host was told to call.
    case calling
    case ringing
    /// It was answered with an offer of ours: the host owes the answer.
    case owing
    case talking
    /// The host owes the answer to an offer of ours that changes something.
    case offering
    /// We owe the answer to one of the host's.
    case asked
    case ended
  }

  enum Effect {
    case tell(HostAction)
    case happened(LineEvent)
  }

  private(set) var state: State
  /// Somebody talks on it.
  var isAnswered: Bool {
    switch state {
    case .waiting, .calling, .ringing, .ended: false
    case .owing, .talking, .offering, .asked: true
    }
  }
  /// An offer that waits until the exchange before it is over.
  private(set) var heldOffer: [UInt8]?

  init(isCaller: Bool) { state = isCaller ? .waiting : .calling }

  /// True: an offer waited; it was never told, and will not be.
  mutating func withdrawOffer() -> Bool {
    defer { heldOffer = nil }
    return heldOffer != nil
  }

  mutating func handle(_ command: HostLineCommand) -> [Effect] {
    switch (state, command) {
    case (.waiting, .ring(let code, let sdp)):
      return [.tell(.ring(code: code, sdp: sdp))]
    case (.waiting, .answer(let sdp, let isAnswer)):
      state = isAnswer ? .talking : .owing
      return [.tell(.answer(sdp: sdp))]
        + (isAnswer ? [.happened(.media(.acknowledged(.none)))] + nextOffer() : [])
    case (.waiting, .reject(let code, let phrase, let reason)):
      return end([.tell(.reject(code: code, phrase: phrase, reason))])
    case (.calling, .end(let reason)), (.ringing, .end(let reason)):
      return end([.tell(.hangUp(reason)), .happened(HostLineMachine.rejected(487))])
    case (.waiting, .end(let reason)), (.owing, .end(let reason)), (.talking, .end(let reason)),
      (.offering, .end(let reason)), (.asked, .end(let reason)):
      return end([.tell(.hangUp(reason))])
    case (.talking, .offer(let sdp)):
      state = .offering
      return [.tell(.offer(sdp: sdp))]
    case (.owing, .offer(let sdp)), (.offering, .offer(let sdp)), (.asked, .offer(let sdp)):
      heldOffer = sdp
      return []
    case (.asked, .accept(let sdp)):
      state = .talking
      return [.tell(.accepted(sdp: sdp))] + nextOffer()
    case (.asked, .refuse(let code)):
      state = .talking
      return [.tell(.refused(code: code))] + nextOffer()
    case (.ringing, .hear(let key)), (.owing, .hear(let key)), (.talking, .hear(let key)),
      (.offering, .hear(let key)), (.asked, .hear(let key)):
      return [.tell(.key(key))]
    case (_, .ring), (_, .answer), (_, .reject), (_, .offer), (_, .accept), (_, .refuse),
      (_, .hear), (.ended, .end):
      return []
    }
  }

  /// Nil: not in this state.
  mutating func handle(_ report: HostPartyReport) -> [Effect]? {
    switch (state, report) {
    case (.calling, .rings(let code, let sdp)), (.ringing, .rings(let code, let sdp)):
      state = .ringing
      return [.happened(.provisional(code: code, .sdp(sdp)))]
    case (.calling, .answers(let sdp)), (.ringing, .answers(let sdp)):
      state = .talking
      return [.happened(.answered(.sdp(sdp), headers: []))]
    case (.owing, .answers(let sdp)):
      state = .talking
      return [.happened(.media(.acknowledged(.sdp(sdp))))] + nextOffer()
    case (.offering, .answers(let sdp)):
      state = .talking
      return [.happened(.media(.offerAccepted(.sdp(sdp))))] + nextOffer()
    case (.offering, .refuses(let code)):
      state = .talking
      return [.happened(.media(.offerRefused(code: code)))] + nextOffer()
    case (.talking, .offers(let sdp)):
      state = .asked
      return [.happened(.media(.offered(.sdp(sdp))))]
    case (.waiting, .ends):
      return end([.happened(.cancelled(reasons: []))])
    case (.calling, .ends(let code)), (.ringing, .ends(let code)):
      return end([.happened(HostLineMachine.rejected(code == 0 ? 480 : code))])
    case (.owing, .ends), (.talking, .ends), (.offering, .ends), (.asked, .ends):
      return end([.happened(.hungUp(reasons: [], headers: []))])
    case (_, .rings), (_, .answers), (_, .offers), (_, .refuses), (_, .presses), (.ended, .ends):
      return nil
    }
  }

  private mutating func nextOffer() -> [Effect] {
    guard case .talking = state, let sdp = heldOffer else { return [] }
    heldOffer = nil
    state = .offering
    return [.tell(.offer(sdp: sdp))]
  }

  private mutating func end(_ effects: [Effect]) -> [Effect] {
    state = .ended
    heldOffer = nil
    return effects + [.happened(.ended)]
  }

  private static func rejected(_ code: UInt16) -> LineEvent {
    .rejected(
      code: code, phrase: [], reasons: [], headers: [], .refused(code, by: "The host's party"))
  }
}
