import RCMLBasics
import Testing

@testable import RCMLSIP

/// OfferExchange.table.md row by row, and every pair of state and input that has no row: nothing may happen there.
@Suite struct OfferTableTests {
  private static let start = Instant(nanoseconds: 0)

  private static func theirs(cseq: UInt32?) -> OfferExchange.Theirs {
    OfferExchange.Theirs(server: 7, dialog: 0, cseq: cseq)
  }

  private static func name(_ effect: OfferExchange.Effect) -> String {
    String("\(effect)".prefix { $0 != "(" })
  }

  /// The peer's offer that waits is a re-INVITE unless the input says UPDATE.
  private let inputs: [String: (inout OfferExchange) -> [OfferExchange.Effect]] = [
    "sendQueued": {
      $0.offerAsked([49])
      return $0.sendQueued()
    },
    "offerSent": {
      $0.offerSent(transaction: 5)
      return []
    },
    "accepted": { $0.accepted() }, "refused": { $0.refused() },
    "glareArrived": {
      $0.glareArrived(until: start + .seconds(1))
      return []
    },
    "provisionalArrived": { $0.provisionalArrived(at: start) },
    "cancelAsked": { $0.cancelAsked(at: start) },
    "sessionEnded": {
      $0.sessionEnded(at: start)
      return []
    },
    "leaving": {
      $0.leave()
      return []
    },
    "offerArrived": { $0.offerArrived(theirs(cseq: 9)) },
    "inviteAnswerGiven": { $0.answerGiven(at: start) },
    "refusalGiven": { $0.refusalGiven() },
    "cancelArrived": { $0.cancelArrived(server: 7) },
    "acknowledgementArrived": { $0.acknowledgementArrived(cseq: 9) },
    "repetitionDue": { $0.timePassed(at: start + TransactionTimers.t1) },
    "time": { $0.timePassed(at: start + TransactionTimers.t64) },
  ]

  private let paths = [
    "idle": [], "offering": ["sendQueued", "offerSent"],
    "proceeding": ["sendQueued", "offerSent", "provisionalArrived"],
    "cancelPending": ["sendQueued", "offerSent", "cancelAsked"],
    "cancelling": ["sendQueued", "offerSent", "provisionalArrived", "cancelAsked"],
    "ended": ["sendQueued", "offerSent", "sessionEnded"],
    "glare": ["sendQueued", "offerSent", "glareArrived"], "offered": ["offerArrived"],
    "acknowledging": ["offerArrived", "inviteAnswerGiven"],
  ]

  @Test func offersFollowTheirTable() throws {
    let table = try StateTable("Exchange/OfferExchange.table.md")
    for row in table.rows {
      #expect(paths[row["state"]] != nil, "\(row)")
      #expect(inputs[row["input"]] != nil || row["input"] == "updateAnswerGiven", "\(row)")
    }
    for (state, path) in paths {
      for (input, act) in inputs {
        // The repetition of our 2xx is the only thing that is due before 64·T1.
        if input == "repetitionDue", state != "acknowledging" { continue }
        var exchange = OfferExchange()
        for step in path { _ = inputs[step]?(&exchange) }
        #expect("\(exchange.stateName)" == state)
        let effects = act(&exchange)
        let rows = table.rows.filter { $0["state"] == state && $0["input"] == input }
        #expect(rows.count <= 1, "two rows for \(state), \(input)")
        #expect("\(exchange.stateName)" == (rows.first?["next"] ?? state), "\(state), \(input)")
        #expect(
          effects.map(Self.name).joined(separator: " ") == (rows.first?["effects"] ?? ""),
          "\(state), \(input)")
      }
    }
  }

  @Test func anUPDATEIsAnsweredWithoutAnACK() throws {
    let table = try StateTable("Exchange/OfferExchange.table.md")
    let row = try #require(table.rows.first { $0["input"] == "updateAnswerGiven" })
    var exchange = OfferExchange()
    _ = exchange.offerArrived(Self.theirs(cseq: nil))
    #expect("\(exchange.stateName)" == row["state"])
    let effects = exchange.answerGiven(at: Self.start)
    #expect("\(exchange.stateName)" == row["next"])
    #expect(effects.map(Self.name).joined(separator: " ") == row["effects"])
  }

  @Test func everyStateThatWaitsSaysUntilWhen() {
    let due: [String: Interval] = [
      "glare": .seconds(1), "cancelling": TransactionTimers.t64, "ended": TransactionTimers.t64,
      "acknowledging": TransactionTimers.t1,
    ]
    for (state, path) in paths {
      var exchange = OfferExchange()
      for step in path { _ = inputs[step]?(&exchange) }
      #expect(exchange.nextDeadline?.instant == due[state].map { Self.start + $0 }, "\(state)")
    }
  }

  @Test func aNewerOfferReplacesTheOneThatWaits() {
    var exchange = OfferExchange()
    _ = exchange.offerArrived(Self.theirs(cseq: nil))
    exchange.offerAsked([49])
    exchange.offerAsked([50])
    #expect(exchange.sendQueued().isEmpty)
    _ = exchange.refusalGiven()
    guard case .sendOffer([50])? = exchange.sendQueued().first else {
      Issue.record("the newer offer is not sent")
      return
    }
    #expect(!exchange.hasQueued)
  }

  @Test func glareIsTriedAgainAsOftenAsTheLimitSays() {
    var exchange = OfferExchange()
    exchange.offerAsked([49])
    _ = exchange.sendQueued()
    var tries = 0
    while exchange.takesGlare {
      tries += 1
      exchange.glareArrived(until: Self.start)
      _ = exchange.timePassed(at: Self.start)
    }
    #expect(tries == Limits.glareTries)
  }
}
