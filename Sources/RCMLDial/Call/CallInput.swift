import RCMLBasics

/// Everything that can happen to a call. Nothing here knows SIP: a leg may as well be the host's.
package enum CallInput {
  // The document.
  /// Run this document from now on; a running one is given up (spec L-39: its `action` is not requested).
  case run(DocumentSource)
  case retrieved(RequestNumber, Retrieved)
  case retrievalFailed(RequestNumber, RetrievalFailure)

  // The caller.
  /// CANCEL (unanswered). `reasons`: values of its Reason headers.
  case callerCancelled(reasons: [[UInt8]])
  /// BYE, or 481/408 on the caller's dialog.
  case callerHungUp(reasons: [[UInt8]])
  /// An outgoing caller (host `call`) rang, answered, or could not be reached. Its document is given with `run` after
  /// `callerAnswered`.
  case callerRinging
  case callerAnswered
  case callerFailed(code: UInt16?)
  /// No ACK for our 200 within 64·T1 (spec L-38).
  case callerAcknowledgementMissing

  // The legs.
  case legProvisional(LegNumber, code: UInt16, hasMedia: Bool)
  /// 2xx. `usable`: it carried an SDP answer we can use (spec L-17, L-23).
  case legAnswered(LegNumber, code: UInt16, usable: Bool, headers: [HeaderLine])
  case legRejected(
    LegNumber, code: UInt16, phrase: [UInt8], reasons: [[UInt8]], headers: [HeaderLine])
  /// No final response will come: timeout, DNS, connect, transport.
  case legFailed(LegNumber, LegFailure)
  case legHungUp(LegNumber, reasons: [[UInt8]], headers: [HeaderLine])
  /// REFER: the leg wants the caller to talk to this URI instead (spec U-40).
  case legReferred(LegNumber, to: String)
  /// Nothing of the leg is left below.
  case legEnded(LegNumber)

  // The host.
  case hangUp
  case endDial
  case digit(UInt8, from: Party)
  /// The answer to `ask`: of this Dial and this target.
  case decided(dial: Int, target: Int, TargetDecision)
  /// Say, Play, Gather, Record that somebody below performed, or cannot perform.
  case performed(PerformanceNumber, Performed)

  /// A recording of a Dial has ended, or could not be written.
  case recorded(sid: String, isWhole: Bool)
  /// Nothing was heard of a bridged party for as long as the setting allows (spec U-27).
  case mediaLost(Party)

  /// A deadline came.
  case timePassed
}

/// A side of the call.
package enum Party: Hashable, Sendable {
  case caller
  case leg(LegNumber)
}

/// A document request of one call, numbered from 0.
package struct RequestNumber: Hashable, Sendable {
  package var number: UInt32
  package init(_ number: UInt32) { self.number = number }
}

/// A Say, Play, Gather or Record under way, numbered from 0 over the life of the call.
package struct PerformanceNumber: Hashable, Sendable {
  package var number: UInt32
  package init(_ number: UInt32) { self.number = number }
}

/// Where a document comes from.
package enum DocumentSource: Equatable, Sendable {
  /// `baseURL`: what relative URLs in it are resolved against; empty = the setting `base_url` (spec G-18).
  case text([UInt8], baseURL: String)
  case url(String, method: String)
}

/// A 2xx answer to a document request.
package struct Retrieved: Sendable {
  /// After redirects: the base of relative URLs in it (spec G-18).
  package var finalURL: String
  /// The Content-Type header's value as received; empty = none.
  package var contentType: String
  package var body: [UInt8]

  package init(finalURL: String, contentType: String, body: [UInt8]) {
    self.finalURL = finalURL
    self.contentType = contentType
    self.body = body
  }
}

/// A document request that failed finally: retries, redirects and fallback are spent (spec H-20, H-21).
package enum RetrievalFailure: Hashable, Sendable {
  case status(UInt16)
  case unresolved
  case unreachable
  case timedOut
  case tooLarge
  case tooManyRedirects
  /// A scheme or address that may not be asked (spec G-18, Y-4).
  case refused
}

/// Why a leg's INVITE never got a final response (spec M-1, the rows "none").
package enum LegFailure: Hashable, Sendable {
  case timeout
  case unresolved
  case unreachable
  case unsupportedTransport
  case invalidTarget
}

/// What became of a Say, Play, Gather or Record.
package enum Performed: Hashable, Sendable {
  case finished
  /// Gather: `key` ended it, 0 = none did (spec V-12).
  case gathered(digits: [UInt8], key: UInt8)
  /// Record: not empty; `key` ended it, 0 = none did (spec V-15). An empty recording is `finished`.
  case recorded(Recording, key: UInt8)
  /// Nobody here can do it: skipped with this warning (spec V-10, V-11, V-15).
  case unavailable
  /// It could have been done, but for this: half a sentence for people.
  case failed(String)
}
