import RCMLBasics
import RCMLDial

/// Parties of the host's own.
extension Archive {
  func hostCaller(_ x: HostCaller?) throws(Damage) -> HostCaller {
    var caller = HostCaller(
      from: try text(x?.from), to: try text(x?.to), name: try text(x?.name),
      media: try raw(x?.media), sdp: try octets(x?.sdp))
    caller.headers = try list(x?.headers, header)
    caller.isPrivate = try flag(x?.isPrivate)
    caller.isAnswered = try flag(x?.isAnswered)
    caller.settings = try list(x?.settings, setting)
    return caller
  }

  func hostPartyReport(_ x: HostPartyReport?) throws(Damage) -> HostPartyReport {
    switch try kind(of: x) {
    case .rings:
      let x = x.flatMap { if case .rings(let a, let b) = $0 { (a, b) } else { nil } }
      return .rings(code: try number(x?.0), sdp: try octets(x?.1))
    case .answers:
      let x = x.flatMap { if case .answers(let sdp) = $0 { sdp } else { nil } }
      return .answers(sdp: try octets(x))
    case .offers:
      let x = x.flatMap { if case .offers(let sdp) = $0 { sdp } else { nil } }
      return .offers(sdp: try octets(x))
    case .refuses:
      let x = x.flatMap { if case .refuses(let code) = $0 { code } else { nil } }
      return .refuses(code: try number(x))
    case .ends:
      let x = x.flatMap { if case .ends(let code) = $0 { code } else { nil } }
      return .ends(code: try number(x))
    case .presses:
      let x = x.flatMap { if case .presses(let key) = $0 { key } else { nil } }
      return .presses(try octet(x))
    }
  }

  func hostAction(_ x: HostAction?) throws(Damage) -> HostAction {
    switch try kind(of: x) {
    case .ring:
      let x = x.flatMap { if case .ring(let a, let b) = $0 { (a, b) } else { nil } }
      return .ring(code: try number(x?.0), sdp: try octets(x?.1))
    case .answer:
      let x = x.flatMap { if case .answer(let sdp) = $0 { sdp } else { nil } }
      return .answer(sdp: try octets(x))
    case .reject:
      let x = x.flatMap { if case .reject(let a, let b, let c) = $0 { (a, b, c) } else { nil } }
      return .reject(code: try number(x?.0), phrase: try text(x?.1), try reason(x?.2))
    case .hangUp:
      let x = x.flatMap { if case .hangUp(let reason) = $0 { reason } else { nil } }
      return .hangUp(try reason(x))
    case .call:
      let x = x.flatMap { if case .call(let invite) = $0 { invite } else { nil } }
      return .call(
        HostInvite(
          to: try text(x?.to), from: try text(x?.from), fromName: try text(x?.fromName),
          media: try raw(x?.media),
          headers: try list(x?.headers, header), sdp: try octets(x?.sdp)))
    case .offer:
      let x = x.flatMap { if case .offer(let sdp) = $0 { sdp } else { nil } }
      return .offer(sdp: try octets(x))
    case .accepted:
      let x = x.flatMap { if case .accepted(let sdp) = $0 { sdp } else { nil } }
      return .accepted(sdp: try octets(x))
    case .refused:
      let x = x.flatMap { if case .refused(let code) = $0 { code } else { nil } }
      return .refused(code: try number(x))
    case .key:
      let x = x.flatMap { if case .key(let key) = $0 { key } else { nil } }
      return .key(try octet(x))
    }
  }
}

extension HostPartyReport: Kinded {
  enum Kind: UInt8, CaseIterable {
    case rings = 1
    case answers = 2
    case offers = 3
    case refuses = 4
    case ends = 5
    case presses = 6
  }

  var kind: Kind {
    switch self {
    case .rings: .rings
    case .answers: .answers
    case .offers: .offers
    case .refuses: .refuses
    case .ends: .ends
    case .presses: .presses
    }
  }
}

extension HostAction: Kinded {
  enum Kind: UInt8, CaseIterable {
    case ring = 1
    case answer = 2
    case reject = 3
    case hangUp = 4
    case call = 5
    case offer = 6
    case accepted = 7
    case refused = 8
    case key = 9
  }

  var kind: Kind {
    switch self {
    case .ring: .ring
    case .answer: .answer
    case .reject: .reject
    case .hangUp: .hangUp
    case .call: .call
    case .offer: .offer
    case .accepted: .accepted
    case .refused: .refused
    case .key: .key
    }
  }
}
