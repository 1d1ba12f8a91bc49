import RCMLBasics

/// One payload type of an audio stream and what it means (RFC 4566 §6, RFC 3551 §6).
public struct AudioFormat: Hashable, Sendable {
  public var payload: UInt8
  /// In lower case with its rate, and its channels if they are more than one: `pcmu/8000`, `opus/48000/2`. Empty = a
  /// number that nobody explained.
  public var encoding: [UInt8]
  /// What a=fmtp says, as it was written; empty = nothing.
  public var parameters: [UInt8]

  public init(_ payload: UInt8, _ encoding: [UInt8], parameters: [UInt8] = []) {
    self.payload = payload
    self.encoding = encoding
    self.parameters = parameters
  }

  public static let pcmu = AudioFormat(0, Array("pcmu/8000".utf8))
  public static let pcma = AudioFormat(8, Array("pcma/8000".utf8))
  private static let event = Array("telephone-event/8000".utf8)
  private static let range = Array("0-16".utf8)
  private static let others = [3, 4, 9, 13, 15, 18].map { AudioFormat($0, name(of: $0)) }

  public static func telephoneEvent(_ payload: UInt8) -> AudioFormat {
    AudioFormat(payload, event, parameters: range)
  }

  /// PCMU and PCMA are what we can hear and speak ourselves.
  public var isSpoken: Bool { names(AudioFormat.pcmu) || names(AudioFormat.pcma) }
  public var isTelephoneEvent: Bool {
    encoding.count >= AudioFormat.eventName.utf8CodeUnitCount
      && encoding.starts(
        with: UnsafeBufferPointer(
          start: AudioFormat.eventName.utf8Start, count: AudioFormat.eventName.utf8CodeUnitCount))
  }
  private static let eventName: StaticString = "telephone-event/"

  public func names(_ other: AudioFormat) -> Bool { encoding == other.encoding }

  /// What the numbers below 96 mean without an rtpmap (RFC 3551 table 4), as far as telephones use them. Nothing is
  /// allocated: every description names these.
  static func fixed(_ payload: UInt8) -> [UInt8] {
    switch payload {
    case 0: pcmu.encoding
    case 8: pcma.encoding
    case 3, 4, 9, 13, 15, 18: others.first { $0.payload == payload }?.encoding ?? []
    default: []
    }
  }

  /// The names that nearly every description has, without an allocation; nil = another one.
  static func usual(_ octets: UnsafeRawBufferPointer, _ text: Range<Int>) -> [UInt8]? {
    if octets.equalsIgnoringCase("pcmu/8000", text) { return pcmu.encoding }
    if octets.equalsIgnoringCase("pcma/8000", text) { return pcma.encoding }
    if octets.equalsIgnoringCase("telephone-event/8000", text) { return event }
    return nil
  }

  private static func name(of payload: UInt8) -> [UInt8] {
    switch payload {
    case 3: Array("gsm/8000".utf8)
    case 4: Array("g723/8000".utf8)
    case 9: Array("g722/8000".utf8)
    case 13: Array("cn/8000".utf8)
    case 15: Array("g728/8000".utf8)
    case 18: Array("g729/8000".utf8)
    default: []
    }
  }
}
