import RCMLBasics
import RCMLDial
import RCMLSIP

/// The SDP of one call whose media goes from phone to phone (DirectMedia.table.md).
struct DirectMedia {
  typealias Effect = MediaEffect

  private enum State {
    case idle
    /// We asked `asked` with a re-INVITE so that both sides know each other; `count` of them so far.
    case joining(asked: Party, count: Int)
    /// `from` asked for something else; the other side is being asked.
    case passing(from: Party, offer: [UInt8])
  }

  static let joiningLimit = 3

  private var state = State.idle
  private var sides: PartySides<MediaSide>
  /// Of the next dialog.
  private(set) var nextOrigin: UInt64

  /// The caller has its answer from a 183 that it acknowledges: its offer gets no other (RFC 3262 §5). What it is to
  /// hear instead comes with a re-INVITE.
  var callerHasAnswer = false

  private let address: SocketAddress

  /// `origin`: the first `o=` session id; every dialog of the call gets the next one. `address`: ours.
  init(origin: UInt64, address: SocketAddress) {
    self.address = address
    sides = PartySides(caller: MediaSide(origin: origin, address: address))
    nextOrigin = origin &+ 1
  }

  // MARK: the caller's first offer and answer

  mutating func callerSent(_ sdp: [UInt8]) { sides.caller.remote = sdp }

  var bridgedLeg: LegNumber? { sides.bridgedLeg }

  /// What the caller was last told, and what it last said.
  var answerOfCaller: [UInt8] { sides.caller.local }
  var callerDescription: [UInt8] { sides.caller.remote }

  /// For a caller whom we call before anybody is there to talk to.
  mutating func offerForCaller() -> [UInt8] {
    sides.caller.presentInactiveOffer()
  }

  /// The 200: the leg's media, or none as long as nobody is there.
  mutating func answerForCaller(with leg: LegNumber?) -> [UInt8] {
    if callerHasAnswer { return sides.caller.local }
    if let leg, let side = sides.legs[leg], !side.remote.isEmpty {
      return sides.caller.present(side.remote)
    }
    return sides.caller.presentInactiveAnswer(to: sides.caller.remote)
  }

  /// The 183 (spec U-20); nil when the leg sent no SDP.
  mutating func earlyMediaForCaller(of leg: LegNumber) -> [UInt8]? {
    guard let side = sides.legs[leg], !side.remote.isEmpty else { return nil }
    if callerHasAnswer, !sides.caller.knows(side.remote) { return nil }
    return sides.caller.present(side.remote)
  }

  // MARK: the legs' first offer and answer

  mutating func offerForLeg(_ leg: LegNumber) -> [UInt8] {
    var side = MediaSide(origin: nextOrigin, address: address)
    nextOrigin &+= 1
    let offer = side.present(SessionDescription.removingHold(sides.caller.remote))
    sides.legs[leg] = side
    return offer
  }

  mutating func legSentEarly(_ leg: LegNumber, _ sdp: [UInt8]) {
    if !sdp.isEmpty { sides.legs[leg]?.remote = sdp }
  }

  /// False when a 2xx brought no SDP that can be used (spec L-23).
  mutating func legAnswered(_ leg: LegNumber, _ sdp: [UInt8]) -> Bool {
    guard SessionDescription.isUsable(sdp) else { return false }
    sides.legs[leg]?.remote = sdp
    return true
  }

  mutating func legGone(_ leg: LegNumber, _ effects: inout [Effect]) {
    unbridged(leg, &effects)
    sides.legs[leg] = nil
  }

  // MARK: joined

  mutating func bridged(_ leg: LegNumber, _ effects: inout [Effect]) {
    sides.bridgedLeg = leg
    join(count: 0, &effects)
  }

  mutating func unbridged(_ leg: LegNumber, _ effects: inout [Effect]) {
    guard sides.bridgedLeg == leg else { return }
    sides.bridgedLeg = nil
    if case .passing(from: .caller, let offer) = state { answerAlone(.caller, offer, &effects) }
    if case .joining(let asked, _) = state { effects.append(.withdraw(asked)) }
    state = .idle
  }

  private mutating func join(count: Int, _ effects: inout [Effect]) {
    state = .idle
    guard let leg = sides.bridgedLeg, let side = sides.legs[leg], count < DirectMedia.joiningLimit
    else {
      return
    }
    if !sides.caller.knows(side.remote) {
      state = .joining(asked: .caller, count: count + 1)
      effects.append(.offer(.caller, sides.caller.present(side.remote)))
    } else if !side.knows(sides.caller.remote),
      !side.knows(SessionDescription.removingHold(sides.caller.remote))
    {
      state = .joining(asked: .leg(leg), count: count + 1)
      effects.append(.offer(.leg(leg), present(sides.caller.remote, to: .leg(leg))))
    }
  }

  // MARK: what the dialogs say

  mutating func offered(by party: Party, _ sdp: [UInt8], _ effects: inout [Effect]) {
    guard case .idle = state else { return effects.append(.refuse(party, code: 491)) }
    if sdp.isEmpty {
      sides.change(party) { $0.owesAnswer = true }
      return effects.append(.answer(party, sides[party]?.local ?? []))
    }
    guard let other = sides.partner(of: party) else { return answerAlone(party, sdp, &effects) }
    state = .passing(from: party, offer: sdp)
    effects.append(.offer(other, present(sdp, to: other)))
  }

  mutating func accepted(by party: Party, _ sdp: [UInt8], _ effects: inout [Effect]) {
    if !sdp.isEmpty { sides.change(party) { $0.remote = sdp } }
    switch state {
    case .joining(let asked, let count) where asked == party:
      join(count: count, &effects)
    case .passing(let from, let offer) where sides.partner(of: from) == party:
      state = .idle
      sides.change(from) { $0.remote = offer }
      effects.append(.answer(from, present(sdp, to: from)))
    case .idle, .joining, .passing:
      break
    }
  }

  mutating func refused(by party: Party, code: UInt16, _ effects: inout [Effect]) {
    sides.change(party) { $0.takeBack() }
    switch state {
    case .joining(let asked, _) where asked == party:
      state = .idle
      effects.append(
        .warn(
          "A phone refused with \(code) to be joined to the other's media; the call may be silent.")
      )
    case .passing(let from, _) where sides.partner(of: from) == party:
      state = .idle
      effects.append(.refuse(from, code: code))
    case .idle, .joining, .passing:
      break
    }
  }

  /// The re-INVITE was never sent.
  mutating func withdrawn(by party: Party) { sides.change(party) { $0.takeBack() } }

  mutating func acknowledged(by party: Party, _ sdp: [UInt8], _ effects: inout [Effect]) {
    guard sides[party]?.owesAnswer == true else { return }
    sides.change(party) {
      $0.owesAnswer = false
      if !sdp.isEmpty { $0.remote = sdp }
    }
    if case .idle = state, sides.partner(of: party) != nil { join(count: 0, &effects) }
  }

  // MARK: sides

  private mutating func answerAlone(
    _ party: Party, _ sdp: [UInt8], _ effects: inout [Effect]
  ) {
    var answer: [UInt8] = []
    sides.change(party) {
      $0.remote = sdp
      answer = $0.presentInactiveAnswer(to: sdp)
    }
    effects.append(.answer(party, answer))
  }

  private mutating func present(_ sdp: [UInt8], to party: Party) -> [UInt8] {
    var presented: [UInt8] = []
    sides.change(party) { presented = $0.present(sdp) }
    return presented
  }
}
