import RCMLBasics
import RCMLDial

/// The machine that runs a call's documents, changed in place.
final class RunningDocument {
  private var machine: CallMachine

  init(_ machine: CallMachine) { self.machine = machine }

  var url: String { machine.documentURL }
  var nextDeadline: Deadline? { machine.nextDeadline }

  func handle(_ input: CallInput, at now: Instant, _ effects: inout [CallEffect]) {
    machine.handle(input, at: now, &effects)
  }

  func set(_ wall: WallClock) { machine.wallClock(wall) }
}
