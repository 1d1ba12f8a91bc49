import RCMLBasics
import RCMLDial
import RCMLSIP

/// What a call wants of a party, whether a dialog leads to it or a line of the host's.
extension Agent {
  /// True: this was the answer to the caller's offer for good (RFC 3262 §5).
  func ringLine(_ line: SessionID, code: UInt16, body: [UInt8], at now: Instant) -> Bool {
    guard line.isHostLine else { return userAgent.ring(line, code: code, body: body, at: now) }
    wish(.ring(code: code, sdp: body), on: line)
    return false
  }

  func acceptLine(_ line: SessionID, body: [UInt8], at now: Instant) {
    guard line.isHostLine else {
      return userAgent.accept(line, body: body, headers: [], at: now)
    }
    wish(.answer(sdp: body, isAnswer: hostLines[line]?.brings ?? true), on: line)
  }

  func rejectLine(
    _ line: SessionID, code: UInt16, phrase: [UInt8], headers: [HeaderLine] = [], at now: Instant
  ) {
    guard line.isHostLine else {
      return userAgent.reject(line, code: code, phrase: phrase, headers: headers, at: now)
    }
    wish(.reject(code: code, phrase: String(decoding: phrase, as: UTF8.self)), on: line)
  }

  func endLine(_ line: SessionID, reasons: [[UInt8]] = [], at now: Instant) {
    guard line.isHostLine else { return userAgent.end(line, reasons: reasons, at: now) }
    wish(.end, on: line)
  }

  func offerToLine(_ line: SessionID, body: [UInt8], at now: Instant) {
    guard line.isHostLine else { return userAgent.offer(line, body: body, at: now) }
    wish(.offer(sdp: body), on: line)
  }

  func answerOfferOfLine(_ line: SessionID, body: [UInt8], at now: Instant) {
    guard line.isHostLine else { return userAgent.answerOffer(line, body: body, at: now) }
    wish(.accept(sdp: body), on: line)
  }

  func refuseOfferOfLine(_ line: SessionID, code: UInt16, at now: Instant) {
    guard line.isHostLine else { return userAgent.refuseOffer(line, code: code, at: now) }
    wish(.refuse(code: code), on: line)
  }

  /// False: it is on its way, or there is none.
  func withdrawOfferToLine(_ line: SessionID) -> Bool {
    line.isHostLine ? hostLines.withdrawOffer(line) : userAgent.withdrawOffer(line)
  }

  func placeMedia(of line: SessionID) {
    guard line.isHostLine else { return userAgent.placeMedia(of: line) }
    hostLines.placeMedia(of: line)
  }

  /// INFO and MESSAGE pass between two dialogs (spec U-38); a line of the host's knows neither.
  func joinLines(_ line: SessionID, _ other: SessionID) {
    if !line.isHostLine, !other.isHostLine { userAgent.join(line, other) }
  }

  func partLines(_ line: SessionID, _ other: SessionID) {
    if !line.isHostLine, !other.isHostLine { userAgent.part(line, other) }
  }

  /// At once: what is told of a call must stand before its end.
  private func wish(_ wish: HostLineMachine.Wish, on line: SessionID) {
    tellHost(hostLines.take(wish, on: line), of: line)
  }

  func tellHost(_ actions: [HostAction], of line: SessionID) {
    guard let owner = owners[line] else { return }
    for action in actions { tell(.onCall(owner.call, .host(owner.party, action))) }
  }
}
