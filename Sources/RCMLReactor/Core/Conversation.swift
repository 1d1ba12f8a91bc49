import RCMLAgent
import RCMLBasics

/// What is said to the core and what the core says, in order: each input is followed by all its outputs, and what is learned
/// while performing them is told once the core has finished speaking.
final class Conversation {
  let core: any Core
  /// How much memory the process has, of which the core hears.
  let memory = MemoryWatch()
  private let performer: Performer
  let mirror = HEPMirror()
  private let calendar: SystemCalendar
  private let seal: KeySeal
  /// Inputs that performing an output brought about; they wait until the core has said all.
  private var found: [Input] = []
  private var isPerforming = false

  init(core: any Core, performer: Performer, calendar: SystemCalendar, seal: KeySeal) {
    self.core = core
    self.seal = seal
    self.performer = performer
    self.calendar = calendar
  }

  /// Tells the core when there is no memory any more, and when there is.
  func lookAtMemory(at now: Instant) {
    if let isFull = memory.look(limit: core.memoryLimit, at: now) {
      feed(.memory(isFull: isFull), at: now)
    }
  }

  /// Hands one input to the core, and performs all that follows from it.
  func feed(_ input: Input, at now: Instant) {
    handle(input, at: now)
    performOutputs(at: now)
  }

  private func handle(_ input: Input, at now: Instant) {
    seal.sealed(input) { core.handle($0, at: now) }
  }

  /// Tells the core something that was learned while performing an output, or at any other time.
  func tell(_ input: Input, at now: Instant) {
    if isPerforming { found.append(input) } else { feed(input, at: now) }
  }

  /// Performs what the core wants, and then what is learned thereby.
  func performOutputs(at now: Instant) {
    guard !isPerforming else { return }
    isPerforming = true
    defer { isPerforming = false }
    let turn = Turn(self, now)
    var next = 0
    while true {
      while let output = core.nextOutput() { performer.perform(output, turn) }
      guard next < found.count else { break }
      handle(found[next], at: now)
      next += 1
    }
    if next > 0 { found.removeAll(keepingCapacity: true) }
    guard mirror.isOn else { return }
    while let message = core.nextMirrored() {
      mirror.send(message, unixMicroseconds: calendar.wall.unixMicroseconds(at: now))
    }
  }
}
