import RCMLBasics

/// Session timers, both ways (RFC 4028, spec U-24): the interval agreed, who asks, and how.
///
/// Without the setting `session_expires` (`setting` 0) we ask for none; what a peer asks of us holds all the same
/// (spec U-60).
struct SessionRefresh {
  private var timer = SessionTimer()
  private var interval: SessionInterval?
  /// The least that a 422 has named.
  private(set) var leastInterval: UInt32 = 0
  /// The peer's Allow names UPDATE.
  private(set) var takesUpdate = false

  /// What a request of ours says of it.
  struct Fields {
    var interval: SessionInterval?
    var least: UInt32
    var supported: StaticString

    func write(to header: inout HeaderWriter) {
      header.field("Supported", text: supported)
      guard let interval else { return }
      interval.write("Session-Expires", to: &header)
      if least > 0 { header.field("Min-SE", number: UInt64(least)) }
    }
  }

  func fieldsOfInvite(setting: UInt32, hasOffer: Bool) -> Fields {
    Fields(
      interval: wantedInterval(setting), least: leastInterval,
      supported: hasOffer ? Capabilities.supported : Capabilities.supportedInDialog)
  }

  /// We go on refreshing (§7.4).
  var fieldsOfRefresh: Fields {
    var interval = timer.isAgreed ? interval : nil
    interval?.refresher = .caller
    return Fields(
      interval: interval, least: leastInterval, supported: Capabilities.supportedInDialog)
  }

  private func wantedInterval(_ setting: UInt32) -> SessionInterval? {
    let wanted = max(setting, leastInterval)
    return wanted == 0 ? nil : SessionInterval(seconds: wanted)
  }

  // MARK: - What peers say

  /// 422 to our INVITE. True: it goes out once more with the interval the peer wants (§6; spec U-24).
  mutating func inviteWasTooSmall(_ message: Message) -> Bool {
    guard leastInterval == 0, let least = message.number(of: .minSE), least <= 86_400 else {
      return false
    }
    leastInterval = max(least, SessionInterval.minimum)
    return true
  }

  /// The same to our UPDATE.
  mutating func refreshWasTooSmall(_ message: Message?) -> Bool {
    guard let least = message?.number(of: .minSE), least <= 86_400, least > leastInterval else {
      return false
    }
    leastInterval = max(least, SessionInterval.minimum)
    interval = SessionInterval(seconds: max(interval?.seconds ?? 0, leastInterval))
    return true
  }

  /// The 2xx to our INVITE, or to a refresh of ours (§7.2).
  mutating func agree(answeredBy message: Message, setting: UInt32, at now: Instant) {
    if let agreed = SessionInterval(of: message) {
      interval = agreed
      timer.agreed(agreed, isOurs: agreed.refresher != .callee, at: now)
    } else if let wanted = interval ?? wantedInterval(setting) {
      // §7.2: who does not know session timers does not refresh.
      interval = wanted
      timer.agreed(wanted, isOurs: true, at: now)
    }
    notePeer(message)
  }

  /// Which of our requests the peer takes.
  mutating func notePeer(_ message: Message) {
    if message.value(of: .allow) != nil { takesUpdate = message.hasOption("update", in: .allow) }
  }

  mutating func updateIsNotTaken() { takesUpdate = false }

  /// What our 2xx to the peer's INVITE, re-INVITE or UPDATE says, and the timer that begins with it (§9).
  mutating func agree(
    answering request: Message, setting: UInt32, _ header: inout HeaderWriter, at now: Instant
  ) {
    notePeer(request)
    let asked = SessionInterval(of: request)
    let requires = request.hasOption("timer", in: .require)
    guard setting > 0 || timer.isAgreed || asked != nil || requires else { return }
    let knows = requires || request.hasOption("timer", in: .supported)
    let least = max(request.number(of: .minSE) ?? 0, SessionInterval.minimum)
    // We may shorten what was asked for, but not below the least of anybody on the way.
    let ours = setting > 0 ? setting : SessionInterval.recommended
    let wanted = asked?.seconds ?? interval?.seconds ?? ours
    let limit = setting > 0 ? setting : wanted
    var agreed = SessionInterval(seconds: max(least, min(wanted, limit)))
    agreed.refresher = knows ? asked?.refresher ?? .caller : .callee
    interval = agreed
    timer.agreed(agreed, isOurs: agreed.refresher == .callee, at: now)
    if knows, agreed.refresher == .caller { header.field("Require", text: "timer") }
    agreed.write("Session-Expires", to: &header)
  }

  /// §9: 422 with our least, where the peer asks for less and knows what that means.
  static func asksTooSmall(_ message: Message) -> Bool {
    guard message.hasOption("timer", in: .supported) || message.hasOption("timer", in: .require),
      let seconds = message.number(of: .sessionExpires)
    else { return false }
    return seconds < SessionInterval.minimum
  }

  // MARK: - Time

  mutating func timePassed(at now: Instant) -> SessionTimer.Effect? { timer.timePassed(at: now) }
  mutating func stop() { timer = SessionTimer() }
  var nextDeadline: Deadline? { timer.nextDeadline }
}
