import RCMLBasics
import Testing

@testable import RCMLRehearsal

/// Virtual time, for rehearsals and the simulator.
@Suite struct AgendaTests {
  private func drain(_ agenda: inout Agenda<Int>) -> [Int] {
    var events: [Int] = []
    while let (_, event) = agenda.popFirst() { events.append(event) }
    return events
  }

  @Test func whatIsDueFirstComesFirstAndEqualsInTheOrderTheyWerePlanned() {
    var agenda = Agenda<Int>()
    for event in 0..<60 { agenda.add(event, at: Instant(nanoseconds: UInt64(event * 7 % 5))) }
    let expected = (0..<60).sorted { ($0 * 7 % 5, $0) < ($1 * 7 % 5, $1) }
    #expect(drain(&agenda) == expected)
    #expect(agenda.isEmpty && agenda.first == nil && agenda.popFirst() == nil)
  }

  @Test func whatIsTakenOutDoesNotHappenAndTheOthersKeepTheirOrder() {
    var agenda = Agenda<Int>()
    for event in 0..<60 { agenda.add(event, at: Instant(nanoseconds: UInt64(event * 7 % 5))) }
    agenda.removeAll { $0 % 3 == 0 }
    agenda.add(100, at: Instant(nanoseconds: 4))
    let expected = (0..<60).filter { $0 % 3 != 0 }.sorted { ($0 * 7 % 5, $0) < ($1 * 7 % 5, $1) }
    #expect(drain(&agenda) == expected + [100])
  }
}
