import COsip
import RCMLBasics

/// Whole messages out of a stream of octets, however they were cut (RFC 3261 §18.3, failures P4).
///
/// Feed with `received`, take with `next` until it is nil. After `.broken` nothing on the stream can be trusted
/// any more: it must be closed.
public struct StreamFramer {
  public enum Unit: Sendable {
    case message(Message)
    /// A double CRLF between messages: to be answered with one CRLF (RFC 5626 §3.5.1).
    case keepAlive
    /// A whole message with a fault: to be answered, the stream goes on.
    case malformed(Malformed)
    /// Where the next message begins can no longer be known: close the stream.
    case broken(Malformed)
  }

  /// Octets of one message's body.
  public static let bodyLimit = 65_536

  private var buffer: [UInt8] = []
  /// Octets before this one have been used up.
  private var start = 0
  /// The search for the end of the header goes on here: no octet is looked at twice.
  private var searched = 0
  /// Line ends seen between messages.
  private var lineEnds = 0
  /// How long the message at `start` is, once its header is complete.
  private var expected: Int?
  private var isBroken = false

  public init() {}

  /// A message has begun and not ended: a peer that never ends it must not be waited for forever.
  public var isMidMessage: Bool { !isBroken && start < buffer.count }

  /// Octets held.
  public var held: Int { buffer.count - start }

  public mutating func received(_ octets: UnsafeRawBufferPointer) {
    guard !isBroken else { return }
    if start > 0 {
      buffer.removeSubrange(..<start)
      searched = max(0, searched - start)
      start = 0
    }
    buffer.append(contentsOf: octets)
  }

  public mutating func next() -> Unit? {
    guard !isBroken else { return nil }
    if expected == nil, skipLineEnds() { return .keepAlive }
    guard start < buffer.count else { return nil }
    if expected == nil, let fault = measure() { return fail(fault) }
    guard let expected else {
      return held > MessageReader.headLimit ? fail("Header Too Long") : nil
    }
    guard held >= expected else { return nil }
    let reading = buffer.withUnsafeBytes {
      MessageReader.read(UnsafeRawBufferPointer(rebasing: $0[start..<start + expected]), over: .tcp)
    }
    start += expected
    searched = start
    self.expected = nil
    switch reading {
    case .message(let message): return .message(message)
    case .malformed(let malformed): return .malformed(malformed)
    case .keepAlive: return next()
    }
  }

  /// For who only looks on: the octets of the next message, and when nobody knows any more where one begins, all that is
  /// left.
  public mutating func nextOctets() -> [UInt8]? {
    guard !isBroken else { return nil }
    while expected == nil, skipLineEnds() {}
    guard start < buffer.count else { return nil }
    let isLost = expected == nil && measure() != nil
    guard let expected, !isLost else {
      guard isLost || held > MessageReader.headLimit else { return nil }
      isBroken = true
      return Array(buffer[start...])
    }
    guard held >= expected else { return nil }
    defer {
      start += expected
      searched = start
      self.expected = nil
    }
    return Array(buffer[start..<start + expected])
  }

  /// The peer had its time to complete a message and did not: what there is of it, for the answer; nil between
  /// messages.
  public mutating func givenUp() -> Unit? { isMidMessage ? fail("Message Not Completed") : nil }

  /// True when a second CRLF in a row was passed over.
  private mutating func skipLineEnds() -> Bool {
    while start + 1 < buffer.count, buffer[start] == 13, buffer[start + 1] == 10 {
      start += 2
      lineEnds += 1
      if lineEnds == 2 {
        lineEnds = 0
        return true
      }
    }
    if start < buffer.count, buffer[start] != 13 { lineEnds = 0 }
    if start + 1 < buffer.count, buffer[start] == 13 { lineEnds = 0 }
    searched = max(searched, start)
    return false
  }

  /// Finds the end of the header and the length of the body; a fault is one after which nobody knows where the
  /// next message begins.
  private mutating func measure() -> StaticString? {
    let limit = min(buffer.count, start + MessageReader.headLimit)
    let head: Int? = buffer.withUnsafeBytes { octets in
      var position = max(start, searched - 3)
      while let lineEnd = octets.first(10, from: position, to: limit) {
        if lineEnd >= start + 3, octets[lineEnd - 1] == 13, octets[lineEnd - 2] == 10,
          octets[lineEnd - 3] == 13
        {
          return lineEnd + 1
        }
        position = lineEnd + 1
      }
      return nil
    }
    searched = limit
    guard let head else { return nil }
    let length = buffer.withUnsafeBytes { octets in
      ContentLengthScan.read(UnsafeRawBufferPointer(rebasing: octets[start..<head]))
    }
    switch length {
    case .missing: return "Missing Content-Length"
    case .bad: return "Bad Content-Length"
    case .octets(let count):
      guard count <= UInt64(StreamFramer.bodyLimit) else { return "Message Too Large" }
      expected = head - start + Int(count)
      return nil
    }
  }

  /// The header alone is still read, so that a peer may be told why before the stream is closed.
  private mutating func fail(_ reason: StaticString) -> Unit {
    let head = min(buffer.count, start + MessageReader.headLimit)
    let reading = buffer.withUnsafeBytes {
      MessageReader.read(UnsafeRawBufferPointer(rebasing: $0[start..<head]), over: .tcp)
    }
    isBroken = true
    buffer = []
    start = 0
    expected = nil
    switch reading {
    case .malformed(let malformed): return .broken(malformed)
    case .message(let message):
      return .broken(
        Malformed(
          code: message.isRequest && message.method != .ack ? 400 : 0, reason: reason,
          message: message.isRequest && message.method != .ack ? message : nil))
    case .keepAlive: return .broken(Malformed(code: 0, reason: reason, message: nil))
    }
  }
}
