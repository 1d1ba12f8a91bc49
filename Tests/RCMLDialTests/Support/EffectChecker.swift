import RCMLBasics
import RCMLDocument

@testable import RCMLDial

/// The invariants of failures §3.3 that a list of effects can break.
struct EffectChecker {
  private(set) var faults: [String] = []
  private var events: [LegNumber: [SipNoun.Event]] = [:]
  private var sequence: [LegNumber: Int] = [:]
  private var invited: Set<LegNumber> = []
  private var ended: Set<LegNumber> = []
  private var bridged: LegNumber?
  private var bridges = 0
  /// Our 200 is out, or it was answered before.
  var isAnswered = false
  private var callerFinals = 0
  private var callerIsGone = false
  private var dialRuns = false
  private var requests: Set<RequestNumber> = []
  private var recordings: Set<String> = []
  private var isOver = false

  mutating func take(_ effect: CallEffect) {
    if isOver { faults.append("an effect after `ended`: \(DialDriver.line(effect))") }
    switch effect {
    case .caller(let effect): take(effect)
    case .leg(let leg, let effect): take(effect, of: leg)
    case .media(let request): take(request)
    case .web(let number, .fetch(let request)): fetched(number, request)
    case .web(let number, .abort):
      if !requests.contains(number) { faults.append("an unknown request is aborted") }
    case .ask, .askVerb: break
    case .tell(.leg(let leg, let status, let callback)): told(leg, status, callback)
    case .tell(.dialEnded):
      dialRuns = false
      bridges = 0
      if bridged != nil { faults.append("a Dial ends with its bridge") }
    case .tell(.recording), .tell(.finding), .tell(.limitReached), .tell(.verbReached): break
    case .ended: isOver = true
    }
    if callerFinals > 1 { faults.append("two final responses") }
  }

  private mutating func take(_ effect: CallerEffect) {
    switch effect {
    case .ring:
      if callerFinals > 0 { faults.append("ringing after a final response") }
    case .answer:
      if isAnswered { faults.append("the caller is answered twice") }
    case .reject:
      callerFinals += 1
      if isAnswered { faults.append("an answered caller is refused") }
      callerIsGone = true
    case .hangUp:
      if callerIsGone { faults.append("the caller is hung up twice") }
      callerIsGone = true
    }
  }

  private mutating func take(_ effect: LegEffect, of leg: LegNumber) {
    switch effect {
    case .start: started(leg)
    case .cancel:
      if ended.contains(leg) { faults.append("CANCEL after the end") }
    case .hangUp, .passEarlyMedia: break
    case .bridge:
      if !isAnswered { faults.append("a bridge with an unanswered caller (L-25)") }
      if bridged != nil { faults.append("two legs are bridged") }
      bridged = leg
      bridges += 1
    case .unbridge:
      if bridged != leg { faults.append("what is not bridged is unbridged") }
      bridged = nil
    case .allowTransfer, .confirmTransfer:
      if bridged != leg { faults.append("a leg that is not bridged refers") }
    }
  }

  private mutating func take(_ request: MediaRequest) {
    switch request {
    case .record(let request):
      if !recordings.insert(request.sid).inserted { faults.append("one recording begins twice") }
    case .addToRecording(let sid, _):
      if !recordings.contains(sid) { faults.append("a recording that is not there grows") }
    case .endRecording(let sid, _):
      if recordings.remove(sid) == nil { faults.append("a recording that is not there ends") }
    case .perform(_, .caller, _, _):
      if !isAnswered { faults.append("sound for an unanswered caller (L-4)") }
    case .perform, .stopPerforming: break
    }
  }

  mutating func finish() {
    if !recordings.isEmpty { faults.append("a recording never ended") }
    if !isOver { faults.append("the call never ended") }
    for (leg, events) in events where events.last != .completed {
      faults.append("leg \(leg.number) never completed")
    }
  }

  private mutating func started(_ leg: LegNumber) {
    if callerIsGone { faults.append("an INVITE after the caller left (I-S5)") }
    if bridges > 0 { faults.append("an INVITE after the winner was chosen (I-S5)") }
    if !invited.insert(leg).inserted { faults.append("two INVITEs for one leg") }
    dialRuns = true
  }

  private mutating func fetched(_ number: RequestNumber, _ request: DocumentRequest) {
    if !requests.insert(number).inserted { faults.append("a request number is used twice") }
    if request.purpose == .action, dialRuns { faults.append("the action before the Dial ended") }
    if request.parameters.contains(where: { $0.value.isEmpty && $0.name != "Digits" }) {
      faults.append("an empty parameter (H-3)")
    }
  }

  private mutating func told(_ leg: LegNumber, _ status: LegStatus, _ callback: StatusCallback?) {
    let before = events[leg, default: []]
    if before.isEmpty != (status.event == .initiated) { faults.append("initiated is not first") }
    if let last = before.last, last.rawValue >= status.event.rawValue {
      faults.append("leg \(leg.number): \(status.event) after \(last)")
    }
    events[leg] = before + [status.event]
    if status.event == .completed { ended.insert(leg) }
    if status.event != .completed, status.duration != 0 { faults.append("a duration too early") }
    guard let callback else { return }
    let number = callback.parameters.first { $0.name == "SequenceNumber" }?.value
    if number != "\(sequence[leg, default: 0])" { faults.append("a gap in the numbers (I-C2)") }
    sequence[leg, default: 0] += 1
  }
}
