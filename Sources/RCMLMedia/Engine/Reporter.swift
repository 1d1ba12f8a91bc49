import RCMLBasics

/// Reports to the parties every five seconds (RFC 3550 §6.4), also while one is on hold (RFC 3264 §8.4).
final class Reporter {
  private let alarms: Alarms
  private let outbox: Outbox
  private let notices: Notices
  private var wall: WallClock
  /// Somebody keeps a trace, and wants to know how parties are heard.
  var tellsReception = false

  static let interval = Interval.seconds(5)

  init(_ alarms: Alarms, _ outbox: Outbox, _ notices: Notices, _ wall: WallClock) {
    self.alarms = alarms
    self.outbox = outbox
    self.notices = notices
    self.wall = wall
  }

  /// The machine's clock was set.
  func set(_ wall: WallClock) { self.wall = wall }

  func expectReport(of stream: MediaStream, at now: Instant) {
    let due = now + Reporter.interval
    stream.expectReport(at: due)
    alarms.set(.report(slot: stream.slot), at: due)
  }

  /// What came since the last report is told, too.
  func closed(_ stream: MediaStream) { tellReception(of: stream) }

  private func tellReception(of stream: MediaStream) {
    guard tellsReception, let reception = stream.reception else { return }
    notices.tell(.reception(stream.id, reception))
  }

  func report(_ stream: MediaStream, due: Instant, at now: Instant) {
    guard stream.reportDue == due else { return }
    expectReport(of: stream, at: now)
    tellReception(of: stream)
    guard let to = stream.outgoing.controlDestination, !stream.description.isUntouched,
      let report = stream.makeReport(at: now, wall)
    else { return }
    outbox.add(
      slot: stream.slot, to: to, isControl: true, count: report.count, secrecy: stream.secrecy
    ) {
      report.write(to: $0)
    }
  }
}
