import RCMLSIP
import Testing

/// `Location.table.md`, row by row, and every combination without a row: nothing may happen there.
@Suite struct LocationTableTests {
  typealias Input = (inout LocationMachine) -> EffectList<LocationMachine.Effect>

  let inputs: [String: Input] = [
    "addressGiven": { $0.addressGiven() }, "portGiven": { $0.portGiven() },
    "transportGiven": { $0.transportGiven() }, "transportOpen": { $0.transportOpen() },
    "pointersFound": { $0.pointersFound() }, "servicesFound": { $0.servicesFound() },
    "serviceDenied": { $0.serviceDenied() }, "addressesFound": { $0.addressesFound() },
    "targetMissing": { $0.targetMissing() }, "nothingFound": { $0.nothingFound() },
    "addressesUsedUp": { $0.addressesUsedUp() }, "targetsUsedUp": { $0.targetsUsedUp() },
    "timeExpired": { $0.timeExpired() },
  ]

  let ways: [String: [String]] = [
    "new": [], "askingPointers": ["transportOpen"], "askingServices": ["transportGiven"],
    "askingAddresses": ["portGiven"], "trying": ["addressGiven"],
    "failed": ["addressGiven", "targetsUsedUp"],
  ]

  /// T-2, T-6, RFC 3263 §4.
  @Test func everyQuestionFollowsTheTable() throws {
    let table = try StateTable("Transport/Location.table.md")
    #expect(table.rows.count == 17)
    var found = 0
    for (state, way) in ways {
      for (name, input) in inputs {
        var machine = LocationMachine()
        for step in way { _ = inputs[step]?(&machine) }
        #expect("\(machine.stateName)" == state)
        let rows = table.rows.filter { $0["state"] == state && $0["input"] == name }
        #expect(rows.count <= 1, "two rows for \(state), \(name)")
        found += rows.count
        let effects = input(&machine).map { "\($0)" }.joined(separator: " ")
        #expect("\(machine.stateName)" == (rows.first?["next"] ?? state), "\(state) \(name)")
        #expect(effects == (rows.first?["effects"] ?? ""), "\(state) \(name)")
      }
    }
    #expect(found == table.rows.count, "a row that no state reaches")
  }
}
