import RCMLBasics
import RCMLDial
import RCMLSIP

/// A line of the host's: whose it is, where it stands, and what it waits to be told.
final class HostLine {
  let call: CallNumber
  let party: Party
  let media: HostMedia
  /// It brought an offer, or needs none; else it gets ours (spec L-6).
  let bringsOffer: Bool
  private(set) var machine: HostLineMachine
  /// Where our RTP is to be sent by this party; nil = the way to it is being found out, and what would name it waits.
  private(set) var shown: SocketAddress?
  /// What it is told are streams of our own: 0.0.0.0 stands for `shown` in it (spec T-5).
  private(set) var placesMedia: Bool
  /// In order, behind one that waits for `shown`.
  private var waiting: [HostAction] = []

  init(
    _ party: Party, of call: CallNumber, media: HostMedia, bringsOffer: Bool,
    placesMedia: Bool = false, shown: SocketAddress?
  ) {
    self.call = call
    self.party = party
    self.media = media
    self.bringsOffer = bringsOffer || media.isFrames
    self.placesMedia = placesMedia
    self.shown = shown
    machine = HostLineMachine(isCaller: party == .caller)
  }

  var isEnded: Bool { machine.state == .ended }

  func placeMedia() { placesMedia = true }

  /// Nil: the way is still being found out, and packets take it by themselves.
  var ownAddress: OwnAddress? { shown.map { OwnAddress(shown: $0, local: nil) } }

  func withdrawOffer() -> Bool { machine.withdrawOffer() }

  // MARK: what happens

  func handle(_ command: HostLineCommand) -> [HostLineMachine.Effect] {
    if case .offer = command, let frames = FrameDescription(media) {
      // Frames are what they are.
      return [.happened(.media(.offerAccepted(.frames(frames))))]
    }
    return machine.handle(command)
  }

  /// Nil: the host cannot say this now.
  func handle(_ report: HostPartyReport) -> [HostLineMachine.Effect]? {
    guard let frames = FrameDescription(media) else { return machine.handle(report) }
    switch report {
    // Frames are what they are.
    case .offers, .refuses: return nil
    case .rings, .answers, .ends, .presses: break
    }
    return machine.handle(report).map { $0.map { HostLine.describe($0, as: frames) } }
  }

  /// A party that speaks in frames is described by that, whatever it said.
  private static func describe(
    _ effect: HostLineMachine.Effect, as frames: FrameDescription
  ) -> HostLineMachine.Effect {
    guard case .happened(let event) = effect else { return effect }
    switch event {
    case .provisional(let code, _):
      return .happened(.provisional(code: code, code == 183 ? .frames(frames) : .none))
    case .answered(_, let headers):
      return .happened(.answered(.frames(frames), headers: headers))
    case .answeredTooLate, .rejected, .failed, .cancelled, .hungUp, .acknowledgementMissing,
      .confirmed, .media, .info, .referred, .innerAddressShown, .lost, .ended, .question:
      return effect
    }
  }

  // MARK: what it is told

  /// Nil: it waits until the way to the party is known. The order is kept: only the end overtakes what waits, which
  /// has no meaning after it.
  func ready(_ action: HostAction) -> HostAction? {
    guard shown != nil || !placesMedia || action.endsParty else {
      waiting.append(action)
      return nil
    }
    return placed(action)
  }

  /// The way was found. `local`: a wildcard where there is none. What waited is to be told now.
  func routeFound(local: SocketAddress) -> [HostAction] {
    guard shown == nil else { return [] }
    shown = local.isWildcard ? .loopback : local
    defer { waiting = [] }
    return waiting.map(placed)
  }

  private func placed(_ action: HostAction) -> HostAction {
    switch action {
    case .ring(let code, let sdp): return .ring(code: code, sdp: place(sdp))
    case .answer(let sdp): return .answer(sdp: place(sdp))
    case .offer(let sdp): return .offer(sdp: place(sdp))
    case .accepted(let sdp): return .accepted(sdp: place(sdp))
    case .call(var invite):
      invite.sdp = place(invite.sdp)
      return .call(invite)
    case .reject, .hangUp, .refused, .key: return action
    }
  }

  private func place(_ sdp: [UInt8]) -> [UInt8] {
    if media.isFrames { return [] }
    guard placesMedia, !sdp.isEmpty, let shown else { return sdp }
    var host = ByteWriter(capacity: 48)
    shown.appendHost(to: &host)
    // SDP has no brackets around an address (RFC 4566 §5.7).
    return SessionDescription.placing(
      sdp, host: host.finish().filter { $0 != UInt8(ascii: "[") && $0 != UInt8(ascii: "]") })
  }
}

extension HostAction {
  fileprivate var endsParty: Bool {
    switch self {
    case .reject, .hangUp: true
    case .ring, .answer, .call, .offer, .accepted, .refused, .key: false
    }
  }
}

extension SocketAddress {
  static var loopback: SocketAddress { SocketAddress(ipv4: 0x7f00_0001, port: 0) }
}
