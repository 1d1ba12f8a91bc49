import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia
import RCMLSIP

/// Between the dialogs and the call's media.
extension Agent {
  /// True when the event was about media alone.
  func takesMedia(_ event: SessionEvent, of owner: CallOwner, at now: Instant) -> Bool {
    switch event {
    case .offered(let body):
      changeMedia(of: owner.call, at: now) { $0.offered(by: owner.party, body, &$1) }
    case .offerAccepted(let body):
      changeMedia(of: owner.call, at: now) { $0.accepted(by: owner.party, body, &$1) }
    case .offerRefused(let code):
      changeMedia(of: owner.call, at: now) { $0.refused(by: owner.party, code: code, &$1) }
    case .acknowledged(let body):
      changeMedia(of: owner.call, at: now) { $0.acknowledged(by: owner.party, body, &$1) }
      beginPerformances(of: owner.call, at: now)
    case .provisional, .answered, .answeredTooLate, .rejected, .failed, .cancelled, .hungUp,
      .acknowledgementMissing, .info, .lost, .ended, .credentialsWanted, .offerCancelled,
      .redirectWanted, .referred:
      return false
    }
    return true
  }

  func bridge(_ leg: LegNumber, withholdsStar: Bool, of number: CallNumber, at now: Instant) {
    let key: UInt8 = withholdsStar ? UInt8(ascii: "*") : 0
    calls[number]?.withheldKey = key
    changeMedia(of: number, at: now) { $0.bridged(leg, withheldKey: key, &$1) }
    if let session = calls[number]?.session, let other = calls[number]?.legs[leg] {
      joinLines(session, other)
    }
  }

  func unbridge(_ leg: LegNumber, of number: CallNumber, at now: Instant) {
    changeMedia(of: number, at: now) { $0.unbridged(leg, &$1) }
    if let session = calls[number]?.session, let other = calls[number]?.legs[leg] {
      partLines(session, other)
    }
  }

  /// Has the call's media take note of something, and does what it wants.
  @discardableResult
  func changeMedia<Result>(
    of number: CallNumber, at now: Instant,
    _ change: (inout CallMedia, inout [MediaEffect]) -> Result
  ) -> Result? {
    guard var media = calls[number]?.media else { return nil }
    var effects: [MediaEffect] = []
    let result = change(&media, &effects)
    calls[number]?.media = media
    perform(effects, of: number, at: now)
    return result
  }

  func perform(_ effects: [MediaEffect], of number: CallNumber, at now: Instant) {
    for effect in effects {
      switch effect {
      case .offer(let party, let sdp):
        if let session = session(of: party, number) {
          offerToLine(session, body: sdp, at: now)
        }
      case .answer(let party, let sdp):
        if let session = session(of: party, number) {
          answerOfferOfLine(session, body: sdp, at: now)
        }
      case .refuse(let party, let code):
        if let session = session(of: party, number) {
          refuseOfferOfLine(session, code: code, at: now)
        }
      case .withdraw(let party):
        if let session = session(of: party, number), withdrawOfferToLine(session) {
          calls[number]?.media.withdrawn(by: party)
        }
      case .warn(let text):
        tell(.finding(number, Finding(severity: .warning, code: .mediaRefused, text: text)))
      case .describe(let stream, let description):
        outputs.append(.media(.describe(stream, vouched(description, of: stream, number))))
      case .join(let one, let other, let key):
        outputs.append(.media(.join(one, other, MediaCommand.Join(withheldKey: key))))
      case .part(let stream):
        outputs.append(.media(.part(stream)))
      case .close(let stream):
        streams[stream] = nil
        outputs.append(.media(.close(stream)))
      }
    }
  }

  /// Nothing is sent to this party any more.
  func silence(_ party: Party, of number: CallNumber, at now: Instant) {
    switch party {
    case .leg(let leg):
      changeMedia(of: number, at: now) { $0.legGone(leg, &$1) }
    case .caller:
      // The stream stays until the call is over: a recording of it may still have to be ended.
      guard let streams = calls[number]?.media.anchored?.callerStreams else { return }
      calls[number]?.changeAnchored { $0.callerLeft() }
      for stream in streams {
        outputs.append(.media(.part(stream)))
        outputs.append(.media(.describe(stream, StreamDescription())))
      }
    }
  }

  private func session(of party: Party, _ number: CallNumber) -> SessionID? {
    switch party {
    case .caller: calls[number]?.session
    case .leg(let leg): calls[number]?.legs[leg]
    }
  }
}
