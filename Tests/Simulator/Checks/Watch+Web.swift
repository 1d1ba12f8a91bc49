import RCMLAgent
import RCMLBasics
import RCMLDial
import RCMLDocument

/// What was asked of the web: callbacks numbered without gaps, one action request a Dial (I-C2, I-R2).
struct CallbackRecords {
  struct Callback {
    var key: String
    var body: [UInt8]
    var number: Int
    var event: SipNoun.Event
  }

  /// By the leg's sid.
  var byLeg: [String: [Callback]] = [:]
  /// Keys of all callbacks: each belongs to one event.
  var keys: Set<String> = []
  /// ParentCallSid by the call.
  var parents: [CallNumber: String] = [:]
  /// Idempotency keys of action requests, by the call's sid.
  var actions: [String: Set<String>] = [:]
}

extension Watch {
  package func asked(_ exchange: HTTPExchange) {
    let path = exchange.url.split(separator: "/").dropFirst(2).first.map(String.init) ?? ""
    let form = String(decoding: exchange.body, as: UTF8.self)
    let key =
      exchange.headers.first { $0.name.elementsEqual("Idempotency-Key".utf8) }.map {
        String(decoding: $0.value, as: UTF8.self)
      } ?? ""
    if let sid = Watch.field("RecordingSid", form) { sound?.named.insert(sid) }
    switch path {
    case "status": callback(form, key, exchange)
    case "action":
      guard let sid = Watch.field("CallSid", form) else { return }
      callbacks.actions[sid, default: []].insert(key)
    default: break
    }
  }

  static func field(_ name: String, _ form: String) -> String? {
    for pair in form.split(separator: "&") where pair.hasPrefix(name + "=") {
      return String(pair.dropFirst(name.count + 1))
    }
    return nil
  }

  func finishWeb() {
    guard everyDialHasAction, !hostInterferes else { return }
    let asked = callbacks.actions.values.reduce(0) { $0 + $1.count }
    let ended = dialsEnded.values.reduce(0, +)
    if asked != ended {
      fail(.oneWayOn, "\(ended) Dials ended, and \(asked) actions were requested")
    }
  }

  /// Everything has come to rest: nothing may be left (I-S6).
  package func finished(_ census: Agent.Census) {
    finishCallers()
    finishLegs()
    finishEvents()
    finishWeb()
    finishCallbacks()
    if census != Agent.Census() { fail(.nothingIsLeft, "at the end there is still \(census)") }
  }

  /// What is counted as begun is counted as ended, too.
  package func finished(_ counters: AgentCounters) {
    let begun = counters.callsIncoming + counters.callsOutgoing + counters.callsOfHost
    // A repetition whose connection is gone is one all the same, and is not sent.
    let mayBeUnsent = streamsFailed || callers.contains { $0.isStream }
    let isEven =
      begun == counters.calls.total && counters.legsStarted == counters.legs.total
      && counters.callsActive == 0 && counters.callbacksWaiting == 0
      && (mayBeUnsent || counters.sip.messagesSent >= counters.sip.retransmissionsSent)
      && counters.sip.messagesReceived >= counters.sip.retransmissionsReceived
    if !isEven { fail(.nothingIsLeft, "the counters do not add up: \(counters)") }
  }
}
