import RCMLSIP
import Testing

/// `Authentication.table.md`, row by row, and every combination without a row: nothing may happen there.
@Suite struct AuthenticationTableTests {
  let inputs: [String: (inout AuthenticationMachine) -> EffectList<AuthenticationMachine.Effect>] =
    [
      "challengedKnown": { $0.challengedKnown() }, "challengedStale": { $0.challengedStale() },
      "challengedUnknown": { $0.challengedUnknown() },
      "challengedAgain": { $0.challengedAgain() },
      "challengedUnanswerable": { $0.challengedUnanswerable() },
      "credentialsGiven": { $0.credentialsGiven() },
      "credentialsDenied": { $0.credentialsDenied() },
    ]

  func machine(_ state: String, sent: Int) -> AuthenticationMachine? {
    var machine = AuthenticationMachine()
    for _ in 1..<sent { _ = machine.challengedKnown() }
    if state == "asking" { _ = machine.challengedUnknown() }
    if state == "refused" { _ = machine.challengedAgain() }
    return "\(machine.stateName)" == state && machine.sent == sent ? machine : nil
  }

  @Test func everyChallengeFollowsTheTable() throws {
    let table = try StateTable("Auth/Authentication.table.md")
    #expect(table.rows.count == 26)
    var found = 0
    for state in ["unchallenged", "asking", "answered", "refused"] {
      for sent in 1...AuthenticationMachine.limit {
        guard let start = machine(state, sent: sent) else { continue }
        for (name, input) in inputs {
          let rows = table.rows.filter {
            $0["state"] == state && $0["sent"] == "\(sent)" && $0["input"] == name
          }
          #expect(rows.count <= 1, "two rows for \(state), \(sent), \(name)")
          found += rows.count
          var machine = start
          let effects = input(&machine).map { "\($0)" }.joined(separator: " ")
          #expect("\(machine.stateName)" == (rows.first?["next"] ?? state), "\(state) \(name)")
          #expect(effects == (rows.first?["effects"] ?? ""), "\(state) \(sent) \(name)")
          #expect(machine.sent == sent + (effects == "sendAgain" ? 1 : 0))
        }
      }
    }
    #expect(found == table.rows.count, "a row that no state reaches")
  }
}
