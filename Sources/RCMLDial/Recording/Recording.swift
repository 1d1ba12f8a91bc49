import RCMLBasics

/// A finished recording as requests name it (spec P-60).
public struct Recording: Hashable, Sendable {
  public var url: String
  /// `RE` and 32 hex digits.
  public var sid: String
  /// Whole seconds, rounded down.
  public var duration: Int

  public init(url: String, sid: String, duration: Int) {
    self.url = url
    self.sid = sid
    self.duration = duration
  }

  public var parameters: [Parameter] {
    [
      Parameter("RecordingUrl", url), Parameter("RecordingSid", sid),
      Parameter("RecordingDuration", "\(duration)"),
    ]
  }

  /// The name of a new one.
  public static func makeSid(from random: inout RandomSource) -> String {
    var name = ByteWriter(capacity: 34)
    name.append("RE")
    name.appendHex(random.next())
    name.appendHex(random.next())
    return name.finishText()
  }

  /// Where the one of that name lies below a folder, or a URL (P-60).
  public static func place(of sid: String, below base: String) -> String {
    base + (base.hasSuffix("/") ? "" : "/") + sid + ".wav"
  }
}
