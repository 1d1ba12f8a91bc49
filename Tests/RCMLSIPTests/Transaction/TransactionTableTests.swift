import RCMLBasics
import RCMLSIP
import Testing

/// The four tables beside the machines, row by row (RFC 3261 §17, RFC 6026).
@Suite struct TransactionTableTests {
  static let start = Instant(nanoseconds: 1_000_000_000)

  static func text(_ deadline: Deadline?, since now: Instant) -> String {
    guard let deadline else { return "-" }
    return "\(deadline.timer)".uppercased() + " \((deadline.instant - now).wholeMilliseconds) ms"
  }

  static func words<E>(_ list: EffectList<E>) -> String {
    list.map { "\($0)" }.joined(separator: " ")
  }

  func check(
    _ row: StateTable.Row, state: StaticString, effects: String, deadline: Deadline?,
    at now: Instant
  ) {
    #expect("\(state)" == row["next"], "\(row.testDescription)")
    #expect(effects == row["effects"], "\(row.testDescription)")
    #expect(Self.text(deadline, since: now) == row["deadline"], "\(row.testDescription)")
  }

  @Test func inviteClientTransactionFollowsItsTable() throws {
    for row in try StateTable("Transaction/InviteClientTransaction.table.md").rows {
      var machine = InviteClientTransaction(isReliable: row["transport"] == "tcp")
      var now = Self.start
      let begin = { _ = machine.started(at: now) }
      switch row["state"] {
      case "initial": break
      case "calling": begin()
      case "calling-late":
        begin()
        while let next = machine.nextDeadline, next.timer == .a {
          now = next.instant
          _ = machine.timePassed(at: now)
        }
      case "proceeding":
        begin()
        _ = machine.provisionalArrived()
      case "completed":
        begin()
        _ = machine.rejectionArrived(at: now)
      case "accepted":
        begin()
        _ = machine.answerArrived(at: now)
      case "terminated":
        begin()
        _ = machine.transportFailed()
      default: Issue.record("unknown state \(row["state"])")
      }
      let effects: EffectList<InviteClientTransaction.Effect>
      switch row["input"] {
      case "started": effects = machine.started(at: now)
      case "provisional": effects = machine.provisionalArrived()
      case "answer": effects = machine.answerArrived(at: now)
      case "rejection": effects = machine.rejectionArrived(at: now)
      case "transportError": effects = machine.transportFailed()
      case "abandoned": effects = machine.abandoned()
      case "timer":
        now = machine.nextDeadline?.instant ?? now
        effects = machine.timePassed(at: now)
      default:
        Issue.record("unknown input \(row["input"])")
        continue
      }
      check(
        row, state: machine.stateName, effects: Self.words(effects),
        deadline: machine.nextDeadline, at: now)
    }
  }

  @Test func otherRequestsClientTransactionFollowsItsTable() throws {
    for row in try StateTable("Transaction/RequestClientTransaction.table.md").rows {
      var machine = RequestClientTransaction(isReliable: row["transport"] == "tcp")
      var now = Self.start
      let begin = { _ = machine.started(at: now) }
      let exhaust = {
        while let next = machine.nextDeadline, next.timer == .e {
          now = next.instant
          _ = machine.timePassed(at: now)
        }
      }
      switch row["state"] {
      case "initial": break
      case "trying": begin()
      case "trying-late":
        begin()
        exhaust()
      case "proceeding":
        begin()
        _ = machine.provisionalArrived()
      case "proceeding-late":
        begin()
        _ = machine.provisionalArrived()
        exhaust()
      case "completed":
        begin()
        _ = machine.finalArrived(at: now)
      case "terminated":
        begin()
        _ = machine.transportFailed()
      default: Issue.record("unknown state \(row["state"])")
      }
      let effects: EffectList<RequestClientTransaction.Effect>
      switch row["input"] {
      case "started": effects = machine.started(at: now)
      case "provisional": effects = machine.provisionalArrived()
      case "final": effects = machine.finalArrived(at: now)
      case "transportError": effects = machine.transportFailed()
      case "timer":
        now = machine.nextDeadline?.instant ?? now
        effects = machine.timePassed(at: now)
      default:
        Issue.record("unknown input \(row["input"])")
        continue
      }
      check(
        row, state: machine.stateName, effects: Self.words(effects),
        deadline: machine.nextDeadline, at: now)
    }
  }

  @Test func inviteServerTransactionFollowsItsTable() throws {
    for row in try StateTable("Transaction/InviteServerTransaction.table.md").rows {
      var now = Self.start
      var machine = InviteServerTransaction(isReliable: row["transport"] == "tcp", at: now)
      switch row["state"] {
      case "arrived": break
      case "proceeding": _ = machine.provisionalGiven()
      case "completed": _ = machine.rejectionGiven(at: now)
      case "completed-late":
        _ = machine.rejectionGiven(at: now)
        while let next = machine.nextDeadline, next.timer == .g {
          now = next.instant
          _ = machine.timePassed(at: now)
        }
      case "confirmed":
        _ = machine.rejectionGiven(at: now)
        _ = machine.acknowledgementArrived(at: now)
      case "accepted": _ = machine.answerGiven(at: now)
      case "terminated":
        _ = machine.rejectionGiven(at: now)
        _ = machine.transportFailed()
      default: Issue.record("unknown state \(row["state"])")
      }
      let effects: EffectList<InviteServerTransaction.Effect>
      switch row["input"] {
      case "repeated": effects = machine.requestRepeated()
      case "provisional": effects = machine.provisionalGiven()
      case "answer": effects = machine.answerGiven(at: now)
      case "rejection": effects = machine.rejectionGiven(at: now)
      case "acknowledgement": effects = machine.acknowledgementArrived(at: now)
      case "transportError": effects = machine.transportFailed()
      case "timer":
        now = machine.nextDeadline?.instant ?? now
        effects = machine.timePassed(at: now)
      default:
        Issue.record("unknown input \(row["input"])")
        continue
      }
      check(
        row, state: machine.stateName, effects: Self.words(effects),
        deadline: machine.nextDeadline, at: now)
    }
  }

  @Test func otherRequestsServerTransactionFollowsItsTable() throws {
    for row in try StateTable("Transaction/RequestServerTransaction.table.md").rows {
      var machine = RequestServerTransaction(isReliable: row["transport"] == "tcp")
      var now = Self.start
      switch row["state"] {
      case "trying": break
      case "proceeding": _ = machine.provisionalGiven()
      case "completed": _ = machine.finalGiven(at: now)
      case "terminated":
        _ = machine.finalGiven(at: now)
        _ = machine.transportFailed()
      default: Issue.record("unknown state \(row["state"])")
      }
      let effects: EffectList<RequestServerTransaction.Effect>
      switch row["input"] {
      case "repeated": effects = machine.requestRepeated()
      case "provisional": effects = machine.provisionalGiven()
      case "final": effects = machine.finalGiven(at: now)
      case "transportError": effects = machine.transportFailed()
      case "timer":
        now = machine.nextDeadline?.instant ?? now
        effects = machine.timePassed(at: now)
      default:
        Issue.record("unknown input \(row["input"])")
        continue
      }
      check(
        row, state: machine.stateName, effects: Self.words(effects),
        deadline: machine.nextDeadline, at: now)
    }
  }
}
