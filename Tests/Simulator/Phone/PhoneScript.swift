/// What a callee does with an INVITE. Times are milliseconds, each counted from the step before.
package struct CalleeScript: Sendable {
  package enum Body: Hashable, Sendable { case none, good, bad }

  package struct Step: Sendable {
    package var after: Int
    package var code: Int
    package var body: Body
    /// Which of the phones behind a downstream proxy says it: each has its own To tag.
    package var fork: Int

    package init(after: Int, code: Int, body: Body = .none, fork: Int = 0) {
      self.after = after
      self.code = code
      self.body = body
      self.fork = fork
    }
  }

  package enum OnCancel: Hashable, Sendable {
    /// 200 to the CANCEL, 487 to the INVITE.
    case obey
    /// 200 to the CANCEL, and never a final response to the INVITE.
    case keepSilent
    /// 200 to the CANCEL, and 200 to the INVITE all the same, so many milliseconds later.
    case answerLate(Int)
    /// As if it had never come.
    case ignore
  }

  package var name: String
  package var steps: [Step]
  package var onCancel = OnCancel.obey
  /// BYE so long after the ACK; nil = the other side ends the call.
  package var hangsUpAfter: Int?
  /// BYE in the same tick as the 200.
  package var hangsUpAtOnce = false
  /// re-INVITE so long after the ACK.
  package var offersAgainAfter: Int?
  /// Falls silent for good so long after the first INVITE.
  package var vanishesAfter: Int?
  /// Wants to know who calls.
  package var lock: PhoneLock?
  /// Code of the answer to a re-INVITE of the other side.
  package var answerToOffer = 200

  package init(name: String, steps: [Step]) {
    self.name = name
    self.steps = steps
  }
}

/// What a caller wants of provisional responses (RFC 3262).
package enum Reliability: Hashable, Sendable { case unknown, supported, required }

/// What a caller does. Times are milliseconds from the first INVITE, unless said otherwise.
package struct CallerScript: Sendable {
  package var startsAt: Int
  package var cancelsAfter: Int?
  /// BYE so long after the 200; nil = waits for the other side.
  package var hangsUpAfter: Int?
  package var vanishesAfter: Int?
  package var acknowledges = true
  package var usesStream = false
  package var hasOffer = true
  package var reliability = Reliability.unknown
  /// PRACKs what it asked for.
  package var acknowledgesRinging = true
  /// re-INVITE so long after the 200.
  package var offersAgainAfter: Int?

  package init(startsAt: Int) { self.startsAt = startsAt }
}
