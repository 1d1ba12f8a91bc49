import RCMLBasics

/// The keys of one party, each press once (spec U-25), and whether the other party hears of the one that is down.
struct KeySide {
  private var digits = DigitCollector()
  /// Where keys are taken from the sound, too.
  private(set) var listener: KeyListener?
  private var memory = KeyMemory()
  /// Of the numbers of the last event.
  private var epoch: UInt32 = 0
  /// The key now down was pressed when somebody was there to hear it. One that accepted a call was not (spec C-8).
  private var passesPress = true

  mutating func describe(_ description: StreamDescription) {
    let isSpoken = description.incoming.contains { $0.codec.law != nil }
    if !description.hearsKeys || !isSpoken {
      listener = nil
    } else if listener == nil {
      listener = KeyListener()
    }
  }

  /// The key, if it was not told before. `epoch`: of the source's numbers.
  mutating func press(
    _ event: TelephoneEvent, of header: RTPHeader, epoch: UInt32, isJoined: Bool, at now: Instant
  ) -> UInt8? {
    if epoch != self.epoch {
      self.epoch = epoch
      digits.beginNumbers(of: header)
    }
    guard let key = digits.take(event, of: header) else { return nil }
    // A press that accepted a call is not the caller's: what is left of it after the join goes nowhere.
    passesPress = isJoined
    return isNew(key, by: .event, at: now) ? key : nil
  }

  mutating func isNew(_ key: UInt8, by way: KeyMemory.Way, at now: Instant) -> Bool {
    memory.isNew(key, by: way, at: now)
  }

  /// False: told, but not passed on (spec L-34), no packet of it, also none that comes late, or that belongs to a press
  /// from before the two were joined.
  func passes(_ key: UInt8, withheld: UInt8) -> Bool {
    passesPress && (withheld == 0 || key != withheld)
  }
}
