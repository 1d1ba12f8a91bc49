import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP

/// Streams of our own: when they are opened, and what comes of them.
extension CallRun {
  /// `effect`: what needs it.
  func open(_ purpose: StreamWait.Purpose, for effect: CallEffect) {
    switch purpose {
    case .caller:
      open(.caller, as: frameMedia(of: .caller))
    case .leg:
      guard case .leg(_, .start(let request)) = effect else { return }
      open(purpose, as: request.target.hostMedia)
    case .video:
      open(purpose, as: nil)
    }
  }

  /// `host`: how the party speaks when it is the host's.
  private func open(_ purpose: StreamWait.Purpose, as host: HostMedia?) {
    let stream = services.calls.makeStream(of: self)
    streams.open(stream, for: purpose)
    services.outputs.record(.stream(number, purpose.party, stream))
    if let host, host.isFrames {
      services.outputs.append(.openFrames(stream, host))
    } else {
      services.outputs.append(.open(stream))
    }
  }

  /// The INVITE to a caller of ours, once it can say where our stream is.
  func begin(_ invite: OutgoingInvite, at now: Instant) {
    switch streams.verdictOnInvite() {
    case .perform:
      send(invite, at: now)
    case .wait:
      streams.hold(.invite(invite))
    case .open(let purpose):
      open(purpose, as: nil)
      streams.hold(.invite(invite))
    case .drop:
      break
    }
  }

  /// What waits for the gone is never done; who waits for its outcome hears that (I-S5, K-3).
  func drop(_ gone: StreamWait.Gone) {
    drop(streams.drop(gone))
  }

  private func drop(_ waiting: [StreamWait.Waiting]) {
    for one in waiting {
      switch one {
      case .effect(.leg(let leg, .start)): failLeg(leg, because: Reason(.noMediaPort))
      case .effect(.media(.perform(let number, on: _, _, of: _))):
        enqueue(.media(.performed(number, .unavailable)))
      case .effect, .invite: break
      }
    }
  }

  private func send(_ invite: OutgoingInvite, at now: Instant) {
    var invite = invite
    invite.body = changeMedia(at: now) { media, _ in media.offerForCaller() }
    invite.placesMedia = streams.isAnchored
    let line = services.lines.invite(invite, at: now)
    services.calls.add(line, of: .caller, self)
    caller.invited(on: line)
  }

  // MARK: what media has to say

  func opened(_ stream: MediaID, port: UInt16, at now: Instant) {
    guard let ready = streams.opened(stream, port: port) else { return }
    if ready.purpose == .caller {
      anchor(stream, port: port, at: now)
    } else if streams.isOwnerless(stream) {
      services.calls.remove(stream)
      services.outputs.append(.close(stream))
    }
    perform(ready.waiting, at: now)
    // Its INVITE was dropped while it waited.
    if case .leg(let leg) = ready.purpose, !ready.starts(leg) { silenceLeg(leg, at: now) }
  }

  func unopened(_ stream: MediaID, at now: Instant) {
    services.calls.remove(stream)
    warn(
      .mediaRefused,
      "There is no RTP port for a party of this call: are enough in rtp_ports, and may enough files be open?"
    )
    guard let ready = streams.unopened(stream) else { return }
    guard ready.purpose == .caller, streams.mustBeAnchored else {
      return perform(ready.waiting, at: now)
    }
    endWithoutMedia(at: now)
    drop(ready.waiting)
  }

  /// Media that is to come by here goes no other way: from phone to phone nothing would be recorded, no key heard, and each
  /// would learn where the other is.
  private func endWithoutMedia(at now: Instant) {
    warn(
      .mediaRefused,
      "The call is refused with 503: its media is to come by here (media = anchored), and cannot.")
    if isRunning { return handle(.caller(.mediaUnavailable), at: now) }
    let response = CallerLeg.noMedia
    let reason = Reason(.noMediaPort)
    if let line = caller.line {
      services.lines.reject(
        line, code: response.code, phrase: response.phrase, reasons: response.reasons,
        because: reason, at: now)
    }
    end(status: .failed, code: response.code, side: .engine, because: reason, at: now)
  }

  /// From now on this call's media comes by here.
  private func anchor(_ stream: MediaID, port: UInt16, at now: Instant) {
    var effects: [MediaEffect] = []
    let isAnchored = streams.anchor(
      stream, port: port, isAnswered: caller.isAnswered, settings: settings, &effects)
    guard isAnchored else { return }
    if let line = caller.line { services.lines.placeMedia(of: line) }
    perform(effects, at: now)
    // It left while its stream was being opened.
    if case .running(let machine) = phase, !machine.isCallerAlive { silenceCaller() }
  }

  /// What waited, in order.
  private func perform(_ waiting: [StreamWait.Waiting], at now: Instant) {
    for one in waiting {
      if case .invite(let invite) = one { send(invite, at: now) }
    }
    for one in waiting {
      if case .effect(let effect) = one { perform(effect, at: now) }
    }
  }

  /// Nothing was heard of a party for as long as the setting allows (spec U-27).
  func silent(_ stream: MediaID) {
    if let party = streams.anchored?.party(of: stream) { enqueue(.media(.lost(party))) }
  }

  func digit(_ key: UInt8, on stream: MediaID, at now: Instant) {
    if let party = streams.anchored?.party(of: stream) {
      press(key, by: party, .media, at: now)
    }
  }

  func recordingEnded(_ id: RecordingID, _ result: RecordingResult, at now: Instant) {
    if result.lostMilliseconds > 0, result.reason != .failed, isHeardOf {
      warn(
        .recordingGaps,
        "\(result.lostMilliseconds) ms of a recording of \(result.milliseconds) ms are silent: the disk did not take "
          + "them in time")
    }
    if !recordings.ended(id, result, of: self, at: now) {
      performances.recorded(id, result, of: self, at: now)
    }
  }

  // MARK: frames

  /// In which form a party of the host's speaks; nil: the party is not the host's, or speaks in no frames.
  func frameMedia(of party: Party) -> HostMedia? {
    line(of: party).flatMap { services.lines.frameMedia(of: $0) }
  }
}

extension StreamWait.Purpose {
  fileprivate var party: Party {
    switch self {
    case .caller: .caller
    case .leg(let leg): .leg(leg)
    case .video(let party): party
    }
  }
}
