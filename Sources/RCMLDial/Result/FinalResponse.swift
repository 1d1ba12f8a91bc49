import RCMLDocument

/// What an unanswered caller gets (spec M-30 … M-32).
public struct FinalResponse: Hashable, Sendable {
  public var code: UInt16
  /// Empty = the standard phrase of the code.
  public var phrase: [UInt8]
  public var reasons: [[UInt8]]

  public init(_ code: UInt16, phrase: [UInt8] = [], reasons: [[UInt8]] = []) {
    self.code = code
    self.phrase = phrase
    self.reasons = reasons
  }

  /// What of a Dial decides the code: its deciding leg, and how it ended.
  public struct Cause: Hashable, Sendable {
    public var hasTargets = true
    public var code: UInt16?
    public var phrase: [UInt8] = []
    public var reasons: [[UInt8]] = []
    public var ringTimedOut = false
    public var screening: DialResult.Screening?
    public var mediaFailed = false
    public var isHopLimit = false
    public var endedByHost = false
    public init() {}
  }

  /// The table of M-30, from the top (Q-11); a test reads it from `FinalResponse.table.md`.
  public init(_ cause: Cause) {
    if let code = cause.code, code >= 400, code != 401, code != 407, code != 487 {
      // M-31: code, phrase and Reason; nothing else of the response.
      self.init(code, phrase: cause.phrase, reasons: cause.reasons)
    } else if cause.code == 401 || cause.code == 407 {
      self.init(403)
    } else if let code = cause.code, code == 487 || (300..<400).contains(code) {
      self.init(480)
    } else if cause.ringTimedOut {
      self.init(408)
    } else if let screening = cause.screening, screening != .accepted {
      self.init(screening == .failed ? 500 : 480)
    } else if cause.mediaFailed {
      self.init(500)
    } else if cause.code == 200 {
      // It answered and left before the caller was told (D-27).
      self.init(480)
    } else if !cause.hasTargets {  // D-25, Q-12
      self.init(404)
    } else if cause.isHopLimit {
      self.init(483)
    } else if cause.endedByHost {
      self.init(480)
    } else {
      self.init(503)
    }
  }

  /// M-32: a document that could not be had or run. Of a voice request, 404 stays 404.
  public init(documentError text: String, isInitialNotFound: Bool) {
    self.init(
      isInitialNotFound ? 404 : 500,
      reasons: isInitialNotFound ? [] : [FinalResponse.reason(text)])
  }

  /// `SIP;cause=500;text="…"`, with nothing in it that could end the quoted string or the line.
  public static func reason(_ text: String) -> [UInt8] {
    let plain = text.utf8.prefix(120).map { octet -> UInt8 in
      octet < 0x20 || octet > 0x7e ? 0x20 : (octet == 0x22 || octet == 0x5c ? 0x27 : octet)
    }
    return Array(#"SIP;cause=500;text=""#.utf8) + plain + [0x22]
  }
}
