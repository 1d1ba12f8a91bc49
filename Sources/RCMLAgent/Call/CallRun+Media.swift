import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia

/// What the lines of a call tell its media, and what its media wants of the lines.
extension CallRun {
  func handle(_ step: LineEvent.MediaStep, of party: Party, at now: Instant) {
    switch step {
    case .offered(let description):
      changeMedia(at: now) { $0.offered(by: party, description, &$1) }
    case .offerCancelled:
      changeMedia(at: now) { $0.offerCancelled(by: party, &$1) }
    case .refreshDue:
      changeMedia(at: now) { $0.refreshDue(with: party, &$1) }
    case .offerAccepted(let description):
      changeMedia(at: now) { $0.accepted(by: party, description, &$1) }
    case .offerRefused(let code):
      changeMedia(at: now) { $0.refused(by: party, code: code, &$1) }
    case .acknowledged(let description):
      if party == .caller { confirmCaller(at: now) }
      changeMedia(at: now) { $0.acknowledged(by: party, description, &$1) }
      performances.beginWaiting(of: self, at: now)
    }
  }

  func bridge(_ leg: LegNumber, withholdsStar: Bool, at now: Instant) {
    let key: UInt8 = withholdsStar ? UInt8(ascii: "*") : 0
    keys.join(leg, withholding: key)
    changeMedia(at: now) { $0.bridged(leg, withheldKey: key, &$1) }
    if let line = caller.line, let other = legs[leg] { services.lines.join(line, other) }
  }

  /// The caller hears what a leg sends before it answers, and the leg hears the caller's keys (spec U-20).
  func passEarlyMedia(of leg: LegNumber, at now: Instant) {
    keys.join(leg)
    changeMedia(at: now) { $0.heard(leg, &$1) }
  }

  func unbridge(_ leg: LegNumber, at now: Instant) {
    keys.part(leg)
    changeMedia(at: now) { $0.unbridged(leg, &$1) }
    if let line = caller.line, let other = legs[leg] { services.lines.part(line, other) }
  }

  /// A step of the call's media, and what comes of it.
  @discardableResult
  func changeMedia<Result>(
    at now: Instant, _ step: (inout CallMedia, inout [MediaEffect]) -> Result
  ) -> Result {
    var effects: [MediaEffect] = []
    let result = streams.change(&effects, step)
    perform(effects, at: now)
    return result
  }

  func perform(_ effects: [MediaEffect], at now: Instant) {
    let outputs = services.outputs
    for effect in effects {
      switch effect {
      case .offer(let party, let sdp):
        if let line = line(of: party) { services.lines.offer(line, sdp: sdp, at: now) }
      case .answer(let party, let sdp):
        if let line = line(of: party) { services.lines.answerOffer(line, sdp: sdp, at: now) }
      case .refuse(let party, let code):
        if let line = line(of: party) { services.lines.refuseOffer(line, code: code, at: now) }
      case .withdraw(let party):
        if let line = line(of: party), services.lines.withdrawOffer(line) {
          changeMedia(at: now) { $0.withdrawn(by: party, &$1) }
        }
      case .cancelOffer(let party):
        guard let line = line(of: party) else { continue }
        if services.lines.withdrawOffer(line) {
          changeMedia(at: now) { $0.withdrawn(by: party, &$1) }
        } else {
          services.lines.cancelOffer(line, at: now)
        }
      case .warn(let text):
        warn(.mediaRefused, text)
      case .describe(let stream, let description):
        tellSecrecy(of: stream, description)
        outputs.append(.describe(stream, vouched(description, of: stream)))
      case .join(let one, let other, let key):
        outputs.append(.join(one, other, MediaCommand.Join(withheldKey: key)))
      case .part(let stream):
        outputs.append(.part(stream))
      case .close(let stream):
        services.calls.remove(stream)
        outputs.append(.close(stream))
      }
    }
  }

  /// Nothing is sent to this leg any more.
  func silenceLeg(_ leg: LegNumber, at now: Instant) {
    drop(.party(.leg(leg)))
    keys.part(leg)
    changeMedia(at: now) { $0.legGone(leg, &$1) }
  }

  /// Nothing is sent to the caller any more. Its stream stays until the call is over: a recording of it may still have
  /// to be ended.
  func silenceCaller() {
    drop(.party(.caller))
    guard let gone = streams.anchored?.callerStreams else { return }
    streams.callerLeft()
    for stream in gone {
      services.outputs.append(.part(stream))
      services.outputs.append(.describe(stream, StreamDescription()))
    }
  }
}
