import RCMLBasics
import RCMLDocument

/// One call: its caller, the document it runs, the Dials in it and their legs (spec L, F, C, M, V).
///
/// `handle` takes what happened and appends what must be done, in order. The machine performs nothing. It is made of
/// parts that know nothing of each other: `CallMachine.md` says who hears of what, and in which order.
public final class CallMachine {
  let facts: CallFacts
  let outbox: CallOutbox
  let caller: CallerParty
  let script = CallerScript()
  let legs = CallLegs()
  let unfinished = UnfinishedWork()
  let limits: CallLimits
  /// The Dial under way.
  private(set) var dial: DialRun?
  private(set) var dialCount = 0
  /// A document the host gave, or a transfer wants, while a Dial could not yet be ended.
  private var queued: QueuedDocument?
  private var agenda: [Step] = []
  private var isOver = false

  /// What is left to be done once everything at hand has heard of an input.
  enum Step {
    case finishDial
    case runDocument
    case screen(LegNumber)
  }

  public init(caller: Caller, rules: CallRules, wall: WallClock, random: RandomSource) {
    facts = CallFacts(caller: caller, rules: rules)
    outbox = CallOutbox(wall: wall, random: random, extraParameters: rules.policy.extraParameters)
    self.caller = CallerParty(facts, outbox)
    limits = CallLimits(rules.policy)
  }

  var policy: CallPolicy { facts.policy }
  var now: Instant { outbox.now }

  /// False: its line is over, and what is still to be done with it is not.
  public var isCallerAlive: Bool { caller.isAlive }

  /// False: it was given up before it could be started.
  public func isLegAlive(_ leg: LegNumber) -> Bool { legs[leg]?.isAlive ?? false }

  /// Why a party is turned away or hung up on now, for whoever is to do it (spec E-9); nil = nothing is known of it.
  public func reason(ofEnding party: Party) -> Reason? {
    switch party {
    case .caller: caller.end?.reason
    case .leg(let leg): legs[leg]?.reason ?? caller.end?.reason
    }
  }

  /// Of the document that runs, for showing; empty = the host gave it as text.
  public var documentURL: String { CallMachine.withoutUserInfo(script.documentURL) }

  /// The machine's clock was set: time stamps change, timers and durations do not.
  public func wallClock(_ wall: WallClock) { outbox.setWallClock(wall) }

  public var nextDeadline: Deadline? { isOver ? nil : nextTimer?.deadline }

  public func handle(_ input: CallInput, at now: Instant, _ effects: CallEffects) {
    guard !isOver else { return }
    outbox.borrow(effects)
    outbox.setTime(now)
    caller.markStart()
    limits.begin(at: now)
    fireTimers()
    handle(input)
    workOffAgenda()
    endIfNothingIsLeft()
    outbox.giveBackEffects()
  }

  private func handle(_ input: CallInput) {
    switch input {
    case .caller(let input): handleCaller(input)
    case .leg(let leg, let input): handleLeg(leg, input)
    case .web(let request, .retrieved(let retrieved)): finishRequest(request, retrieved)
    case .web(let request, .failed(let failure)): failRequest(request, failure)
    case .media(.performed(let number, let outcome)): finishPerformance(number, outcome)
    case .media(.recording(let number, let sid)): beginVerbRecording(number, sid)
    case .media(.recorded(let sid, let isWhole)): finishRecording(sid, isWhole: isWhole)
    case .media(.lost(let party)): loseMedia(of: party)
    case .host(.run(let source)): run(source)
    case .host(.hangUp(let reason)): endCallForHost(because: reason)
    case .host(.endDial): endDial(because: Reason(.dialEnded))
    case .host(.decided(let dial, let target, let decision)):
      startTarget(target, of: dial, as: decision)
    case .host(.decidedVerb(let number, let decision)): finishVerb(number, as: decision)
    case .digit(let digit, let party):
      if digit == UInt8(ascii: "*"), party == .caller { stepDial(.star) }
    case .timePassed: break
    }
  }

  // MARK: the parts that come and go

  func begin(_ dial: DialRun) { self.dial = dial }
  func countDial() { dialCount += 1 }
  func forgetDial() { dial = nil }

  var hasQueuedDocument: Bool { queued != nil }

  func queue(_ document: QueuedDocument) { queued = document }

  func unqueueDocument() -> QueuedDocument? {
    defer { queued = nil }
    return queued
  }

  // MARK: what is left to be done

  func schedule(_ step: Step) { agenda.append(step) }

  func workOffAgenda() {
    var index = 0
    while index < agenda.count {
      let step = agenda[index]
      index += 1
      switch step {
      case .finishDial: finishDial()
      case .runDocument: runDocument()
      case .screen(let leg): runScreening(leg)
      }
    }
    agenda.removeAll(keepingCapacity: true)
  }

  /// The last effect, once nothing is left: caller, legs, requests.
  private func endIfNothingIsLeft() {
    legs.removeGone(except: dial?.ordinal)
    guard let end = caller.end, dial == nil, legs.isEmpty, unfinished.isDone else { return }
    isOver = true
    outbox.append(.ended(end))
  }
}
