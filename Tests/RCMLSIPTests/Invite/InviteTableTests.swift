import RCMLBasics
import RCMLSIP
import Testing

/// The session tables row by row, and every pair of state and input that has no row: nothing may happen there.
@Suite struct InviteTableTests {
  func words<E>(_ list: EffectList<E>) -> String { list.map { "\($0)" }.joined(separator: " ") }

  func check(
    _ path: String, states: [String], inputs: [String],
    run: (String, String) -> (next: String, effects: String)
  ) throws {
    let table = try StateTable(path)
    for row in table.rows {
      #expect(states.contains(row["state"]) && inputs.contains(row["input"]), "\(row)")
    }
    for state in states {
      for input in inputs {
        let rows = table.rows.filter { $0["state"] == state && $0["input"] == input }
        #expect(rows.count <= 1, "two rows for \(state), \(input)")
        let result = run(state, input)
        #expect(result.next == (rows.first?["next"] ?? state), "\(state), \(input)")
        #expect(result.effects == (rows.first?["effects"] ?? ""), "\(state), \(input)")
      }
    }
  }

  @Test func outgoingSessionFollowsItsTable() throws {
    let inputs:
      [String: (inout OutgoingInviteMachine) -> EffectList<OutgoingInviteMachine.Effect>] =
        [
          "inviteSent": { $0.inviteSent() }, "attemptMoved": { $0.attemptMoved() },
          "provisionalArrived": { $0.provisionalArrived() },
          "answerArrived": { $0.answerArrived() },
          "rejectionArrived": { $0.rejectionArrived() }, "attemptFailed": { $0.attemptFailed() },
          "hangUpAsked": { $0.hangUpAsked() }, "cancelWaitExpired": { $0.cancelWaitExpired() },
          "byeArrived": { $0.byeArrived() }, "dialogLost": { $0.dialogLost() },
          "byeFinished": { $0.byeFinished() },
        ]
    let paths = [
      "locating": [], "calling": ["inviteSent"],
      "proceeding": ["inviteSent", "provisionalArrived"],
      "cancelPending": ["inviteSent", "hangUpAsked"],
      "cancelling": ["inviteSent", "provisionalArrived", "hangUpAsked"],
      "confirmed": ["inviteSent", "answerArrived"],
      "ending": ["inviteSent", "answerArrived", "hangUpAsked"],
      "ended": ["inviteSent", "rejectionArrived"],
    ]
    try check(
      "Invite/OutgoingInviteMachine.table.md", states: paths.keys.sorted(),
      inputs: inputs.keys.sorted()
    ) { state, input in
      var machine = OutgoingInviteMachine()
      for step in paths[state] ?? [] { _ = inputs[step]?(&machine) }
      #expect("\(machine.stateName)" == state)
      let effects = inputs[input].map { words($0(&machine)) } ?? ""
      return ("\(machine.stateName)", effects)
    }
  }

  @Test func incomingSessionFollowsItsTable() throws {
    let inputs:
      [String: (inout IncomingInviteMachine) -> EffectList<IncomingInviteMachine.Effect>] =
        [
          "ringAsked": { $0.ringAsked() }, "acceptAsked": { $0.acceptAsked() },
          "rejectAsked": { $0.rejectAsked() }, "hangUpAsked": { $0.hangUpAsked() },
          "cancelArrived": { $0.cancelArrived() }, "byeArrived": { $0.byeArrived() },
          "acknowledgementArrived": { $0.acknowledgementArrived() },
          "acknowledgementMissed": { $0.acknowledgementMissed() },
          "dialogLost": { $0.dialogLost() }, "byeFinished": { $0.byeFinished() },
          "acceptHeldBack": { $0.acceptHeldBack() },
          "provisionalMissed": { $0.provisionalMissed() },
          "invitationExpired": { $0.invitationExpired() },
        ]
    let paths = [
      "trying": [], "ringing": ["ringAsked"], "accepting": ["ringAsked", "acceptHeldBack"],
      "answered": ["acceptAsked"],
      "closing": ["acceptAsked", "hangUpAsked"],
      "unacknowledged": ["acceptAsked", "acknowledgementMissed"],
      "confirmed": ["acceptAsked", "acknowledgementArrived"],
      "ending": ["acceptAsked", "acknowledgementArrived", "hangUpAsked"],
      "ended": ["rejectAsked"],
    ]
    try check(
      "Invite/IncomingInviteMachine.table.md", states: paths.keys.sorted(),
      inputs: inputs.keys.sorted()
    ) { state, input in
      var machine = IncomingInviteMachine()
      for step in paths[state] ?? [] { _ = inputs[step]?(&machine) }
      #expect("\(machine.stateName)" == state)
      let effects = inputs[input].map { words($0(&machine)) } ?? ""
      return ("\(machine.stateName)", effects)
    }
  }

  @Test func reliableProvisionalResponsesFollowTheirTable() throws {
    let start = Instant(nanoseconds: 0)
    let inputs:
      [String: (inout ReliableProvisionalMachine) -> EffectList<ReliableProvisionalMachine.Effect>] =
        [
          "rings": { $0.rings(hasAnswer: false, at: start) },
          "ringsWithAnswer": { $0.rings(hasAnswer: true, at: start) },
          "answers": { $0.answers() }, "acknowledged": { $0.acknowledged() },
          "acknowledgedWithOffer": { $0.acknowledgedWithOffer() },
          "repetitionDue": { $0.timePassed(at: start + TransactionTimers.t1) },
          "expired": { $0.timePassed(at: start + TransactionTimers.t64) },
        ]
    let paths = [
      "idle": [], "waiting": ["rings"], "answering": ["ringsWithAnswer"],
      "holding": ["ringsWithAnswer", "answers"], "refused": ["rings", "acknowledgedWithOffer"],
      "late": ["rings", "answers"], "over": ["answers"],
    ]
    try check(
      "Invite/ReliableProvisionalMachine.table.md", states: paths.keys.sorted(),
      inputs: inputs.keys.sorted()
    ) { state, input in
      var machine = ReliableProvisionalMachine()
      for step in paths[state] ?? [] { _ = inputs[step]?(&machine) }
      #expect("\(machine.stateName)" == state)
      let effects = inputs[input].map { words($0(&machine)) } ?? ""
      return ("\(machine.stateName)", effects)
    }
  }
}
