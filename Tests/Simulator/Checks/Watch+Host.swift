import RCMLAgent
import RCMLBasics
import RCMLDial

/// Parties on lines of the host's own: each is answered or refused once, told to end once, and told nothing afterwards
/// (I-S6, I-S10); a leg of the host's is answered only when the host said so (I-S2).
extension Watch {
  struct HostPartyRecord {
    var isAnswered = false
    var isGone = false
    var final: Int?
    /// An offer of ours is with the host.
    var owesAnswer = false
  }

  struct HostPartyKey: Hashable {
    var call: CallNumber
    var leg: LegNumber?
  }

  /// Before the agent is told, so that its first INVITEs have a caller.
  func hostCalls(_ name: String) {
    callerNames[Array(name.utf8)] = callers.count
    callers.append(
      CallerRecord(
        callID: Array("\(name) of the host".utf8), name: name, branch: [], delivered: now))
  }

  func hostCalled(_ name: String, _ call: CallNumber) {
    guard let index = callerNames[Array(name.utf8)] else { return }
    relate(call, index)
    let key = HostPartyKey(call: call, leg: nil)
    if hostParties[key] == nil { hostParties[key] = HostPartyRecord() }
    // It may have had its answer within the command that brought it.
    if let code = hostParties[key]?.final { hostFinal(code, call) }
  }

  /// The agent takes no more calls, and said so.
  func hostRefused(_ name: String) {
    guard let index = callerNames[Array(name.utf8)] else { return }
    callers[index].finals.append(CallerRecord.Final(code: 503, tag: []))
  }

  func hostSays(_ call: CallNumber, _ leg: LegNumber?, _ news: HostPartyReport) {
    let key = HostPartyKey(call: call, leg: leg)
    switch news {
    case .answers:
      hostAnswering = key
      hostParties[key]?.owesAnswer = false
    case .refuses: hostParties[key]?.owesAnswer = false
    case .ends:
      guard hostParties[key]?.isGone == false else { return }
      hostParties[key]?.isGone = true
      if leg == nil, let index = callOfNumber[call], callers[index].left == nil {
        callers[index].left = now
        // A caller who gives up waits for no answer.
        if hostParties[key]?.isAnswered == false { hostFinal(487, call) }
      }
    case .offers: hostOffers(key)
    case .rings, .presses: break
    }
  }

  func hostSaid() { hostAnswering = nil }

  func hostTold(_ call: CallNumber, _ party: Party, _ action: HostAction) {
    let leg: LegNumber? = if case .leg(let leg) = party { leg } else { nil }
    let key = HostPartyKey(call: call, leg: leg)
    if case .call = action {
      if callerHearsNothing { fail(.unheard, "the host is to call for who could hear nothing") }
      if hostParties[key] != nil {
        fail(.oneFinalResponse, "a party of the host's is called twice")
      }
      hostParties[key] = HostPartyRecord()
      return
    }
    if leg == nil, hostParties[key] == nil { hostParties[key] = HostPartyRecord() }
    guard let record = hostParties[key] else {
      return fail(.nothingIsLeft, "the host was told of a party it was never asked to call")
    }
    if record.isGone {
      return fail(.nothingIsLeft, "a party of the host's was told \(action) after it had gone")
    }
    switch action {
    case .answer:
      if record.isAnswered { fail(.oneFinalResponse, "a caller of the host's is answered twice") }
      hostParties[key]?.isAnswered = true
      final(200, key)
    case .reject(let code, _, _):
      if record.isAnswered {
        fail(.oneFinalResponse, "an answered caller of the host's is refused")
      }
      hostParties[key]?.isGone = true
      final(Int(code), key)
    case .hangUp:
      hostParties[key]?.isGone = true
      if leg == nil, !record.isAnswered { final(487, key) }
    case .offer:
      if record.owesAnswer { fail(.oneFinalResponse, "the host has two offers to answer at once") }
      hostParties[key]?.owesAnswer = true
    case .ring:
      if record.isAnswered { fail(.oneFinalResponse, "an answered caller of the host's rings") }
    case .accepted, .refused: hostTalk.offers[key] = nil
    case .key(let digit): hostToldKey(key, digit)
    case .call: break
    }
  }

  private func final(_ code: Int, _ key: HostPartyKey) {
    hostParties[key]?.final = code
    hostFinal(code, key.call)
  }

  private func hostFinal(_ code: Int, _ call: CallNumber) {
    guard let index = callOfNumber[call] else { return }
    callers[index].finals.append(CallerRecord.Final(code: code, tag: []))
  }

  /// True: this leg is the host's, and what is to be said of its answer has been said.
  func hostLegWon(_ call: CallNumber, _ leg: LegNumber) -> Bool {
    let key = HostPartyKey(call: call, leg: leg)
    guard hostParties[key] != nil else { return false }
    hostHasAnswered = true
    if hostAnswering != key, !answersMayWait {
      fail(.firstAnswerWins, "a leg of the host's is answered, and the host did not say so")
    }
    return true
  }

  /// Everybody who was told of a call has been told of its end.
  func finishHostParties() {
    for (key, record) in hostParties where !record.isGone {
      fail(
        .nothingIsLeft,
        "a party of the host's in call \(key.call.number) was never told that all is over")
    }
  }
}
