import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP

/// Where the media of a call goes, and what waits until it can come by here.
final class CallStreams {
  private var media: CallMedia
  private var wait: StreamWait
  private let need: StreamNeed
  /// How those are secret of which the host was told.
  private var secret: [MediaID: SecureSuite] = [:]

  init(_ media: DirectMedia, mode: Settings.Media) {
    self.media = .direct(media)
    wait = StreamWait(isDirect: mode == .direct)
    need = StreamNeed(isAlwaysAnchored: mode == .anchored)
  }

  /// Nil: it goes from phone to phone.
  var anchored: AnchoredMedia? { media.anchored }
  var isAnchored: Bool { media.anchored != nil }

  /// A step of the media; what it wants is put into `effects`.
  func change<Result>(
    _ effects: inout [MediaEffect], _ step: (inout CallMedia, inout [MediaEffect]) -> Result
  ) -> Result {
    step(&media, &effects)
  }

  /// The caller has its answer from a provisional response: its offer gets no other (RFC 3262 §5).
  func callerHasAnswer(_ hasAnswer: Bool) { media.callerHasAnswer(hasAnswer) }

  /// The host was not told of it.
  func isNew(_ suite: SecureSuite, of stream: MediaID) -> Bool {
    secret.updateValue(suite, forKey: stream) != suite
  }

  func callerLeft() { media.changeAnchored { $0.callerLeft() } }

  // MARK: streams of ours

  func verdict(on effect: CallEffect, hasLegs: Bool) -> StreamWait.Verdict {
    wait.verdict(
      of: effect.order, needing: need.stream(for: effect, media, hasLegs: hasLegs))
  }

  func verdictOnInvite() -> StreamWait.Verdict {
    wait.verdict(of: .concerns(.caller), needing: .caller)
  }

  func open(_ stream: MediaID, for purpose: StreamWait.Purpose) {
    wait.open(stream, for: purpose)
    switch purpose {
    case .caller: break
    case .leg(let leg): media.changeAnchored { $0.addLeg(leg, stream: stream) }
    case .video(let party): media.changeAnchored { $0.addVideo(of: party, stream: stream) }
    }
  }

  func hold(_ one: StreamWait.Waiting) { wait.hold(one) }

  func drop(_ gone: StreamWait.Gone) -> [StreamWait.Waiting] { wait.drop(gone) }

  /// Nobody's any more: its party has left while it was being opened.
  func isOwnerless(_ stream: MediaID) -> Bool {
    !(media.anchored?.streams.contains(stream) ?? false)
  }

  /// Nil: nobody waited for it.
  func opened(_ stream: MediaID, port: UInt16) -> StreamWait.Ready? {
    let ready = wait.opened(stream)
    if ready?.purpose != .caller { media.changeAnchored { $0.opened(stream, port: port) } }
    return ready
  }

  func unopened(_ stream: MediaID) -> StreamWait.Ready? { wait.unopened(stream) }

  /// A call whose media has to come by here goes nowhere without.
  var mustBeAnchored: Bool { need.isAlwaysAnchored }

  /// From now on this call's media comes by here. False: it did already.
  func anchor(
    _ stream: MediaID, port: UInt16, isAnswered: Bool, settings: Settings,
    _ effects: inout [MediaEffect]
  ) -> Bool {
    guard case .direct(let direct) = media else { return false }
    var anchored = AnchoredMedia(
      callerStream: stream, after: direct, settings: MediaSettings(settings))
    anchored.opened(stream, port: port)
    if isAnswered { anchored.offerToAnsweredCaller(&effects) }
    media = .anchored(anchored)
    return true
  }
}
